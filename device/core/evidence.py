"""One finished rep as a row of plain numbers: how far, how fast and when each region's load moved.

Tempo, head and "too high" are read from these; the pelvis' angles are read tick by tick instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from device.core.types import FloatArray

LIFTED, RESTING = "_left", "_right"
"""In the frame of the lifted leg (see `course`) the lifted side is the left one."""
_PAIR = (LIFTED, RESTING)

SIGNALS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "chest": {"chest": 1.0},
        "ribs": {f"ribs{side}": 1.0 for side in _PAIR},
        "abdomen": {f"abdomen{side}": 1.0 for side in _PAIR},
        "hips": {f"asis{side}": 1.0 for side in _PAIR},
        "pubis": {"pubis": 1.0},
        "pelvis": {
            "pubis": 1.0,
            **{f"{row}{side}": 1.0 for row in ("asis", "abdomen") for side in _PAIR},
        },
        "leg": {f"{row}{LIFTED}": 1.0 for row in ("thigh", "knee", "foot")},
        "thigh": {f"thigh{LIFTED}": 1.0},
        "knee": {f"knee{LIFTED}": 1.0},
        "foot": {f"foot{LIFTED}": 1.0},
        "resting thigh": {f"thigh{RESTING}": 1.0},
        "resting knee": {f"knee{RESTING}": 1.0},
        "head": {"head": 1.0},
        "roll": {f"asis{LIFTED}": 1.0, f"asis{RESTING}": -1.0},
        "side bend": {f"ribs{LIFTED}": 1.0, f"ribs{RESTING}": -1.0},
        "belly's side": {f"abdomen{LIFTED}": 1.0, f"abdomen{RESTING}": -1.0},
    }
)
"""Sums of strips that a rep is read from."""

PLATEAU = (0.25, 0.75)
"""The part of a rep, in shares of its duration, in which its plateau is taken."""
SHARES = (0.5, 0.9)
"""Shares of the plateau whose reaching and leaving are timed."""
INSTANTS_S = (0.2, 0.4, 0.6)
"""Moments after the start and before the end at which the loads are looked at."""
_WHERE = ("after the start", "before the end")
LONGEST_EDGE_S = 1.5
"""Edges slower than this are slow; how slow does not matter."""
EDGE_S = 1.0
"""First and last part of a rep in which the fastest changes are sought."""
RATE_TICKS = 4
"""Rates are taken over 0.08 s: shorter is noise, longer misses a dropped leg."""
LEAST_PLATEAU_PCT = 0.5
"""Keeps the shares of a plateau that hardly differs from rest away from noise."""

_LOADS = (
    *("highest", "lowest", "plateau"),
    *(f"at share {share:g}" for share in PLATEAU),
    *(f"{instant_s:g} s {where}" for instant_s in INSTANTS_S for where in _WHERE),
    *("fastest rise at first", "fastest fall at first"),
    *("fastest rise at last", "fastest fall at last"),
    "rest",
)
_EDGES = tuple(f"{share:g} {what}" for share in SHARES for what in ("reached", "left"))
EVIDENCE_NAMES = (
    *(f"{signal}: {what}" for what in (*_LOADS, *_EDGES) for signal in SIGNALS),
    *("time to the top", "time from the top", "duration", "both legs"),
)
"""What each number of `evidence` is, in its order; loads and times stand there as logarithms."""


def signal_weights(sensors: tuple[str, ...]) -> FloatArray:
    """(strips, signals): which strips make which signal, in the order of the model's sensors."""
    weights = np.zeros((len(sensors), len(SIGNALS)))
    for column, signal in enumerate(SIGNALS.values()):
        for name, weight in signal.items():
            if name in sensors:
                weights[sensors.index(name), column] = weight
    return weights


def evidence(
    after_s: FloatArray,
    lift_s: float,
    duration_s: float,
    signals: FloatArray,
    rest: FloatArray,
    both: bool,
) -> FloatArray:
    """The rep's numbers from its `signals` (ticks, signals), changes from `rest` in % of body
    weight, at `after_s` (ticks,) seconds from its start; `lift_s` is the time to its top."""
    loads = [
        signals.max(axis=0),
        signals.min(axis=0),
        plateau(after_s, duration_s, signals),
    ]
    loads += [_at(after_s, share * duration_s, signals) for share in PLATEAU]
    for instant_s in INSTANTS_S:
        loads.append(_at(after_s, instant_s, signals))
        loads.append(_at(after_s, duration_s - instant_s, signals))
    loads += _rates(after_s, duration_s, signals)
    loads.append(rest)
    values = np.concatenate(loads)
    return np.concatenate(
        [
            np.sign(values) * np.log1p(np.abs(values)),
            np.log(0.1 + _edges_s(after_s, duration_s, signals)),
            np.log(0.1 + np.maximum([lift_s, duration_s - lift_s, duration_s], 0.0)),
            [1.0 if both else 0.0],
        ]
    )


def plateau(after_s: FloatArray, duration_s: float, signals: FloatArray) -> FloatArray:
    """The mean of each signal over the middle half of the rep."""
    middle = (after_s > PLATEAU[0] * duration_s) & (after_s < PLATEAU[1] * duration_s)
    return np.asarray(signals[middle].mean(axis=0) if middle.any() else signals.mean(axis=0))


def _at(after_s: FloatArray, instant_s: float, signals: FloatArray) -> FloatArray:
    return np.asarray(signals[int(np.argmin(np.abs(after_s - instant_s)))])


def _rates(after_s: FloatArray, duration_s: float, signals: FloatArray) -> list[FloatArray]:
    """Fastest rise and fall near the start, and near the end, in % of body weight a second."""
    if len(signals) <= RATE_TICKS:
        return [np.zeros(signals.shape[1])] * 4
    passed_s = np.maximum(after_s[RATE_TICKS:] - after_s[:-RATE_TICKS], 0.01)
    rates = (signals[RATE_TICKS:] - signals[:-RATE_TICKS]) / passed_s[:, None]
    begun_s = after_s[:-RATE_TICKS]
    first = rates[begun_s < min(EDGE_S, duration_s / 2)]
    last = rates[begun_s > max(duration_s - EDGE_S, duration_s / 2)]
    out: list[FloatArray] = []
    for part in (first, last):
        found = part if len(part) else np.zeros((1, signals.shape[1]))
        out += [found.max(axis=0), found.min(axis=0)]
    return out


def _edges_s(after_s: FloatArray, duration_s: float, signals: FloatArray) -> FloatArray:
    """When each signal reaches shares of its plateau, and how long before the end it leaves."""
    level = plateau(after_s, duration_s, signals)
    size = np.abs(level) + LEAST_PLATEAU_PCT
    risen = signals * np.sign(level)
    out: list[FloatArray] = []
    for share in SHARES:
        beyond = risen >= share * size
        ever = beyond.any(axis=0)
        reached_s = after_s[beyond.argmax(axis=0)]
        left_s = duration_s - after_s[len(after_s) - 1 - beyond[::-1].argmax(axis=0)]
        out += [
            np.where(ever, np.clip(edge_s, 0.0, LONGEST_EDGE_S), LONGEST_EDGE_S)
            for edge_s in (reached_s, left_s)
        ]
    return np.concatenate(out)
