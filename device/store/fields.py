"""What may stand in the fields of a member and of a programme: their ranges, and the sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from device.errors import FieldError

LONGEST_NAME = 80
LONGEST_NOTES = 4000
CODE_DIGITS = 4

Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number; `unit` is for the sentence."""

    low: float
    high: float
    unit: str


HEIGHT_CM = Range(100.0, 230.0, "cm")
MASS_KG = Range(25.0, 250.0, "kg")
SETS = Range(1, 10, "sets")
REPS = Range(1, 50, "lifts")
LIFT_S = Range(0.5, 10.0, "s")
HOLD_S = Range(0.0, 30.0, "s")
REST_S = Range(5.0, 600.0, "s")
ANKLE_WEIGHT_KG = Range(0.25, 20.0, "kg")
RETENTION_DAYS = Range(1, 36500, "days")


def checked(given: Mapping[str, Any], checks: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Each given field through its check; `FieldError` names all that are wrong.

    A check returns the value or raises `ValueError` with the sentence.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, value in given.items():
        check = checks.get(field)
        if check is None:
            wrong[field] = f"There is no field '{field}'; there are {', '.join(checks)}."
            continue
        try:
            values[field] = check(value)
        except ValueError as error:
            wrong[field] = str(error)
    if wrong:
        raise FieldError(wrong)
    return values


def name(value: Any) -> str:
    """A name or nickname on one line."""
    text = " ".join(str(value if value is not None else "").split())
    if not text:
        raise ValueError("Write a name; a nickname will do.")
    return _printable(text, LONGEST_NAME)


def notes(value: Any) -> str:
    """Free text on several lines."""
    lines = str(value if value is not None else "").strip().splitlines()
    return "\n".join(_printable(line, LONGEST_NOTES) for line in lines)[:LONGEST_NOTES]


def code(value: Any) -> str | None:
    """Four digits, or nothing."""
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    if len(text) != CODE_DIGITS or not (text.isascii() and text.isdigit()):
        raise ValueError("A code is four digits, such as 0427.")
    return text


def number(within: Range) -> Callable[[Any], float]:
    """A number within the range; text may have a decimal comma."""

    def check(value: Any) -> float:
        asked = f"Write a number from {within.low:g} to {within.high:g} {within.unit}."
        if isinstance(value, bool):
            raise ValueError(asked)
        try:
            found = float(str(value).strip().replace(",", "."))
        except ValueError:
            raise ValueError(asked) from None
        if not math.isfinite(found) or not within.low <= found <= within.high:
            raise ValueError(asked)
        return found

    return check


def whole(within: Range) -> Callable[[Any], int]:
    """A whole number within the range."""
    any_number = number(within)

    def check(value: Any) -> int:
        found = any_number(value)
        if found != int(found):
            raise ValueError(
                f"Write a whole number from {within.low:g} to {within.high:g} {within.unit}."
            )
        return int(found)

    return check


def maybe(check: Callable[[Any], Checked]) -> Callable[[Any], Checked | None]:
    """The same, or nothing."""

    def either(value: Any) -> Checked | None:
        empty = value is None or (isinstance(value, str) and not value.strip())
        return None if empty else check(value)

    return either


def one_of(kind: type[StrEnum]) -> Callable[[Any], str]:
    """A word of a list."""

    def check(value: Any) -> str:
        try:
            return kind(str(value)).value
        except ValueError:
            raise ValueError(f"Choose one of {', '.join(kind)}.") from None

    return check


def moment(value: Any) -> datetime:
    """A time in UTC; a date stands for its noon, which is that date in most of the world."""
    found = value
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found.strip())
        except ValueError:
            raise ValueError("Write a date such as 2026-05-01.") from None
        if found.time() == time.min and len(value.strip()) <= len("2026-05-01"):
            found = found.date()
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time(12), UTC)
    if not isinstance(found, datetime):
        raise ValueError("Write a date such as 2026-05-01.")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _printable(text: str, longest: int) -> str:
    if not text.isprintable():
        raise ValueError("Leave out what cannot be printed.")
    if len(text) > longest:
        raise ValueError(f"Write at most {longest} letters.")
    return text
