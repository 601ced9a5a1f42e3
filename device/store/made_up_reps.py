"""The lifts of one made-up session, as values of the tables' columns."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.random import Generator

from device.coach.programme import Strictness, Variation
from device.core.quantities import QUANTITIES
from device.core.types import Fault, Side, Verdict
from device.store.made_up_people import Lifter, NewId

SETS, REPS = 2, 8
GUEST_ODDS = 0.4
UNSURE = 0.04
REASONS = {
    Verdict.GLUTE: "The pelvis stayed still while the leg went up.",
    Verdict.ARCH: "The pelvis tipped 9.1 degrees after 0.8 s: the low back made the height.",
    Verdict.UNSURE: "The mat cannot tell: the pelvis moved by about as much as is allowed.",
}
KEYS = tuple(QUANTITIES)
LIFT_TAKES_S = 9.0
"""From one lift to the next."""
REST_S = 45.0


@dataclass(frozen=True, slots=True)
class MadeUpSession:
    """One session: the rows of its sets and reps, and what they add up to."""

    sets: list[dict[str, Any]]
    reps: list[dict[str, Any]]
    totals: dict[str, Any]
    lasts_s: float


def make_session(
    rng: Generator,
    new_id: NewId,
    session_id: UUID,
    began: datetime,
    lifter: Lifter | None,
    variation: Variation,
    count: int,
) -> MadeUpSession:
    """`count` lifts of the variation, at most `SETS * REPS` of them; a guest's without a lifter."""
    odds = GUEST_ODDS if lifter is None else lifter.odds(began.date())
    uneven = 0.0 if lifter is None else lifter.uneven
    chances = rng.random((count, 3))
    tempo = np.abs(rng.normal((1.9, 1.8, 1.9), 0.4, (count, 3))).round(3).tolist()
    numbers = rng.normal(0.0, 6.0, (count, len(KEYS))).round(3).tolist()
    confidences = rng.uniform(0.6, 0.99, count).round(4).tolist()
    set_ids = [new_id() for _ in range(math.ceil(count / REPS))]
    totals: dict[str, Any] = {
        f"{side.value}_{what}": 0 for side in Side for what in ("judged", "clean")
    }
    faults_seen: Counter[str] = Counter()
    reps = []
    for place in range(count):
        set_number, number = divmod(place, REPS)
        side = _side(variation, place)
        clean = 1.0 / (1.0 + math.exp(uneven * (side is Side.RIGHT) - odds))
        verdict = _verdict(chances[place].tolist(), clean)
        faults = _faults(chances[place].tolist(), verdict)
        totals[f"{side.value}_judged"] += verdict is not Verdict.UNSURE
        totals[f"{side.value}_clean"] += verdict is Verdict.GLUTE
        faults_seen.update(faults)
        start_s = place * LIFT_TAKES_S + set_number * REST_S
        lift_s, hold_s, lower_s = tempo[place]
        end_s = start_s + lift_s + hold_s + lower_s
        reps.append(
            {
                "id": new_id(),
                "set_id": set_ids[set_number],
                "number": number + 1,
                "ended_utc": began + timedelta(seconds=end_s),
                "side": side.value,
                "verdict": verdict.value,
                "confidence": confidences[place],
                "start_s": start_s,
                "top_s": start_s + lift_s,
                "end_s": end_s,
                "at_s": end_s + 0.3,
                "lift_s": lift_s,
                "hold_s": hold_s,
                "lower_s": lower_s,
                "faults": faults,
                "numbers": dict(zip(KEYS, numbers[place], strict=True)),
                "reason": REASONS[verdict],
            }
        )
    lasts_s = reps[-1]["end_s"]
    sets = [
        {
            "id": set_id,
            "session_id": session_id,
            "number": number + 1,
            "started_utc": began + timedelta(seconds=number * (REPS * LIFT_TAKES_S + REST_S)),
            "ended_utc": began + timedelta(seconds=lasts_s),
            "strictness": Strictness.NORMAL.value,
        }
        for number, set_id in enumerate(set_ids)
    ]
    local = began.astimezone()
    totals |= {
        "session_id": session_id,
        "source": "demo",
        "day": local.toordinal(),
        "hour": local.hour,
        "sets": len(sets),
        "reps": count,
        "lift_s": sum(rep["lift_s"] for rep in reps),
        "hold_s": sum(rep["hold_s"] for rep in reps),
        "lower_s": sum(rep["lower_s"] for rep in reps),
        "faults": dict(faults_seen),
    }
    return MadeUpSession(sets, reps, totals, lasts_s)


def _side(variation: Variation, place: int) -> Side:
    if variation in (Variation.BOTH, Variation.WEIGHT):
        return Side.BOTH
    return Side.RIGHT if place % 2 else Side.LEFT


def _verdict(chances: list[float], clean: float) -> Verdict:
    if chances[0] < UNSURE:
        return Verdict.UNSURE
    return Verdict.GLUTE if chances[1] < clean else Verdict.ARCH


def _faults(chances: list[float], verdict: Verdict) -> list[str]:
    if verdict is Verdict.ARCH:
        return [Fault.TILT.value if chances[2] < 0.7 else Fault.ROTATION.value]
    return [Fault.FAST_LOWER.value] if chances[2] < 0.1 else []
