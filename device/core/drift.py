"""Finds strips whose zero has drifted away, while nobody lies on the mat."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

EMPTY_S = 120.0
"""After a visit an FSR's conductance takes a minute or two to come back."""
DRIFTED_N = 3.0
"""A tenth of what a well-loaded strip carries at rest, and more than temperature does to one."""
BACK_N = 2.0


class DriftWatch:
    """Fed with the forces at every tick of an empty mat, and told when somebody is there."""

    def __init__(self) -> None:
        self._empty_since_s = nan
        self._next_s = nan
        self.drifted: set[int] = set()

    def somebody(self) -> None:
        """The mat is not empty."""
        self._empty_since_s = nan

    def update(self, t_s: float, forces_n: Sequence[float]) -> bool:
        """One tick of an empty mat; True when `drifted` has changed."""
        if self._empty_since_s != self._empty_since_s:
            self._empty_since_s, self._next_s = t_s, t_s + EMPTY_S
        if t_s < self._next_s:
            return False
        self._next_s = t_s + 1.0
        before = set(self.drifted)
        for index, force in enumerate(forces_n):
            if abs(force) > DRIFTED_N:
                self.drifted.add(index)
            elif abs(force) < BACK_N:
                self.drifted.discard(index)
        return self.drifted != before
