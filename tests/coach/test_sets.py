"""Sets that end by themselves, the rest after them, and the leg that is to lift next."""

from __future__ import annotations

import pytest

from device.coach.coach import Coach
from device.coach.events import Counted, SetEnded, SetStarted, coach_event_json
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN, Plan, Variation
from device.coach.progression import Advice, Reason
from device.core.types import Fault, Side
from tests.coach.moments import empty, lift, ready, said, told

PLAN = Plan(Variation.SINGLE, sets=2, reps=2, rest_s=30.0)
LEFT, RIGHT, BOTH = Side.LEFT, Side.RIGHT, Side.BOTH


def coach_with(plan: Plan) -> Coach:
    coach = Coach(Rules(45.0, 60.0, 300.0, plan=plan))
    coach.advance(10.0)
    coach.take(ready(10.0))
    return coach


@pytest.mark.parametrize(
    ("variation", "sides", "wanted"),
    [
        (Variation.SINGLE, [], None),
        (Variation.SINGLE, [LEFT], RIGHT),
        (Variation.SINGLE, [RIGHT], LEFT),
        (Variation.SINGLE, [LEFT, LEFT], RIGHT),
        (Variation.SINGLE, [BOTH], None),
        (Variation.SINGLE, [RIGHT, BOTH], LEFT),
        (Variation.LONG_HOLD, [LEFT], RIGHT),
        (Variation.BOTH, [], BOTH),
        (Variation.WEIGHT, [LEFT], BOTH),
    ],
)
def test_the_legs_lift_in_turn_or_together(
    variation: Variation, sides: list[Side], wanted: Side | None
) -> None:
    plan = Plan(variation, sets=1, reps=8)
    reps = tuple(lift(1.0, side) for side in sides)
    assert plan.wanted(1, reps) is wanted
    assert plan.wanted(2, reps) is None


def test_a_set_ends_by_itself_and_says_how_long_to_rest_and_how_many_are_left() -> None:
    coach = coach_with(PLAN)
    first, second = lift(20.0, LEFT), lift(30.0, RIGHT)
    advice = Advice(Variation.SINGLE, Reason.TOO_FEW, Variation.LONG_HOLD)
    assert told(coach.take(first))[-1] == Counted(20.0, 1, 1, 1, first, RIGHT, advice)
    ended = coach.take(second)
    assert told(ended)[-1] == SetEnded(30.0, 1, 2, 2, 30.0, 1)
    assert said(ended)[-1] == "set_done"
    assert coach.rest_left_s(40.0) == 20.0
    assert coach.sets_left == 1
    assert said(coach.advance(59.9)) == []
    assert said(coach.advance(60.0)) == ["next_set"]
    assert said(coach.advance(61.0)) == []


def test_after_the_last_set_it_says_that_all_is_done_and_asks_for_no_more() -> None:
    coach = coach_with(PLAN)
    for at_s, side in ((20.0, LEFT), (30.0, RIGHT), (70.0, LEFT)):
        coach.take(lift(at_s, side))
    last = coach.take(lift(80.0, RIGHT))
    assert told(last)[-1] == SetEnded(80.0, 2, 2, 2, 0.0, 0)
    assert said(last)[-1] == "all_done"
    assert coach_event_json(told(last)[-1])["left"] == 0
    more = told(coach.take(lift(95.0, RIGHT)))
    assert more[0] == SetStarted(95.0, 3)
    assert said(coach.take(lift(105.0, RIGHT))) == ["clean"]


def test_who_goes_on_early_ends_the_rest() -> None:
    coach = coach_with(PLAN)
    coach.take(lift(20.0, LEFT))
    coach.take(lift(30.0, RIGHT))
    assert told(coach.take(lift(40.0, RIGHT)))[0] == SetStarted(40.0, 2)
    assert coach.rest_left_s(41.0) == 0.0
    assert "next_set" not in said(coach.advance(61.0))


def test_who_has_got_up_is_not_called_to_the_next_set() -> None:
    coach = coach_with(PLAN)
    coach.take(lift(20.0, LEFT))
    coach.take(lift(30.0, RIGHT))
    coach.take(empty(35.0))
    assert said(coach.advance(61.0)) == []


@pytest.mark.parametrize(
    ("variation", "then", "cue"),
    [
        (Variation.SINGLE, LEFT, "other_leg"),
        (Variation.SINGLE, BOTH, "one_leg"),
        (Variation.SINGLE, RIGHT, "clean"),
        (Variation.BOTH, LEFT, "both_legs"),
    ],
)
def test_another_leg_than_wanted_counts_and_is_said_kindly(
    variation: Variation, then: Side, cue: str
) -> None:
    coach = coach_with(Plan(variation, sets=2, reps=8))
    coach.take(lift(20.0, BOTH if variation is Variation.BOTH else LEFT))
    coach.advance(22.0)
    events = coach.take(lift(30.0, then))
    assert isinstance(told(events)[0], Counted)
    assert said(events) == [cue]


def test_a_fault_is_more_important_than_the_wrong_leg() -> None:
    coach = coach_with(DEFAULT_PLAN)
    coach.take(lift(20.0, LEFT))
    coach.advance(22.0)
    assert said(coach.take(lift(30.0, LEFT, Fault.ROTATION))) == ["rotation"]


def test_a_step_of_the_clock_backwards_ends_the_rest_silently() -> None:
    coach = coach_with(PLAN)
    coach.take(lift(20.0, LEFT))
    coach.take(lift(30.0, RIGHT))
    coach.advance(5.0)
    assert coach.rest_left_s(5.0) == 0.0
    assert "next_set" not in said(coach.advance(40.0))


def test_the_default_is_two_sets_of_eight_at_two_seconds_each() -> None:
    plan = DEFAULT_PLAN
    assert (plan.sets, plan.reps, plan.lift_s, plan.hold_s, plan.lower_s) == (2, 8, 2, 2, 2)


def test_both_sets_of_a_good_visit_lead_towards_the_next_step() -> None:
    coach = coach_with(DEFAULT_PLAN)
    for number in range(16):
        coach.take(lift(20.0 + 10.0 * number, RIGHT if number % 2 else LEFT))
    assert coach.advice == Advice(Variation.SINGLE, Reason.NEARLY, Variation.LONG_HOLD)
    coach.stop(200.0)
    coach.start(201.0)
    assert coach.advice is None


def test_the_advice_is_on_the_stream_with_every_count() -> None:
    coach = coach_with(DEFAULT_PLAN)
    counted = coach_event_json(told(coach.take(lift(20.0, LEFT)))[-1])
    assert counted["next"] == "right"
    assert counted["advice"] == {
        "variation": "single", "reason": "too_few", "leads_to": "long_hold",
    }  # fmt: skip
