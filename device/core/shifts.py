"""When and how abruptly load shifts within a rep: what tells a swung leg from a lifted one, and an
arch that came with the lift from one that came at its top.

The leg's own height is invisible to the mat. Its swing is not: a leg that is thrown up presses the
pelvis down at once and lets it rise again when it is stopped, and the shifting of the torso's loads
is over as soon as the leg has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from device.core.features import LEG_ROWS
from device.core.types import FloatArray

_PELVIS = ("pubis", "asis_left", "asis_right", "abdomen_left", "abdomen_right")
_FILLING = ("ribs_left", "ribs_right", "abdomen_left", "abdomen_right")

SHIFTING: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "pelvis": dict.fromkeys(_PELVIS, 1.0),
        "hips": {"asis_left": 1.0, "asis_right": 1.0},
        "pubis": {"pubis": 1.0},
        "tilt": {**dict.fromkeys(_FILLING, 1.0), "pubis": -1.0},
        "roll": {"asis_left": 1.0, "asis_right": -1.0},
        "head": {"head": 1.0},
        "chest": {"chest": 1.0},
    }
)
"""Sums of strips in the frame of the lifted leg (see `course`), followed beside the sum of all
strips and that of the torso's."""
FOLLOWED = (*SHIFTING, "all", "torso")

BEGUN_S, EARLY_S = -0.2, 1.2
"""The part of a rep in which the body answers the lift, from before the foot is a centimetre up."""
WITHIN = 0.85
"""Share of the rep after which a drift is the landing's."""
SMOOTH_TICKS = 3
"""A mean over 0.06 s takes out the noise of a tick and leaves the stop of a swung leg."""
SLOPE_TICKS = 4
"""Slopes are taken over 0.08 s."""
DONE = (0.25, 0.5, 0.75, 0.9, 0.95)
"""Shares of all shifting whose reaching is timed, from the start."""
LEFT = (0.05, 0.1, 0.25, 0.5, 0.75)
"""The same for the way down, before the end."""
SPANS_S = (1.2, 2.0)
"""How far from the start shifting is followed, besides the rep's first half."""
WINDOWS_S = (-0.3, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3)
"""Edges of the windows from the start in which the mean speed of shifting is taken."""
LEAST_SHIFT = 1e-6

_OF_EACH = (
    *("highest after", "lowest after", "highest at share", "lowest at share"),
    *("overshoot", "undershoot", "steepest rise after", "steepest fall after"),
    *("jolt", "fallen back", "come up again"),
)
_OF_SPAN = (*(f"shift {share:g} done" for share in DONE), "shift centre", "shift in all")
SHIFT_NAMES = (
    *(f"{signal}: {what}" for what in _OF_EACH for signal in FOLLOWED),
    *(f"{what}, first half" for what in _OF_SPAN),
    *(f"{what}, first {span_s:g} s" for span_s in SPANS_S for what in _OF_SPAN),
    *(f"shift {share:g} done before the end, second half" for share in LEFT),
    "shift centre before the end, second half",
    *(f"shift {share:g} done before the end, last 1 s" for share in LEFT),
    "shift centre before the end, last 1 s",
    *(f"speed of shift from {edge_s:g} s" for edge_s in WINDOWS_S[:-1]),
)
"""What each number of `shifts` is, in its order."""


def shift_weights(sensors: tuple[str, ...]) -> FloatArray:
    """(strips, followed): which strips make which followed sum, in the order of the model's."""
    weights = np.zeros((len(sensors), len(FOLLOWED)))
    for column, signal in enumerate(SHIFTING.values()):
        for name, weight in signal.items():
            if name in sensors:
                weights[sensors.index(name), column] = weight
    weights[:, -2] = 1.0
    weights[:, -1] = is_torso(sensors)
    return weights


def is_torso(sensors: tuple[str, ...]) -> FloatArray:
    """(strips,) 1 for a strip of the torso or head, 0 for one of a leg."""
    return np.array([float(name.split("_")[0] not in LEG_ROWS) for name in sensors])


def shifts(
    after_s: FloatArray, duration_s: float, changes: FloatArray, weights: FloatArray
) -> FloatArray:
    """The numbers named by `SHIFT_NAMES`, from the `changes` of load from rest (ticks, strips) at
    `after_s` seconds from the start of a rep; `weights` as made by `shift_weights`."""
    changes = _smooth(changes)
    followed = changes @ weights
    steps = np.abs(np.diff(changes, axis=0)) @ weights[:, -1]
    middle_s = 0.5 * (after_s[1:] + after_s[:-1])
    return np.concatenate(
        [*_of_each(after_s, duration_s, followed), _of_speed(middle_s, duration_s, steps)]
    )


def _smooth(changes: FloatArray) -> FloatArray:
    ends = np.concatenate([changes[:1], changes, changes[-1:]])
    return np.asarray((ends[:-2] + ends[1:-1] + ends[2:]) / SMOOTH_TICKS)


def _of_each(after_s: FloatArray, duration_s: float, followed: FloatArray) -> list[FloatArray]:
    early = _part(after_s, BEGUN_S, min(EARLY_S, duration_s))
    early_s, first = after_s[early], followed[early]
    middle = _part(after_s, 0.25 * duration_s, 0.75 * duration_s)
    level = followed[middle].mean(axis=0)
    whole_s = after_s / max(duration_s, LEAST_SHIFT)
    slopes = _slopes(early_s, first)
    slope_s = early_s[: len(slopes)]
    inner = followed[_part(after_s, 0.0, WITHIN * duration_s)]
    return [
        early_s[first.argmax(axis=0)],
        early_s[first.argmin(axis=0)],
        whole_s[followed.argmax(axis=0)],
        whole_s[followed.argmin(axis=0)],
        first.max(axis=0) - level,
        first.min(axis=0) - level,
        slope_s[slopes.argmax(axis=0)],
        slope_s[slopes.argmin(axis=0)],
        np.abs(np.diff(slopes, axis=0)).max(axis=0, initial=0.0),
        (np.maximum.accumulate(inner, axis=0) - inner).max(axis=0),
        (inner - np.minimum.accumulate(inner, axis=0)).max(axis=0),
    ]


def _of_speed(middle_s: FloatArray, duration_s: float, steps: FloatArray) -> FloatArray:
    out: list[float] = []
    for until_s in (0.5 * duration_s, *SPANS_S):
        part = _part(middle_s, WINDOWS_S[0], min(until_s, duration_s))
        out += _when(middle_s[part], steps[part], DONE)
        out.append(float(steps[part].sum()))
    for from_s in (0.5 * duration_s, duration_s - 1.0):
        part = _part(middle_s, max(from_s, 0.0), duration_s)
        out += _when(duration_s - middle_s[part], steps[part], LEFT)
    for begin_s, end_s in pairwise(WINDOWS_S):
        within = (middle_s >= begin_s) & (middle_s < end_s)
        out.append(float(steps[within].mean()) if within.any() else 0.0)
    return np.array(out)


def _when(times_s: FloatArray, steps: FloatArray, shares: tuple[float, ...]) -> list[float]:
    """When shares of all shifting were done, and the time round which it happened."""
    done = np.cumsum(steps)
    places = np.searchsorted(done, np.array(shares) * done[-1])
    centre_s = float((steps * times_s).sum() / max(float(done[-1]), LEAST_SHIFT))
    return [*times_s[np.minimum(places, len(times_s) - 1)].tolist(), centre_s]


def _slopes(times_s: FloatArray, values: FloatArray) -> FloatArray:
    """In % of body weight a second; one row of zeros where there is too little."""
    if len(values) <= SLOPE_TICKS:
        return np.zeros((1, values.shape[1]))
    passed_s = np.maximum(times_s[SLOPE_TICKS:] - times_s[:-SLOPE_TICKS], 0.01)
    return np.asarray((values[SLOPE_TICKS:] - values[:-SLOPE_TICKS]) / passed_s[:, None])


def _part(times_s: FloatArray, from_s: float, to_s: float) -> slice:
    """The rising `times_s` from one to another; the nearest one where none lies between."""
    first = int(np.searchsorted(times_s, from_s))
    last = int(np.searchsorted(times_s, to_s, side="right"))
    first = min(first, len(times_s) - 1)
    return slice(first, max(last, first + 1))
