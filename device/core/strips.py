"""Finds strips that cannot be trusted, from their counts alone, while anybody or nobody lies there.

The core goes on without them. A problem is said once when found and once when it has gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from device.core.filtering import Tick
from device.core.mat import Mat
from device.core.types import FloatArray, StripEvent

PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "silent": "gives no readings: its chip does not answer",
        "open": "is open: its wire or its plug has come off",
        "loose": "has a loose contact: it drops out now and then",
        "shorted": "is shorted, or pressed far beyond its range",
        "stuck": "does not move while everything around it does",
        "swapped": "is plugged in on the other side; it is read the right way round meanwhile",
        "drifting": "does not come back to zero on the empty mat; tare it or take its points again",
    }
)
"""Each problem with its half sentence after the strip's name."""
UNUSABLE = frozenset({"silent", "open", "shorted", "stuck"})
"""With these the strip is left out. A loose one is used while it reads; of a drifting one only the
change from rest is used, as of all."""

BLOCK_TICKS = 25
"""Strips are looked at twice a second."""
WHOLE_BLOCKS = 2
"""One second without any sound reading."""
GOOD_BLOCKS = 10
"""Five good seconds make a strip sound again."""
LOOSE_SCORE, LOOSE_MEMORY = 2.5, 0.96
"""Half-second blocks with a drop-out, forgotten over some 12 s: three soon after one another."""
SHORT_SHARE = 0.93
"""Of the supply: over ten times the conductance of a strip under a whole body."""
STUCK_COUNTS = 14.0
"""Noise moves a tick's mean by 2 to 5 counts, a breath a loaded strip by 20 and more."""
LIVELY_COUNTS, LIVELY_SHARE = 60.0, 0.3
"""A block is lively when so large a share of all strips moved by so much."""
STUCK_BLOCKS = 24
"""Twelve lively seconds, some three lifts, without a move."""


class StripWatch:
    """Watches all strips; `bad` maps the index of each troubled strip to its problem."""

    def __init__(self, mat: Mat) -> None:
        self._names = mat.names
        size = len(mat.names)
        electronics = mat.electronics
        self._short_counts = SHORT_SHARE * electronics.supply_v / electronics.volts_per_count
        self._low: FloatArray = np.full(size, np.inf)
        self._high: FloatArray = np.full(size, -np.inf)
        self._open = np.zeros(size)
        self._ticks = 0
        self._whole = {problem: np.zeros(size) for problem in ("silent", "open", "shorted")}
        self._loose = np.zeros(size)
        self._still_low: FloatArray = np.full(size, np.inf)
        self._still_high: FloatArray = np.full(size, -np.inf)
        self._still_blocks = np.zeros(size)
        self._good = np.zeros(size)
        self._told: dict[int, str] = {}
        self.bad: dict[int, str] = {}

    @property
    def unusable(self) -> list[int]:
        """Indices of the strips to leave out."""
        return [index for index, problem in self.bad.items() if problem in UNUSABLE]

    def accuse(self, problem: str, strips: set[int], at_s: float) -> list[StripEvent]:
        """Exactly these strips have a problem that was found by their loads, not their counts."""
        for index in [index for index, told in self._told.items() if told == problem]:
            if index not in strips:
                del self._told[index]
                self._good[index] = GOOD_BLOCKS
        for index in strips:
            self._told.setdefault(index, problem)
        return self._compare(at_s)

    def update(self, tick: Tick, at_s: float) -> list[StripEvent]:
        """One tick of counts; what has become bad or good, usually nothing."""
        counts = tick.counts[:-1]
        np.fmin(self._low, counts, out=self._low)
        np.fmax(self._high, counts, out=self._high)
        for channel in tick.open_channels:
            if channel < len(self._open):
                self._open[channel] += 1.0
        self._ticks += 1
        if self._ticks < BLOCK_TICKS:
            return []
        return self._close_block(at_s)

    def _close_block(self, at_s: float) -> list[StripEvent]:
        low, high, opened = self._low, self._high, self._open / self._ticks
        size = len(low)
        self._low, self._high = np.full(size, np.inf), np.full(size, -np.inf)
        self._open, self._ticks = np.zeros(size), 0
        unread = np.isinf(low)
        self._count("open", unread & (opened > 0.0))
        self._count("silent", unread & (opened <= 0.0))
        self._count("shorted", ~unread & (low >= self._short_counts))
        self._loose = self._loose * LOOSE_MEMORY + ((opened > 0.0) & ~unread)
        self._follow_stillness(low, high, unread)
        return self._compare(at_s)

    def _count(self, problem: str, now: np.ndarray) -> None:
        self._whole[problem] = np.where(now, self._whole[problem] + 1.0, 0.0)

    def _follow_stillness(self, low: FloatArray, high: FloatArray, unread: np.ndarray) -> None:
        moved = np.where(unread, 0.0, high - low)
        self._still_low = np.minimum(self._still_low, low)
        self._still_high = np.maximum(self._still_high, high)
        if float(np.mean(moved > LIVELY_COUNTS)) >= LIVELY_SHARE:
            self._still_blocks += 1.0
        alive = (self._still_high - self._still_low > STUCK_COUNTS) | unread
        self._still_blocks[alive] = 0.0
        self._still_low[alive] = low[alive]
        self._still_high[alive] = high[alive]

    def _compare(self, at_s: float) -> list[StripEvent]:
        found: dict[int, str] = {}
        for problem, blocks in self._whole.items():
            for index in np.flatnonzero(blocks >= WHOLE_BLOCKS).tolist():
                found[index] = problem
        for index in np.flatnonzero(self._still_blocks >= STUCK_BLOCKS).tolist():
            found.setdefault(index, "stuck")
        for index in np.flatnonzero(self._loose >= LOOSE_SCORE).tolist():
            if self._whole["open"][index] < GOOD_BLOCKS:
                found[index] = "loose"
        found = {**self._told, **found}
        if not found and not self.bad:
            return []
        events = []
        for index, problem in found.items():
            self._good[index] = 0.0
            if self.bad.get(index) != problem:
                self.bad[index] = problem
                events.append(StripEvent(at_s, self._names[index], problem))
        for index in [index for index in self.bad if index not in found]:
            self._good[index] += 1.0
            if self._good[index] >= GOOD_BLOCKS:
                del self.bad[index]
                events.append(StripEvent(at_s, self._names[index], None))
        return events
