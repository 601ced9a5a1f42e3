"""Lifting, holding, lowering: told while it happens, and measured when a lift is over.

The height of the leg is invisible to the mat. What shows is how fast the torso's loads shift: over
50 % of body weight a second (summed over its strips) while a leg is moved, about 20 while held.
A finished lift is measured against its own quiet, for some bodies tremble more than others: in the
recordings the hold then begins 0.3 s before the top (median; -1.1 to 0.1 s for the middle eighty of
a hundred). Under the simulated members little shifts once the leg has left the mat: 0.8 s are read
of the 1.1 s (medians) from where the foot is 1 cm up to where it has made 95 % of its height.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from device.core.types import FloatArray, Phase, Side

SMOOTH_S = 0.15
HELD_BELOW_PCT_S = 25.0
MOVED_ABOVE_PCT_S = 35.0
SURE_S = 0.15
"""How long speed or side must persist before the phase follows."""
ALONE_S = 1.0
"""After a lift of both, one leg alone is a new one only from then on: the other just lands late."""


class LiftPhase:
    """Which leg is up and what it does, without the flicker of single ticks."""

    def __init__(self) -> None:
        self.side: Side | None = None
        self.phase = Phase.LIFTING
        self.since_s = nan
        self._next_side: Side | None = None
        self._next_s = nan
        self._smooth: list[float] = []
        self._last_s = nan
        self._change_s: float | None = None

    def update(self, t_s: float, side: Side | None, torso_pct: Sequence[float]) -> bool:
        """One tick: the side that is up just now and the torso's loads, % of body weight.
        True when a lift begins or another leg joins it."""
        began = self._follow_side(t_s, side)
        if self.side is None:
            return began
        if began:
            self.phase, self.since_s, self._change_s = Phase.LIFTING, t_s, None
            self._smooth, self._last_s = list(torso_pct), t_s
            return True
        self._follow_speed(t_s, torso_pct)
        return False

    def _follow_side(self, t_s: float, side: Side | None) -> bool:
        if side is self.side or side is None:
            self._next_side = None
            if side is None:
                self.side = None
            return False
        if self._next_side is not side:
            self._next_side, self._next_s = side, t_s
        needed_s = ALONE_S if self.side is Side.BOTH else SURE_S
        if self.side is None:
            needed_s = SURE_S
        if t_s - self._next_s < needed_s:
            return False
        self.side, self._next_side = side, None
        return True

    def _follow_speed(self, t_s: float, torso_pct: Sequence[float]) -> None:
        share = min(max((t_s - self._last_s) / SMOOTH_S, 0.0), 1.0)
        self._last_s = t_s
        speed = 0.0
        smooth = self._smooth
        for index, value in enumerate(torso_pct):
            step = value - smooth[index]
            if step == step:
                smooth[index] += share * step
                speed += abs(step)
            elif value == value:
                smooth[index] = value
        speed /= SMOOTH_S
        if self.phase is Phase.LIFTING:
            change, then = speed < HELD_BELOW_PCT_S, Phase.HOLDING
        elif self.phase is Phase.HOLDING:
            change, then = speed > MOVED_ABOVE_PCT_S, Phase.LOWERING
        else:
            return
        if not change:
            self._change_s = None
        elif self._change_s is None:
            self._change_s = t_s
        elif t_s - self._change_s >= SURE_S:
            self.phase, self._change_s = then, None

    def reset(self) -> None:
        """No leg is up."""
        self.side = self._next_side = None


STEP_TICKS = 10
"""0.2 s: the span over which the speed of a finished lift is taken."""
QUIET_PERCENTILE = 10.0
"""Of the speeds in the middle half of a lift: how still this body holds a leg."""
HELD_SHARE = 0.15
"""A leg is held where the speed is less than this share of the way from there to the lift's
greatest one. In the recordings it strays least from the top, of 0.1 to 0.3, and leaves a fifth of
the lifts without a hold; a fixed 25 % a second left a third."""


def durations_s(
    t_s: FloatArray, torso_pct: FloatArray, start_s: float, top_s: float, end_s: float
) -> tuple[float, float, float]:
    """Lift, hold and lower of a finished lift: the hold is the time round the top in which the
    torso's loads `(ticks, strips)` moved slowly for this lift, 0 where they did not."""
    if len(t_s) <= STEP_TICKS:
        return top_s - start_s, 0.0, end_s - top_s
    moved = np.nansum(np.abs(torso_pct[STEP_TICKS:] - torso_pct[:-STEP_TICKS]), axis=1)
    span_s = np.maximum(t_s[STEP_TICKS:] - t_s[:-STEP_TICKS], 1e-3)
    middle_s = 0.5 * (t_s[STEP_TICKS:] + t_s[:-STEP_TICKS])
    speed = moved / span_s
    within = (middle_s > start_s) & (middle_s < end_s)
    held = within & (speed < _held_below(speed, (middle_s - start_s) / max(end_s - start_s, 1e-3)))
    nearest = int(np.argmin(np.abs(middle_s - top_s)))
    if not held[nearest]:
        return top_s - start_s, 0.0, end_s - top_s
    first = last = nearest
    while first > 0 and held[first - 1]:
        first -= 1
    while last < len(held) - 1 and held[last + 1]:
        last += 1
    hold_from_s = min(float(middle_s[first]), top_s)
    hold_to_s = max(float(middle_s[last]), top_s)
    return hold_from_s - start_s, hold_to_s - hold_from_s, end_s - hold_to_s


def _held_below(speed: FloatArray, passed: FloatArray) -> float:
    """The speed below which a leg is held in this lift; `passed` runs from 0 to 1 over it."""
    middle = speed[(passed > 0.25) & (passed < 0.75)]
    lift = speed[(passed > -0.1) & (passed < 0.5)]
    if not (middle.size and lift.size):
        return 0.0
    quiet = float(np.percentile(middle, QUIET_PERCENTILE))
    return quiet + HELD_SHARE * (float(lift.max()) - quiet)


TREMOR_TICKS = 20
"""0.4 s: slower than this the hips are moved on purpose, faster they tremble."""


def unsteady_pct(t_s: FloatArray, hips_pct: FloatArray, from_s: float, to_s: float) -> float | None:
    """How much the hips' load `(ticks,)` trembled between two times: its standard deviation about
    its running mean, % of body weight; None where there is too little of it."""
    part = hips_pct[(t_s >= from_s) & (t_s <= to_s)]
    part = part[np.isfinite(part)]
    if len(part) < 2 * TREMOR_TICKS:
        return None
    sums = np.concatenate([[0.0], np.cumsum(part)])
    means = (sums[TREMOR_TICKS:] - sums[:-TREMOR_TICKS]) / TREMOR_TICKS
    middle = part[TREMOR_TICKS // 2 : TREMOR_TICKS // 2 + len(means)]
    return float(np.std(middle - means))
