"""What somebody typed into a form, kept as it was typed, with a sentence for each wrong field.

What is allowed stands in `device.store.fields`; whether the request was meant is the gate's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from device.errors import FieldError, PronematError


@dataclass
class Typed:
    """The texts of a form's fields by their names, and what is wrong with them."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def status(self) -> int:
        """The answer's: 200, or 422 where something is wrong."""
        return 422 if self.wrong else 200

    def refuse(self, error: FieldError) -> None:
        """Keep what the store says of the fields."""
        self.wrong.update(error.fields)


def typed(*names: str) -> Typed:
    """These fields of the request's form; a field that was not sent is empty."""
    return Typed({name: request.form.get(name, "") for name in names})


def untouched(values: Mapping[str, object]) -> Typed:
    """A form as it is first shown, with these values in it; None is an empty field."""
    return Typed({name: _text(value) for name, value in values.items()})


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def sentence(error: PronematError) -> str:
    """What an error says, as a sentence of a page."""
    return capitalised(str(error))


def capitalised(text: str) -> str:
    """With a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]
