"""What looks like a lift and is none is told with its reason, and what is none at all is not."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from device.athlete import SimulatedMat, dead_weight_points
from device.core.calibration import fit_calibration
from device.core.lift import LegLift
from device.core.misses import BENT_S, LONGEST_BENT_S, BendWatch, why_missed
from device.core.pipeline import Pipeline
from device.core.types import Event, Miss, Missed, Rep, Side, event_json
from device.mat_file import load_mat

MAT = load_mat()
HALF = LegLift(Side.LEFT, 0.0, 1.5, 3.0, foot=0.1, knee=0.1, thigh=0.8, torso=1.1, flicker=0.3)
TICK_S = 0.02


@pytest.mark.parametrize(
    ("lift", "why"),
    [
        pytest.param(HALF, Miss.HALF_LIFT, id="thigh on the mat"),
        pytest.param(replace(HALF, thigh=0.1, end_s=0.6), Miss.TOO_SHORT, id="back at once"),
        pytest.param(replace(HALF, end_s=0.2), None, id="a twitch"),
        pytest.param(replace(HALF, torso=0.1), None, id="getting up"),
        pytest.param(replace(HALF, knee=0.7), None, id="sliding the foot"),
        pytest.param(replace(HALF, torso=nan, knee=nan), Miss.HALF_LIFT, id="strips missing"),
    ],
)
def test_why_a_leg_that_was_up_did_not_count(lift: LegLift, why: Miss | None) -> None:
    assert why_missed(lift) is why


def bends(lasts_s: float, knee: float = 1.2, thigh: float = 1.0, up: bool = False) -> bool:
    """Whether a foot that is off for so long is found to be a bent knee."""
    watch = BendWatch()
    told = [
        watch.update(t_s, up and 1.0 <= t_s < 1.0 + lasts_s, foot, knee, thigh)
        for t_s in np.arange(0.0, lasts_s + 3.0, TICK_S).tolist()
        for foot in (0.1 if 1.0 <= t_s < 1.0 + lasts_s else 1.0,)
    ]
    assert sum(told) <= 1
    return any(told)


def test_a_knee_that_was_bent_is_told_when_the_foot_is_back() -> None:
    assert bends(BENT_S + 0.5)
    assert not bends(BENT_S - 0.5)
    assert not bends(LONGEST_BENT_S + 0.5)
    assert not bends(3.0, thigh=0.3)
    assert not bends(3.0, knee=0.3)
    assert not bends(3.0, up=True)
    assert not bends(3.0, thigh=nan)


@pytest.fixture(scope="module")
def told() -> list[Event]:
    """What the core tells of a simulated member who does these one after the other."""
    orders = ("head", "rest", "shift", "rest", "bend_left", "rest", "lift_right")
    simulated = SimulatedMat(MAT, 4)
    pipeline = Pipeline(fit_calibration(MAT, dead_weight_points(MAT, 4), "weights"))
    for order in ("lie_down", "rest", *orders, "rest"):
        simulated.command(order)
    events: list[Event] = []
    t_s = 0.0
    while t_s < 1.0 or simulated.doing is not None:
        events += pipeline.step(t_s, simulated.counts(t_s))
        t_s += 0.01
    return events


def test_a_member_who_bends_a_knee_is_told_and_who_lifts_is_counted(told: list[Event]) -> None:
    missed = [(event.side, event.why) for event in told if isinstance(event, Missed)]
    assert (Side.LEFT, Miss.KNEE_BEND) in missed
    assert [event.side for event in told if isinstance(event, Rep)] == [Side.RIGHT]


def test_a_head_that_is_raised_and_a_shift_are_no_tries(told: list[Event]) -> None:
    first = next(event for event in told if isinstance(event, Missed | Rep))
    assert isinstance(first, Missed)
    assert first.why is Miss.KNEE_BEND
    assert sum(isinstance(event, Missed | Rep) for event in told) == 2


def test_it_is_on_the_stream_as_not_counted() -> None:
    assert event_json(Missed(3.0, Side.LEFT, Miss.KNEE_BEND)) == {
        "event": "not_counted", "side": "left", "why": "knee_bend", "at": 3.0,
    }  # fmt: skip
