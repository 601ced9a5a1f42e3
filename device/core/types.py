"""The words of the product as types: what a frame is, what a rep is, what can be said about it.

Times are seconds of the frame's own monotonic clock (`_s`), forces newtons (`_n`), lengths
millimetres (`_mm`); loads relative to the body are per cent of body weight (`_pct`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Side(StrEnum):
    """Which leg left the mat. Left and right are the member's own."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Verdict(StrEnum):
    """What made the height: the hip over a quiet pelvis, the low back, or not to be told."""

    GLUTE = "glute"
    ARCH = "arch"
    UNSURE = "unsure"


class Fault(StrEnum):
    """What was wrong with a rep; the words for people are in `device.core.faults`."""

    TILT = "tilt"
    ROTATION = "rotation"
    FAST_LIFT = "fast_lift"
    FAST_LOWER = "fast_lower"
    HEAD = "head"
    TOO_HIGH = "too_high"


class Miss(StrEnum):
    """Why something that looked like a lift did not count."""

    HALF_LIFT = "half_lift"
    """The thigh stayed on the mat."""
    KNEE_BEND = "knee_bend"
    """The foot left the mat and the knee did not."""
    TOO_SHORT = "too_short"
    """The leg was back at once."""


class Phase(StrEnum):
    """Where in the visit, and where in the rep, the body on the mat is."""

    EMPTY = "empty"
    GETTING_ON = "getting_on"
    SETTLING = "settling"
    READY = "ready"
    LIFTING = "lifting"
    HOLDING = "holding"
    LOWERING = "lowering"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Frame:
    """One pass over every channel of the mat, in the order of `Mat.channels`.

    `counts` and `times_s` have one entry a channel; a reading that failed is NaN in `counts`, never
    the value before it. `t_s` is the time of the frame as a whole (its last reading).
    `sequence` counts every frame begun, so that a lost one shows as a gap.
    """

    sequence: int
    t_s: float
    counts: FloatArray
    times_s: FloatArray


@dataclass(frozen=True, slots=True)
class PhaseEvent:
    """The phase changed. `side` is the lifting leg while one is lifting."""

    at_s: float
    phase: Phase
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class WarningEvent:
    """Said while the leg is still up: the pelvis is tipping (`tilt`) or rolling (`rotation`)."""

    at_s: float
    side: Side
    fault: Fault


@dataclass(frozen=True, slots=True)
class Missed:
    """A leg moved as if to lift and came back without a rep."""

    at_s: float
    side: Side
    why: Miss


@dataclass(frozen=True, slots=True)
class PostureEvent:
    """How the member lies at rest: an empty `problems` means the starting position is good.

    Each problem is a key of `device.core.posture.PROBLEMS` with its size in that row's unit.
    """

    at_s: float
    problems: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StripEvent:
    """A strip was found bad (`problem` says how), or good again (`problem` is None)."""

    at_s: float
    sensor: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Rep:
    """One finished rep with its verdict and the numbers that decided it.

    `at_s` is the time of the frame that let it be said, so never before `end_s`. `confidence` is
    the probability (0 to 1) that the verdict is right. `numbers` are keyed by
    `device.core.quantities`; `reason` is one plain sentence made from them.
    """

    at_s: float
    side: Side
    verdict: Verdict
    confidence: float
    start_s: float
    top_s: float
    end_s: float
    lift_s: float
    hold_s: float
    lower_s: float
    faults: tuple[Fault, ...]
    numbers: Mapping[str, float]
    reason: str


Event = PhaseEvent | WarningEvent | Missed | PostureEvent | StripEvent | Rep


@dataclass(frozen=True, slots=True)
class Live:
    """What a page may draw of this very moment. Arrays are in the order of `Mat.sensors`.

    `tilt_pct` and `roll_pct` are changes from the member's own rest, NaN without a rest load.
    `pelvis_share` is how far the pelvis has tipped and rolled, each as a share of what counts as an
    arch, positive as in an arch and as the lifted side rises; NaN but in a lift that can be read.
    """

    t_s: float
    phase: Phase
    side: Side | None
    forces_n: FloatArray
    weight_n: float
    tilt_pct: float
    roll_pct: float
    centre_of_pressure_mm: tuple[float, float]
    bad_sensors: tuple[str, ...] = ()
    pelvis_share: tuple[float, float] = (nan, nan)


NUMBER_DIGITS = 3
"""Decimals of a rep's numbers, told and stored: ten times finer than any of them is measured. The
store keeps the same ones, or a rep read from it would be told in other numbers than at first."""


def event_json(event: Event) -> dict[str, Any]:
    """The event as the plain object that `replay` prints, the stream carries and the pages read."""
    out: dict[str, Any]
    match event:
        case Rep():
            out = {
                "event": "rep",
                "side": event.side.value,
                "verdict": event.verdict.value,
                "start": _round(event.start_s, 3),
                "top": _round(event.top_s, 3),
                "end": _round(event.end_s, 3),
                "faults": [fault.value for fault in event.faults],
                "confidence": _round(event.confidence, 3),
                "lift_s": _round(event.lift_s, 2),
                "hold_s": _round(event.hold_s, 2),
                "lower_s": _round(event.lower_s, 2),
                "numbers": {
                    key: _round(value, NUMBER_DIGITS) for key, value in event.numbers.items()
                },
                "reason": event.reason,
            }
        case WarningEvent():
            out = {"event": "warning", "side": event.side.value, "fault": event.fault.value}
        case Missed():
            out = {"event": "not_counted", "side": event.side.value, "why": event.why.value}
        case PhaseEvent():
            out = {"event": "phase", "phase": event.phase.value}
            if event.side is not None:
                out["side"] = event.side.value
        case PostureEvent():
            out = {
                "event": "posture",
                "problems": {key: round(value, 1) for key, value in event.problems.items()},
                "numbers": {key: round(value, 2) for key, value in event.numbers.items()},
            }
        case StripEvent():
            out = {"event": "strip", "sensor": event.sensor, "problem": event.problem}
    out["at"] = round(event.at_s, 4)
    return out


def _round(value: float, digits: int) -> float:
    """As Python rounds: numpy's own floats are rounded otherwise in the last place, and a rep that
    comes back from the store would differ from itself."""
    return round(float(value), digits)
