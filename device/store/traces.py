"""How one rep went, packed small: row loads, T, R and phase at 20 instants a second.

Lists of numbers are kept as whole steps from one to the next, which compress to a third of what the
numbers themselves do: a year of a busy gym is some hundred thousand of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

LEVEL = 6
DIGITS, TIME_DIGITS = 1, 2
"""A tenth of a per cent of body weight, where breathing alone moves ten times that, and a hundredth
of a second, where the mat is read as often."""
DIGITS_KEY, STEPS_KEY = "digits", "steps"


def pack_trace(document: Mapping[str, Any]) -> bytes:
    """A trace as bytes: a lift of five seconds takes 1.3 kB. Numbers under a key that ends in `_s`
    are seconds; what is not finite becomes null."""
    text = json.dumps(_packed(document, DIGITS), separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), LEVEL)


def unpack_trace(packed: bytes) -> dict[str, Any]:
    """The document that `pack_trace` was given, rounded."""
    document: dict[str, Any] = _unpacked(json.loads(zlib.decompress(packed)))
    return document


def _packed(value: Any, digits: int) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): _packed(item, TIME_DIGITS if str(key).endswith("_s") else DIGITS)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, float) for item in value):
            return {DIGITS_KEY: digits, STEPS_KEY: _steps(value, 10**digits)}
        return [_packed(item, digits) for item in value]
    if isinstance(value, float):
        return round(value, digits) if _is_finite(value) else None
    return value


def _steps(values: Sequence[float], scale: int) -> list[int | None]:
    steps: list[int | None] = []
    last = 0
    for value in values:
        if _is_finite(value):
            now = round(value * scale)
            steps.append(now - last)
            last = now
        else:
            steps.append(None)
    return steps


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {DIGITS_KEY, STEPS_KEY}:
            return _numbers(value[STEPS_KEY], 10 ** value[DIGITS_KEY])
        return {key: _unpacked(item) for key, item in value.items()}
    return [_unpacked(item) for item in value] if isinstance(value, list) else value


def _numbers(steps: Sequence[int | None], scale: int) -> list[float | None]:
    numbers: list[float | None] = []
    last = 0
    for step in steps:
        last += step or 0
        numbers.append(None if step is None else last / scale)
    return numbers


def _is_finite(value: float) -> bool:
    return value - value == 0
