"""Does this leg lie on the mat? Evidence at every tick, and the moment at which it changed.

The evidence is a sum of what is left of the rest loads of foot, knee and thigh; its weights are
those of a logistic regression on the recordings (`lies` against `is lifted`), rounded. A change is
believed when the evidence against the present state has added up (a CUSUM test), so strong evidence
acts within two ticks and weak evidence waits; the change is dated to where the sum began.
"""

from __future__ import annotations

from math import nan

BIAS, FOOT, KNEE, THIGH = -7.5, 2.5, 6.0, 10.4
"""Log odds that the leg lies. The thigh is the surest sign, so it may not say more than it knows:
only the first half of its rest load counts, for a half-lift leaves as much."""
THIGH_CAP = 0.5
LOW_BIAS, LOW_KNEE, LOW_THIGH = -7.0, 10.0, 11.0
"""The same once the leg was high: when the thigh comes back the foot is nearly down, though two
quick reps may leave foot and knee hardly a touch."""
HIGH_BELOW, HIGH_TICKS = 0.25, 15
"""Thigh and knee under this share for 0.3 s: the leg is high."""
ENOUGH = 2.0
"""Summed log odds, per tick of 20 ms, at which a change is believed."""


def lies(foot: float, knee: float, thigh: float, was_high: bool) -> float:
    """Log odds that the leg lies, from the shares of rest load left under it.

    NaN marks a strip that says nothing: its neighbour along the leg speaks for it. With none at
    all the leg is taken to lie.
    """
    if foot != foot:
        foot = knee if knee == knee else thigh
    if knee != knee:
        knee = foot
    if thigh != thigh:
        thigh = knee
        if thigh != thigh:
            return ENOUGH
    foot = min(foot, 1.0)
    knee = min(knee, 1.0)
    thigh = min(thigh, THIGH_CAP)
    odds = BIAS + FOOT * foot + KNEE * knee + THIGH * thigh
    if was_high:
        odds = max(odds, LOW_BIAS + FOOT * foot + LOW_KNEE * knee + LOW_THIGH * thigh)
    return odds


class LegWatch:
    """One leg, up or down. `up_s` and `back_s` date the last changes."""

    def __init__(self) -> None:
        self.up = False
        self.up_s = nan
        self.back_s = nan
        self._high = False
        self._high_ticks = 0
        self._against = 0.0
        self._since_s = nan

    def update(self, t_s: float, foot: float, knee: float, thigh: float) -> bool:
        """One tick; True when the leg has just gone up or come back."""
        if not (knee >= HIGH_BELOW or thigh >= HIGH_BELOW):
            self._high_ticks += 1
            self._high = self._high or self._high_ticks >= HIGH_TICKS
        else:
            self._high_ticks = 0
        odds = lies(foot, knee, thigh, self.up and self._high)
        if self._against <= 0.0:
            self._since_s = t_s
        self._against = max(0.0, self._against + (odds if self.up else -odds))
        if self._against <= ENOUGH:
            return False
        self._against = 0.0
        self.up = not self.up
        if self.up:
            self.up_s = self._since_s
            self._high, self._high_ticks = False, 0
        else:
            self.back_s = self._since_s
        return True

    def reset(self) -> None:
        """Take the leg to lie again."""
        self.up = False
        self._against = 0.0
        self.up_s = self.back_s = nan
