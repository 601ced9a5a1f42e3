"""What looks like a lift and is none, with the reason that a member can use."""

from __future__ import annotations

from math import nan

from device.core.lift import (
    KNEE_MOST,
    LOW_SHORTEST_S,
    SHORTEST_REP_S,
    TORSO_LEAST,
    LegLift,
)
from device.core.types import Miss

TWITCH_S = 0.35
"""A leg that was off the mat for a shorter time was not lifted."""
FOOT_OFF, FOOT_BACK = 0.4, 0.6
KNEE_ON, THIGH_ON = 0.6, 0.7
"""Shares of rest load: with the knee bent its strip carries more than at rest, the thigh's as much
as before."""
BENT_S, LONGEST_BENT_S = 1.0, 8.0
"""A knee that is bent for longer is how somebody chose to lie."""


def why_missed(lift: LegLift) -> Miss | None:
    """Why this was no rep; None for what was no try at all, as getting up or sliding a leg."""
    if lift.torso < TORSO_LEAST or lift.duration_s < TWITCH_S or lift.knee > KNEE_MOST:
        return None
    if lift.duration_s < SHORTEST_REP_S:
        return Miss.TOO_SHORT
    return Miss.HALF_LIFT if lift.duration_s >= LOW_SHORTEST_S else None


class BendWatch:
    """One leg that lies: has its foot been up, knee and thigh on the mat?"""

    def __init__(self) -> None:
        self._since_s = nan
        self._plain = False

    def update(self, t_s: float, up: bool, foot: float, knee: float, thigh: float) -> bool:
        """One tick, with the shares of rest load; True when a bent knee has just been put down."""
        if up or not (knee > KNEE_ON and thigh > THIGH_ON):
            self._plain = False
        if foot < FOOT_OFF:
            if self._since_s != self._since_s:
                self._since_s, self._plain = t_s, knee > KNEE_ON and thigh > THIGH_ON and not up
            return False
        if not foot > FOOT_BACK or self._since_s != self._since_s:
            return False
        lasted_s, self._since_s = t_s - self._since_s, nan
        return self._plain and BENT_S <= lasted_s <= LONGEST_BENT_S

    def reset(self) -> None:
        """Nobody lies here any more."""
        self._since_s, self._plain = nan, False
