"""One leg's lift, measured from the course of its loads once it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.core.features import LEAST_REST_PCT, Layout
from device.core.types import FloatArray, Side

FOOT_OFF = 0.5
FOOT_ON = 0.55
"""Shares of the foot's rest load."""
LOOK_BACK_S = 1.2
"""The foot leaves at most this long before the knee in the slowest lift."""
SUSTAINED_TICKS = 10
"""0.2 s: what counts as unloaded must be so for this long."""


@dataclass(frozen=True, slots=True)
class LegLift:
    """Times in seconds; `foot`, `knee`, `thigh` the least shares of rest load held for 0.2 s (NaN
    where not sensed); `torso` the least torso load as a share of rest."""

    side: Side
    start_s: float
    end_s: float
    foot: float
    knee: float
    thigh: float
    torso: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def shares(
    force_n: FloatArray, rest_n: FloatArray, strips: tuple[int, ...], least_n: float
) -> FloatArray | None:
    """The load on some strips over time as a share of rest; None where it says nothing."""
    good = [i for i in strips if np.isfinite(rest_n[i])]
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
    layout: Layout,
) -> LegLift:
    """Times and depths of a lift whose knee was unloaded from `up_s` to `back_s`."""
    leg = layout.legs[side]
    least_n = LEAST_REST_PCT / 100.0 * float(np.nansum(np.maximum(rest_n, 0.0)))
    foot = shares(force_n, rest_n, leg.foot, least_n)
    knee = shares(force_n, rest_n, leg.knee, least_n)
    thigh = shares(force_n, rest_n, leg.thigh, least_n)
    torso = shares(force_n, rest_n, layout.torso_strips, 0.0)
    first = int(np.searchsorted(t_s, up_s))
    last = int(np.searchsorted(t_s, back_s))
    start_s, end_s = up_s, back_s
    if foot is not None:
        start_s, end_s = _foot_edges(t_s, foot, first, last, up_s, back_s)
    span = slice(first, max(last, first + 1))
    return LegLift(
        side,
        start_s,
        end_s,
        _least_sustained(foot, span),
        _least_sustained(knee, span),
        _least_sustained(thigh, span),
        _least_sustained(torso, span),
    )


def _foot_edges(
    t_s: FloatArray, foot: FloatArray, first: int, last: int, up_s: float, back_s: float
) -> tuple[float, float]:
    off = np.flatnonzero(foot[first : last + 1] < FOOT_OFF)
    if not off.size:
        return up_s, back_s
    start_s, end_s = up_s, back_s
    leave = first + int(off[0])
    while leave > 0 and foot[leave - 1] < FOOT_ON and t_s[leave - 1] > up_s - LOOK_BACK_S:
        leave -= 1
    if leave > 0 and foot[leave - 1] >= FOOT_ON:
        start_s = float(t_s[leave])
    back = first + int(off[-1]) + 1
    while back < len(foot) and foot[back] < FOOT_ON:
        back += 1
    if back < len(foot):
        end_s = float(t_s[back])
    return start_s, end_s


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
