"""Left against right over some reps, with how sure the difference is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from device.core.types import Rep, Side

FEWEST = 2
"""Reps of each side: with one there is no spread, and so no uncertainty."""
SURE = 2.0
"""Standard errors from zero at which a difference is called one (about 95 %)."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """The mean of the right reps less that of the left ones, in the number's own unit."""

    key: str
    left: float
    right: float
    difference: float
    standard_error: float

    @property
    def sure(self) -> bool:
        """Whether the sides differ by more than chance would make them."""
        return abs(self.difference) > SURE * self.standard_error


def symmetry(reps: Iterable[Rep], key: str) -> Symmetry | None:
    """Compare a number of `Rep.numbers`, or `lift_s`, `hold_s` or `lower_s`, between the sides.

    None with fewer than two reps a side that carry it. Unequal spreads are allowed (Welch).
    """
    values: dict[Side, list[float]] = {Side.LEFT: [], Side.RIGHT: []}
    for rep in reps:
        if rep.side in values:
            value = _value(rep, key)
            if value is not None:
                values[rep.side].append(value)
    left, right = values[Side.LEFT], values[Side.RIGHT]
    if min(len(left), len(right)) < FEWEST:
        return None
    mean_left, mean_right = sum(left) / len(left), sum(right) / len(right)
    error = sqrt(_variance(left, mean_left) / len(left) + _variance(right, mean_right) / len(right))
    return Symmetry(key, mean_left, mean_right, mean_right - mean_left, error)


def _value(rep: Rep, key: str) -> float | None:
    if key in ("lift_s", "hold_s", "lower_s"):
        return float(getattr(rep, key))
    return rep.numbers.get(key)


def _variance(values: list[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
