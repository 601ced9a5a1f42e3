"""What addresses ask for after their question mark, within bounds that the database takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request

MOST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


class QueryError(ValueError):
    """A part of an address that cannot be; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Query:
    """A part of an address: its name, its type, what it is for, and the bounds of a number."""

    name: str
    kind: type[Any]
    words: str
    low: int = 1
    high: int = MOST
    default: Any = None

    def value(self) -> Any:
        """What the present request asks for; `QueryError` says what is wrong."""
        text = request.args.get(self.name)
        if text is None:
            return self.default
        if self.kind is int:
            return self._whole(text)
        if self.kind is str:
            return text[:200]
        try:
            return date.fromisoformat(text) if self.kind is date else UUID(text)
        except ValueError:
            raise QueryError(f"'{self.name}' is not a {self._what}.") from None

    def forgiving(self) -> Any:
        """The same for a page: what cannot be is as if it were not asked for."""
        try:
            return self.value()
        except QueryError:
            return self.default

    @property
    def _what(self) -> str:
        return "day such as 2026-05-01" if self.kind is date else "UUID"

    def _whole(self, text: str) -> int:
        if text.isascii() and text.isdigit() and self.low <= int(text[:20]) <= self.high:
            return int(text)
        raise QueryError(f"'{self.name}' must be a whole number from {self.low} to {self.high}.")


BEFORE = Query("before", int, "Only those before this position: the page after.")
