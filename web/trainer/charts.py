"""What a plot shows, once for the picture and once for the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

Kind = Literal["line", "bar", "stacked"]
Tone = Literal["accent", "warn", "ink", "unsure"]
"""Colours of the style sheet; lines of other tones than `accent` are broken too, so that colour is
not all that tells them apart."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars; None where there is nothing to show."""

    name: str
    values: Sequence[float | None]
    tone: Tone = "accent"


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot over `labels`. `low` and `high` are the least that its axis spans."""

    key: str
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    kind: Kind = "line"
    low: float | None = 0.0
    high: float | None = None
    decimals: int = 0
    over: str = "Week of"
    """What the labels are, as the head of the table's first column."""

    @property
    def empty(self) -> bool:
        """Whether there is no value at all."""
        return all(value is None for series in self.series for value in series.values)

    def json(self) -> dict[str, Any]:
        """The plot as the page's script draws it."""
        return _document(self) | {
            "series": [_document(one) for one in self.series],
            "empty": self.empty,
        }

    def rows(self) -> list[tuple[str, list[str]]]:
        """The table: each label with a text for each series."""
        return [
            (label, [self.words(series.values[place]) for series in self.series])
            for place, label in enumerate(self.labels)
        ]

    def words(self, value: float | None) -> str:
        """A value with its unit, a dash for none."""
        return "-" if value is None else f"{value:.{self.decimals}f} {self.unit}".rstrip()


def percent(part: float, whole: float) -> float | None:
    """The share in per cent; None of nothing."""
    return 100.0 * part / whole if whole else None


def _document(part: Chart | Series) -> dict[str, Any]:
    # Not `asdict`, which copies every single value: a third of what a page with plots takes.
    return {field.name: getattr(part, field.name) for field in fields(part)}
