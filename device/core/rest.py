"""The rest load of every strip: taken when the body is still, tracked, frozen in a lift.

FSRs creep by 11 to 22 % of their load per tenfold of time and return late from a load, so rest is
followed between lifts and taken anew after each landing and each shift of position. The work is
done on blocks of ten ticks: a block counts only if every loaded strip was steady in it.
"""

from __future__ import annotations

import numpy as np

from device.core.types import FloatArray

BLOCK_TICKS = 10
"""0.2 s: five blocks fit into a short rest between two reps."""
STEADY_SHARE = 0.15
"""Breathing moves a row by 1 to 4 %, creep less; the start of a lift by far more within a block."""
STEADY_N = 0.6
"""A lightly loaded strip may flicker by this much and still be at rest."""
MOST_UNSTEADY = 2
"""Strips of a block that may be unsteady: a hand that moves does not stop the rest of the body."""
TAU_BLOCKS = 10.0
"""Two seconds: slower than a breath's slope, faster than creep after a landing."""
FIRST_BLOCKS = 3
"""Steady blocks that make the first rest load."""
SETTLED_BLOCKS = 5
"""A second of rest since the last landing, before a position is spoken of."""
LANDING_TICKS = 10
"""What a landing shakes is over after 0.2 s."""
SHIFT_BLOCKS = 20
"""Loads that look like no rest known before (a knee bend, a slow lift's beginning) are taken for a
new position after four steady seconds; knee bends and half-lifts seldom last as long."""


class RestTracker:
    """Follows the rest load; `rest_n` is None until the body has been still once."""

    def __init__(self, size: int) -> None:
        self._sum = np.zeros(size)
        self._low = np.full(size, np.inf)
        self._high = np.full(size, -np.inf)
        self._strange_ticks = np.zeros(size)
        self._strange_blocks = np.zeros(size)
        self.rest_n: FloatArray | None = None
        self.rest_list: list[float] = []
        self.weight_n = 0.0
        self.steady = False
        self._ticks = 0
        self._skip = 0
        self._blocks = 0
        self._unsteady_blocks = 0

    def update(self, force_n: FloatArray, strange: tuple[int, ...] = ()) -> None:
        """One tick at which no leg is up; `strange` are the strips whose load is far from the rest
        known so far."""
        if self._skip > 0:
            self._skip -= 1
            return
        self._sum += force_n
        np.fmin(self._low, force_n, out=self._low)
        np.fmax(self._high, force_n, out=self._high)
        for strip in strange:
            self._strange_ticks[strip] += 1.0
        self._ticks += 1
        if self._ticks >= BLOCK_TICKS:
            self._close_block()

    @property
    def settled(self) -> bool:
        """Whether the rest load has been followed for a second since it was taken anew."""
        return self.rest_n is not None and self._blocks >= SETTLED_BLOCKS

    def _close_block(self) -> None:
        mean = self._sum / self._ticks
        unsteady = (self._high - self._low) > np.maximum(STEADY_N, STEADY_SHARE * mean)
        strange = self._strange_ticks > 0.0
        self.interrupt()
        self.steady = int(np.count_nonzero(unsteady)) <= MOST_UNSTEADY
        if not self.steady:
            self._unsteady_blocks += 1
            self._strange_blocks[:] = 0.0
            if self._unsteady_blocks >= 2:
                self._blocks = min(self._blocks, 1)
            return
        self._unsteady_blocks = 0
        self._blocks += 1
        if self.rest_n is None:
            if self._blocks >= FIRST_BLOCKS:
                self._set(mean)
            return
        self._strange_blocks = np.where(strange, self._strange_blocks + 1.0, 0.0)
        share = max(1.0 / (self._blocks + 1.0), 1.0 / TAU_BLOCKS)
        moved = np.where(np.isfinite(self.rest_n), self.rest_n + share * (mean - self.rest_n), mean)
        keep = np.isnan(mean) | (strange & (self._strange_blocks < SHIFT_BLOCKS))
        self._set(np.where(keep, self.rest_n, moved))

    def _set(self, rest_n: FloatArray) -> None:
        self.rest_n = rest_n
        self.rest_list = rest_n.tolist()
        self.weight_n = float(np.nansum(np.maximum(rest_n, 0.0)))

    def interrupt(self) -> None:
        """Throw the running block away: a leg went up."""
        if self._ticks:
            self._sum[:] = 0.0
            self._low[:] = np.inf
            self._high[:] = -np.inf
            self._strange_ticks[:] = 0.0
            self._ticks = 0

    def landed(self) -> None:
        """A leg came back: weigh what follows as much as all that was before."""
        self.interrupt()
        self._skip = LANDING_TICKS
        self._blocks = 0

    def swap(self, pairs: list[tuple[int, int]]) -> None:
        """Two strips turned out to be each other."""
        if self.rest_n is not None:
            rest_n = self.rest_n.copy()
            for one, other in pairs:
                rest_n[[one, other]] = rest_n[[other, one]]
            self._set(rest_n)

    def forget(self) -> None:
        """Nobody lies here any more."""
        self.interrupt()
        self.rest_n = None
        self.rest_list = []
        self.weight_n = 0.0
        self.steady = False
        self._strange_blocks[:] = 0.0
        self._blocks = self._unsteady_blocks = self._skip = 0
