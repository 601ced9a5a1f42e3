"""Finds left and right strips of ribs and belly that are plugged in the wrong way round.

A lifted leg leans the trunk onto its own side: the ribs' and the belly's strip of the lifted side
gain more than those of the other in 96 of 100 lifts, clean or arched (recordings of a simulated
person). One body may lean the other way; that a row does so in lifts of either leg means that its
plugs are exchanged. The hip bones cannot be told so: which gains more is a question of roll.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from device.core.evidence import PLATEAU
from device.core.mat import Mat
from device.core.rep_trace import RepTrace
from device.core.types import Side

ROWS = ("ribs", "abdomen")
LIFTS = 3
"""Of each leg, before anything is said."""
REMEMBERED = 8
WRONG_PCT = -1.0
"""Mean gain of the lifted over the resting side, % of body weight, below which a row is swapped.
Lifts of neither leg may show the row right."""
MOST_PCT = 8.0
"""A single lift counts for at most this much."""


class TorsoSwapWatch:
    """Fed with each finished rep."""

    def __init__(self, mat: Mat) -> None:
        pairs = {row: (mat.indices(row, "left"), mat.indices(row, "right")) for row in ROWS}
        self._pairs = {
            row: (list(left), list(right)) for row, (left, right) in pairs.items() if left and right
        }
        self.forget()

    def forget(self) -> None:
        """Somebody else lies here."""
        self._gains = {
            row: {side: deque[float](maxlen=REMEMBERED) for side in (Side.LEFT, Side.RIGHT)}
            for row in self._pairs
        }

    def update(self, trace: RepTrace) -> str | None:
        """One rep; the row that has been found swapped, once."""
        if trace.side is Side.BOTH or not trace.end_s > trace.start_s:
            return None
        after = (trace.t_s - trace.start_s) / (trace.end_s - trace.start_s)
        held = trace.loads_pct[(after > PLATEAU[0]) & (after < PLATEAU[1])]
        if not len(held):
            return None
        gained = held.mean(axis=0) - trace.rest_pct
        for row, (left, right) in self._pairs.items():
            gain = float(gained[left].sum() - gained[right].sum())
            gain = gain if trace.side is Side.LEFT else -gain
            if not np.isfinite(gain):
                continue
            gains = self._gains[row]
            gains[trace.side].append(min(max(gain, -MOST_PCT), MOST_PCT))
            means = [sum(of) / len(of) for of in gains.values() if len(of) >= LIFTS]
            if len(means) < len(gains) or max(means) > 0.0:
                continue
            if sum(means) / len(means) < WRONG_PCT:
                for of in gains.values():
                    of.clear()
                return row
        return None
