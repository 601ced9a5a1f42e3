"""Does this leg lie on the mat? Evidence at every tick, and the moment at which it changed.

The evidence is a sum of what is left of the rest loads of foot, knee and thigh; its weights are
those of a logistic regression on the recordings (`lies` against `is lifted`), rounded. A change is
believed when the evidence against the present state has added up (a CUSUM test), so strong evidence
acts within two ticks and weak evidence waits; the change is dated to where the sum began.

Of 829 reps of the recordings 828 are told within 0.3 s of the load's return (median 0.03 s), 739
within 0.3 s of the foot's coming within a centimetre of the mat. Of the other 90, 88 are told 0.3
to 0.65 s after it: the foot hovers there, it and the knee bear nothing, the thigh half its load, as
in a leg that is still held low. To take for the end that a thigh has come back for 0.14 to 0.34 s,
to 0.3 to 0.55 of its rest load, leaves 58 to 81 of the 90, but ends 8 to 36 more reps over 0.3 s
too early and tells two to seven landings twice.
"""

from __future__ import annotations

from math import inf, nan

BIAS, FOOT, KNEE, THIGH = -7.5, 2.5, 6.0, 10.4
"""Log odds that the leg lies. Only the first half of the thigh's rest load counts: a half-lift
leaves as much. The foot counts half of what the regression gave it, for feet slide sideways and
the one that rests may come to lie on the strip of the one that is lifted."""
THIGH_CAP = 0.5
PRESSED, PRESSED_FROM, PRESSED_TO, BEARING = 4.0, 1.5, 2.5, 0.4
"""A thigh that bears more than half as much again as at rest, above a foot that still bears, is one
of a leg that lies: in a lift of the other one the hip presses it down, which takes the load off
its knee and some off its foot."""
LOW_BIAS, LOW_TOUCH, LOW_THIGH = -7.0, 20.0, 11.0
TOUCH_CAP = 0.5
"""The same once the leg was high: between two quick reps foot and knee may hardly touch the mat. A
touch is what they gained over the least that they showed in this lift, for an FSR keeps a tenth to
a quarter of its load as a residue that differs from strip to strip."""
HIGH_BELOW, HIGH_TICKS = 0.3, 15
"""Thigh and knee under this share for 0.3 s: the leg is high."""
ENOUGH = 2.0
"""Summed log odds, per tick of 20 ms, at which a change is believed."""


def _filled(foot: float, knee: float, thigh: float) -> tuple[float, float, float]:
    """NaN marks a strip that says nothing: its neighbour along the leg speaks for it."""
    if foot != foot:
        foot = knee if knee == knee else thigh
    if knee != knee:
        knee = foot
    if thigh != thigh:
        thigh = knee
    return foot, knee, thigh


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
        self._foot_least = self._knee_least = self._thigh_least = inf

    def update(self, t_s: float, foot: float, knee: float, thigh: float) -> bool:
        """One tick; True when the leg has just gone up or come back."""
        if not (knee >= HIGH_BELOW or thigh >= HIGH_BELOW):
            self._high_ticks += 1
            self._high = self._high or self._high_ticks >= HIGH_TICKS
        else:
            self._high_ticks = 0
        foot, knee, thigh = _filled(foot, knee, thigh)
        if foot != foot:
            # Nothing is sensed under this leg: it is taken to lie.
            return False
        odds = BIAS + FOOT * min(foot, 1.0) + KNEE * min(knee, 1.0) + THIGH * min(thigh, THIGH_CAP)
        if thigh > PRESSED_FROM and foot > BEARING:
            odds += PRESSED * (min(thigh, PRESSED_TO) - PRESSED_FROM)
        if self.up:
            odds = max(odds, self._touch_odds(foot, knee, thigh))
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
            self._foot_least = self._knee_least = self._thigh_least = inf
        else:
            self.back_s = self._since_s
        return True

    def _touch_odds(self, foot: float, knee: float, thigh: float) -> float:
        """Log odds that a leg that was high is down again."""
        self._foot_least = min(self._foot_least, foot)
        self._knee_least = min(self._knee_least, knee)
        self._thigh_least = min(self._thigh_least, thigh)
        if not self._high:
            return -inf
        touch = foot - self._foot_least + knee - self._knee_least
        return (
            LOW_BIAS
            + LOW_TOUCH * min(touch, TOUCH_CAP)
            + LOW_THIGH * min(thigh - self._thigh_least, THIGH_CAP)
        )

    def reset(self) -> None:
        """Take the leg to lie again."""
        self.up = False
        self._against = 0.0
        self.up_s = self.back_s = nan
