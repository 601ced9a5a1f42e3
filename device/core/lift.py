"""One leg's lift, measured from the course of its loads once it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.core.features import LEAST_REST_PCT, Layout
from device.core.types import FloatArray, Side

FOOT_EDGE = 0.5
"""Share of the foot's rest load at which it is said to leave and to be back."""
LOOK_BACK_S = 1.0
"""The foot leaves at most this long before the leg as a whole in the slowest lift."""
LOOK_ON_S = 0.3
START_LAG_S = 0.19
"""The foam follows the foot: half its load is gone this long before it is a centimetre up (median
over the recordings; middle half within 0.05 s)."""
THIGH_EDGE, THIGH_WITHIN_S = 0.5, 1.2
"""The thigh leaves and lands at half its rest load, this near to the foot's edges."""
TOP_WEIGHT = 0.85
USUAL_RISE_S, USUAL_FALL_S = 0.2, 0.05
"""A slow lift takes long from the foot's leaving to the thigh's, a slow lowering from the thigh's
landing to the foot's; their difference tells on which side of the middle the top lies (regression
over the recordings). The usual ones stand in where the thigh is not sensed."""
FLICKER_TICKS = 15
SUSTAINED_TICKS = 10
"""0.2 s: what counts as unloaded must be so for this long."""


@dataclass(frozen=True, slots=True)
class LegLift:
    """Times in seconds; `foot`, `knee`, `thigh` the least shares of rest load held for 0.2 s (NaN
    where not sensed); `torso` the least torso load as a share of rest, NaN without the hips
    that carry most of it; `flicker` how much the
    thigh's share moved in the quietest 0.3 s: nothing touches the strip of a leg that is high."""

    side: Side
    start_s: float
    top_s: float
    end_s: float
    foot: float
    knee: float
    thigh: float
    torso: float
    flicker: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def shares(
    force_n: FloatArray, rest_n: FloatArray, strips: tuple[int, ...], least_n: float
) -> FloatArray | None:
    """The load on some strips over time as a share of rest; None where it says nothing."""
    good = [i for i in strips if np.isfinite(rest_n[i]) and np.isfinite(force_n[:, i]).mean() > 0.8]
    before = float(rest_n[good].sum()) if good else 0.0
    if before <= 0.0 or before < least_n:
        return None
    return np.asarray(force_n[:, good].sum(axis=1) / before)


def measure(
    side: Side,
    t_s: FloatArray,
    force_n: FloatArray,
    rest_n: FloatArray,
    up_s: float,
    back_s: float,
    not_before_s: float,
    layout: Layout,
) -> LegLift:
    """Times and depths of a lift of a leg that was up from `up_s` to `back_s`.

    `t_s` and `force_n` reach back `LOOK_BACK_S` before it; the lift before it ended at
    `not_before_s` (NaN without one).
    """
    leg = layout.legs[side]
    least_n = LEAST_REST_PCT / 100.0 * float(np.nansum(np.maximum(rest_n, 0.0)))
    foot = shares(force_n, rest_n, leg.foot, least_n)
    knee = shares(force_n, rest_n, leg.knee, least_n)
    thigh = shares(force_n, rest_n, leg.thigh, least_n)
    torso = None
    if np.isfinite(force_n[-1, list(layout.hips)]).all():
        torso = shares(force_n, rest_n, layout.torso_strips, 0.0)
    first = int(np.searchsorted(t_s, up_s))
    last = max(int(np.searchsorted(t_s, back_s)), first + 1)
    start_s, end_s = up_s, back_s
    if foot is not None:
        start_s, end_s = _foot_edges(t_s, foot, first, last, start_s, end_s)
        if start_s < not_before_s:
            start_s = not_before_s
    span = slice(first, last)
    return LegLift(
        side,
        start_s,
        _top(t_s, thigh, start_s, end_s),
        end_s,
        _least_sustained(foot, span),
        _least_sustained(knee, span),
        _least_sustained(thigh, span),
        _least_sustained(torso, span),
        _least_flicker(thigh if thigh is not None else knee, span),
    )


def _foot_edges(
    t_s: FloatArray, foot: FloatArray, first: int, last: int, start_s: float, end_s: float
) -> tuple[float, float]:
    """When the foot's load fell below and rose above half: the sharpest signs of the two."""
    off = np.flatnonzero(foot[first:last] < FOOT_EDGE)
    if not off.size:
        return start_s, end_s
    latest_s = end_s
    leave = first + int(off[0])
    while leave > 0 and foot[leave - 1] < FOOT_EDGE and t_s[leave - 1] > start_s - LOOK_BACK_S:
        leave -= 1
    if leave > 0 and foot[leave - 1] >= FOOT_EDGE:
        start_s = min(float(t_s[leave]) + START_LAG_S, latest_s)
    back = first + int(off[-1]) + 1
    while back < len(foot) and foot[back] < FOOT_EDGE and t_s[back] < end_s + LOOK_ON_S:
        back += 1
    if back < len(foot) and foot[back] >= FOOT_EDGE:
        end_s = float(t_s[back])
    return start_s, end_s


def _top(t_s: FloatArray, thigh: FloatArray | None, start_s: float, end_s: float) -> float:
    """When the foot was highest, between `start_s` and `end_s`."""
    rise_s, fall_s = USUAL_RISE_S, USUAL_FALL_S
    if thigh is not None:
        off = thigh < THIGH_EDGE
        gone = np.flatnonzero(~off[:-1] & off[1:]) + 1
        back = np.flatnonzero(off[:-1] & ~off[1:]) + 1
        gone = gone[np.abs(t_s[gone] - start_s) < THIGH_WITHIN_S]
        back = back[np.abs(t_s[back] - end_s) < THIGH_WITHIN_S]
        if gone.size:
            rise_s = float(t_s[gone[-1]]) - start_s
        if back.size:
            fall_s = end_s - float(t_s[back[0]])
    middle_s = 0.5 * (start_s + end_s)
    top_s = middle_s + TOP_WEIGHT * (rise_s - fall_s) - 0.05
    quarter_s = 0.25 * (end_s - start_s)
    return min(max(top_s, start_s + quarter_s), end_s - quarter_s)


def _least_sustained(share: FloatArray | None, span: slice) -> float:
    if share is None:
        return float("nan")
    part = share[span]
    part = part[np.isfinite(part)]
    if not part.size:
        return float("nan")
    if part.size <= SUSTAINED_TICKS:
        return float(part.mean())
    sums = np.concatenate([[0.0], np.cumsum(part)])
    return float((sums[SUSTAINED_TICKS:] - sums[:-SUSTAINED_TICKS]).min() / SUSTAINED_TICKS)


def _least_flicker(share: FloatArray | None, span: slice) -> float:
    if share is None:
        return float("nan")
    part = share[span]
    part = part[np.isfinite(part)]
    if part.size < 2:
        return 1.0
    window = np.lib.stride_tricks.sliding_window_view(part, min(FLICKER_TICKS, part.size))
    return float((window.max(axis=1) - window.min(axis=1)).min())


SHORTEST_REP_S = 0.75
"""Of the 833 labelled reps one is shorter than 0.9 s; pieces of lifts are."""
KNEE_MOST = 0.45
"""Unloaded, a knee's strip keeps 0.03 to 0.25 of its rest load."""
THIGH_MOST = 0.5
FLICKER_WEIGHT = 3.0
"""A leg that is high leaves its thigh's strip with a residue (hysteresis, up to 0.4 of the rest
load) that nothing moves; a half-lift leaves it touching, and so flickering."""
TORSO_LEAST = 0.2
"""In a lift the torso carries more than at rest; next to nothing on it is somebody getting up."""
LOW_KNEE_MOST, LOW_SHORTEST_S = 0.25, 0.8


def is_rep(lift: LegLift) -> bool:
    """Whether the leg left the mat from foot to thigh, long enough, by somebody who lies."""
    left = lift.thigh if lift.thigh == lift.thigh else lift.knee
    return _is_lift(lift) and not left + FLICKER_WEIGHT * lift.flicker > THIGH_MOST


def is_low(lift: LegLift) -> bool:
    """A leg off the mat up to the knee only: half a lift, or part of a low one of both legs."""
    return _is_lift(lift) and lift.knee < LOW_KNEE_MOST and lift.duration_s > LOW_SHORTEST_S


def _is_lift(lift: LegLift) -> bool:
    return (
        lift.duration_s >= SHORTEST_REP_S
        and not lift.knee > KNEE_MOST
        and not lift.torso < TORSO_LEAST
    )
