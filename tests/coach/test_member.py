"""A member's visit: known by a code, asked once a year, with a plan, and forgotten at the end."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.coach.coach import Coach
from device.coach.events import (
    CoachEvent,
    Counted,
    PlanChanged,
    SessionStarted,
    SetEnded,
    VisitChanged,
    VisitState,
)
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN, PLANS, Plan, Strictness, Variation
from device.coach.progression import Advice, Reason
from device.coach.trainee import GUEST, Member, Trainee, trainee_from
from device.coach.welcome import identify_request
from device.coach.wire import BOUNDS, LONGEST_REP_S, plan_from
from device.core.types import Fault, Phase, Side, Verdict
from device.errors import FieldError, RefusedError
from tests.coach.moments import empty, lift, phase, ready, rep, said, states, told
from tests.coach.practices import GOOD

ADA = Member(UUID(int=1), "Ada")
SINGLE, HOLD, BOTH, WEIGHT = Variation
RULES = Rules(45.0, 60.0, 300.0, asks_safety=True, plan=DEFAULT_PLAN)


def ada(**more: Any) -> Trainee:
    request = identify_request(ADA.id, ADA.name, acknowledged=True, practices=[GOOD, GOOD])
    return replace(trainee_from(request), **more)


@pytest.fixture
def coach() -> Coach:
    coach = Coach(RULES)
    coach.advance(0.0)
    return coach


def plans(events: Iterable[CoachEvent]) -> list[Plan | None]:
    return [event.plan for event in events if isinstance(event, PlanChanged)]


def test_a_member_who_was_asked_within_the_year_is_not_asked_again(coach: Coach) -> None:
    events = coach.identify(1.0, ada())
    assert told(events) == [
        VisitChanged(1.0, VisitState.CLEARED, member=ADA),
        PlanChanged(1.0, PLANS[HOLD]),
    ]
    assert coach.tally is None
    begun = told(coach.take(ready(20.0)))
    assert begun == [SessionStarted(20.0, PLANS[HOLD], ADA)]


def test_a_member_whose_year_is_over_is_asked_and_the_answer_says_whose_it_is(
    coach: Coach,
) -> None:
    events = coach.identify(1.0, ada(acknowledged=False))
    assert (states(events), said(events)) == ([VisitState.ASKED], ["safety"])
    answered = told(coach.acknowledge(5.0))[0]
    assert answered == VisitChanged(5.0, VisitState.CLEARED, member=ADA, answered=True)


def test_stop_if_it_hurts_is_said_to_members_too_who_are_not_asked(coach: Coach) -> None:
    coach.identify(1.0, ada())
    assert said(coach.start(2.0)) == ["hurts"]


def test_a_guest_who_just_lies_down_trains_the_mats_own_plan(coach: Coach) -> None:
    coach.take(phase(1.0, Phase.GETTING_ON))
    begun = told(coach.acknowledge(3.0))[-1]
    assert begun == SessionStarted(3.0, DEFAULT_PLAN)
    assert coach.trainee == GUEST


def test_with_the_end_of_the_visit_nothing_personal_is_left(coach: Coach) -> None:
    coach.identify(1.0, ada(before={"single": {"clean": 3}}))
    coach.take(ready(10.0))
    coach.take(lift(20.0, Side.LEFT))
    coach.take(empty(25.0))
    ended = told(coach.advance(85.0))
    assert ended[-2:] == [VisitChanged(85.0, VisitState.NEW), PlanChanged(85.0, DEFAULT_PLAN)]
    assert coach.trainee == GUEST
    assert (coach.plan, coach.advice) == (DEFAULT_PLAN, None)


def test_who_types_a_code_and_walks_away_is_forgotten_after_a_minute(coach: Coach) -> None:
    coach.identify(1.0, ada())
    assert states(coach.advance(60.9)) == []
    coach.choose(30.0, DEFAULT_PLAN)
    assert states(coach.advance(89.9)) == []
    assert states(coach.advance(90.0)) == [VisitState.NEW]
    assert coach.trainee == GUEST


def test_what_a_guest_chose_and_did_not_train_is_not_the_next_ones(coach: Coach) -> None:
    chosen = replace(DEFAULT_PLAN, reps=3)
    coach.choose(1.0, chosen)
    coach.advance(60.9)
    assert coach.plan == chosen
    assert plans(coach.advance(61.0)) == [DEFAULT_PLAN]
    assert coach.advance(200.0) == ()


def test_what_a_trainer_sets_waits_for_whoever_comes(coach: Coach) -> None:
    coach.choose(1.0, PLANS[BOTH], by_trainer=True)
    coach.advance(500.0)
    assert coach.plan == PLANS[BOTH]
    coach.take(phase(501.0, Phase.GETTING_ON))
    assert told(coach.acknowledge(503.0))[-1] == SessionStarted(503.0, PLANS[BOTH])


def test_the_next_member_at_once_is_another_visit(coach: Coach) -> None:
    coach.identify(1.0, ada())
    other = Member(UUID(int=2), "Grace")
    events = coach.identify(5.0, ada(member=other, acknowledged=False, plan=DEFAULT_PLAN))
    assert told(events)[0] == VisitChanged(5.0, VisitState.ASKED, member=other)
    assert coach.plan == DEFAULT_PLAN


def test_nobody_is_identified_in_a_session_nor_to_a_recording(coach: Coach) -> None:
    coach.start(1.0)
    coach.acknowledge(2.0)
    with pytest.raises(RefusedError, match="a session is running"):
        coach.identify(3.0, ada())
    with pytest.raises(RefusedError, match="a recording is played"):
        Coach(Rules(45.0, 60.0, 300.0)).identify(1.0, ada())


def test_a_member_who_already_lies_there_begins_at_once(coach: Coach) -> None:
    coach.take(phase(1.0, Phase.GETTING_ON))
    coach.take(phase(5.0, Phase.READY))
    events = told(coach.identify(6.0, ada()))
    assert isinstance(events[-1], SessionStarted)


def test_only_open_steps_may_be_chosen_but_a_trainer_may_set_any(coach: Coach) -> None:
    with pytest.raises(RefusedError, match="not been earned"):
        coach.choose(1.0, PLANS[BOTH])
    assert plans(coach.choose(2.0, PLANS[BOTH], by_trainer=True)) == [PLANS[BOTH]]
    coach.identify(3.0, ada())
    assert plans(coach.choose(4.0, PLANS[SINGLE])) == [PLANS[SINGLE]]
    with pytest.raises(RefusedError, match="not been earned"):
        coach.choose(5.0, PLANS[BOTH])


def test_during_a_set_only_a_trainer_changes_the_plan_and_for_the_next_set(coach: Coach) -> None:
    coach.identify(1.0, ada(plan=replace(DEFAULT_PLAN, reps=2)))
    coach.take(ready(5.0))
    coach.take(lift(15.0, Side.LEFT))
    with pytest.raises(RefusedError, match="a set is going on"):
        coach.choose(16.0, PLANS[SINGLE])
    (waiting,) = coach.choose(16.0, PLANS[BOTH], by_trainer=True)
    assert waiting == PlanChanged(16.0, PLANS[BOTH], from_next_set=True)
    assert coach.plan == replace(DEFAULT_PLAN, reps=2)
    ended = told(coach.take(lift(25.0, Side.RIGHT)))
    assert isinstance(ended[-2], SetEnded)
    assert ended[-1] == PlanChanged(25.0, PLANS[BOTH])
    assert coach.wanted is None
    coach.take(lift(80.0, Side.BOTH))
    assert coach.wanted is Side.BOTH


@pytest.mark.parametrize(
    ("strictness", "clean"),
    [(Strictness.GENTLE, 3), (Strictness.NORMAL, 2), (Strictness.STRICT, 1)],
)
def test_the_plans_strictness_says_what_counts_as_clean(
    coach: Coach, strictness: Strictness, clean: int
) -> None:
    coach.identify(1.0, ada(plan=replace(DEFAULT_PLAN, strictness=strictness)))
    coach.take(ready(5.0))
    events = [
        *coach.take(rep(15.0, Verdict.GLUTE)),
        *coach.take(rep(25.0, Verdict.GLUTE, Fault.TOO_HIGH)),
        *coach.take(rep(35.0, Verdict.UNSURE)),
        *coach.take(rep(45.0, Verdict.ARCH, Fault.TILT)),
    ]
    counted = [event for event in events if isinstance(event, Counted)]
    assert counted[-1].clean == clean == sum(event.is_clean for event in counted)
    assert coach.tally is not None
    assert coach.tally.clean == clean


def test_the_advice_counts_the_sessions_before_and_the_trainer_overrules_it(coach: Coach) -> None:
    def advised(trainee: Trainee) -> Advice | None:
        visit = Coach(RULES)
        visit.identify(1.0, trainee)
        visit.take(ready(5.0))
        for number in range(16):
            visit.take(lift(15.0 + 10.0 * number, Side.RIGHT if number % 2 else Side.LEFT))
        return visit.advice

    good_once = ada(practices=(GOOD,), plan=PLANS[SINGLE])
    assert advised(good_once) == Advice(HOLD, Reason.EARNED, BOTH)
    assert advised(replace(good_once, practices=())) == Advice(SINGLE, Reason.NEARLY, HOLD)
    decided = advised(replace(good_once, programme=True))
    assert decided == Advice(SINGLE, Reason.PROGRAMME, HOLD)


@pytest.mark.parametrize(
    "more",
    [
        {"member": "Ada"}, {"practices": "none"}, {"practices": [{}]}, {"offer": []},
        {"before": 3}, {"plan": None},
    ],
)  # fmt: skip
def test_who_is_named_wrongly_is_nobody(more: dict[str, object]) -> None:
    request = identify_request(ADA.id, ADA.name, acknowledged=True)
    with pytest.raises(FieldError):
        trainee_from(request | more)


def test_a_request_for_a_guest_names_nobody() -> None:
    guest = trainee_from(identify_request(None, "", acknowledged=False))
    assert (guest.member, guest.plan, guest.steps) == (None, DEFAULT_PLAN, (SINGLE,))


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = ("member", "name", "acknowledged", "plan", "offer", "practices", "programme", "before")


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_whatever_a_request_says_it_is_understood_or_refused(more: dict[str, Any]) -> None:
    request = identify_request(ADA.id, ADA.name, acknowledged=True)
    with suppress(FieldError):
        trainee_from(request | more)


@given(st.dictionaries(st.sampled_from(["variation", "strictness", *BOUNDS]), ANYTHING))
def test_whatever_a_plan_says_it_can_be_trained_or_is_refused(more: dict[str, Any]) -> None:
    with suppress(FieldError):
        plan = plan_from({"variation": "single"} | more)
        assert plan.sets >= 1
        assert plan.rep_s <= LONGEST_REP_S
