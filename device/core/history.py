"""The last half minute of loads, for what can only be measured when a lift is over."""

from __future__ import annotations

import numpy as np

from device.core.types import FloatArray

HISTORY_TICKS = 1500
"""30 s at 50 ticks a second: the longest hold that is still a rep, and the rest before it."""


class History:
    """Ticks in order of time, in two halves of one array so that a slice is always contiguous."""

    def __init__(self, width: int) -> None:
        self._t_s = np.zeros(2 * HISTORY_TICKS)
        self._rows = np.zeros((2 * HISTORY_TICKS, width))
        self._end = 0

    def append(self, t_s: float, row: FloatArray) -> None:
        if self._end == 2 * HISTORY_TICKS:
            self._t_s[:HISTORY_TICKS] = self._t_s[HISTORY_TICKS:]
            self._rows[:HISTORY_TICKS] = self._rows[HISTORY_TICKS:]
            self._end = HISTORY_TICKS
        self._t_s[self._end] = t_s
        self._rows[self._end] = row
        self._end += 1

    def since(self, t_s: float) -> tuple[FloatArray, FloatArray]:
        """Times (k,) and rows (k, width) from `t_s` on, at most `HISTORY_TICKS` of them.

        They are views: copy what is to be kept.
        """
        first = max(0, self._end - HISTORY_TICKS)
        start = first + int(np.searchsorted(self._t_s[first : self._end], t_s))
        return self._t_s[start : self._end], self._rows[start : self._end]

    def clear(self) -> None:
        self._end = 0
