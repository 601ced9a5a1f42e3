"""Finds left and right strips of the torso that are plugged in the wrong way round.

A lifted leg leans the trunk onto its own side: the ribs' and the belly's strip of the lifted side
gain more than those of the other in 96 of 100 lifts, clean or arched (recordings of a simulated
person). Which hip bone gains more is a question of roll, but not at once: as the foot leaves, the
leg's weight comes onto the hip bone of its own side, before any pelvis has rolled (79 of 100 lifts,
and their mean in 54 of 55 sessions). One body may do otherwise; that a row does so in
lifts of either leg means that its plugs are exchanged.

Over the recordings with the hip bones' columns exchanged it is told in 24 of the 31 sessions with
four sound lifts of each leg, and in none of the 72 as they are. Three lifts of each would accuse
one, whose knee strip is loose.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from device.core.evidence import PLATEAU
from device.core.mat import Mat
from device.core.rep_trace import RepTrace
from device.core.types import Side

LEANING_ROWS = ("ribs", "abdomen")
"""Read in the middle of a lift."""
HIPS = "asis"
LEAVING_S = (-0.15, 0.05)
"""Read while the foot leaves: from and to, seconds from the start of the lift."""
LIFTS, HIPS_LIFTS = 3, 4
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
        pairs = {
            row: (mat.indices(row, "left"), mat.indices(row, "right"))
            for row in (*LEANING_ROWS, HIPS)
        }
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
        after_s = trace.t_s - trace.start_s
        share = after_s / (trace.end_s - trace.start_s)
        held = trace.loads_pct[(share > PLATEAU[0]) & (share < PLATEAU[1])]
        leaving = trace.loads_pct[(after_s > LEAVING_S[0]) & (after_s < LEAVING_S[1])]
        if not (len(held) and len(leaving)):
            return None
        leaned = held.mean(axis=0) - trace.rest_pct
        # When a foot leaves is told by all strips of the legs together.
        sound = bool(np.isfinite(trace.rest_pct).all())
        left_from = leaving.mean(axis=0) - trace.rest_pct if sound else np.full_like(leaned, np.nan)
        for row, (left, right) in self._pairs.items():
            gained = left_from if row == HIPS else leaned
            gain = float(gained[left].sum() - gained[right].sum())
            gain = gain if trace.side is Side.LEFT else -gain
            if not np.isfinite(gain):
                continue
            gains = self._gains[row]
            gains[trace.side].append(min(max(gain, -MOST_PCT), MOST_PCT))
            least = HIPS_LIFTS if row == HIPS else LIFTS
            means = [sum(of) / len(of) for of in gains.values() if len(of) >= least]
            if len(means) < len(gains) or max(means) > 0.0:
                continue
            if sum(means) / len(means) < WRONG_PCT:
                for of in gains.values():
                    of.clear()
                return row
        return None
