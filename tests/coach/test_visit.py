"""The visit: nobody lifts for a count before the safety page was read, and a yes is for one."""

from __future__ import annotations

import pytest

from device.coach.coach import Coach
from device.coach.events import (
    By,
    Counted,
    SessionEnded,
    SessionStarted,
    VisitChanged,
    VisitState,
    coach_event_json,
)
from device.coach.pauses import Rules
from device.coach.tally import Tally
from device.core.types import Fault, Phase, Side, WarningEvent
from tests.coach.moments import phase, rep, said, states, told

LEAVE_S = 60.0
RULES = Rules(45.0, LEAVE_S, 300.0, asks_safety=True)


@pytest.fixture
def coach() -> Coach:
    coach = Coach(RULES)
    coach.advance(0.0)
    return coach


def test_whoever_gets_on_the_mat_is_asked_aloud_and_nothing_counts_before_the_answer(
    coach: Coach,
) -> None:
    asked = coach.take(phase(1.0, Phase.GETTING_ON))
    assert (states(asked), said(asked)) == ([VisitState.ASKED], ["safety"])
    assert said(coach.take(phase(6.0, Phase.READY))) == ["safety"]
    assert coach.take(phase(8.0, Phase.LIFTING)) == ()
    assert coach.take(WarningEvent(8.5, Side.LEFT, Fault.TILT)) == ()
    assert coach.take(rep(12.0)) == ()
    assert coach.tally is None
    coach.take(phase(12.1, Phase.READY))
    answered = coach.acknowledge(13.0)
    cleared = VisitChanged(13.0, VisitState.CLEARED, answered=True)
    assert told(answered) == [cleared, SessionStarted(13.0)]
    assert any(isinstance(event, Counted) for event in coach.take(rep(20.0)))


def test_stop_if_it_hurts_is_said_with_the_answer(coach: Coach) -> None:
    coach.start(1.0)
    assert said(coach.acknowledge(5.0)) == ["hurts"]
    assert said(coach.advance(7.8)) == ["welcome"]


def test_start_asks_first_and_is_answered_by_one_touch(coach: Coach) -> None:
    assert states(coach.start(1.0)) == [VisitState.ASKED]
    assert states(coach.start(2.0)) == []
    assert told(coach.acknowledge(3.0))[1:] == [SessionStarted(3.0)]
    assert coach.acknowledge(4.0) == ()
    assert coach.decline(4.0) == ()


def test_who_has_a_condition_is_not_coached_until_the_next_visit(coach: Coach) -> None:
    coach.start(1.0)
    assert states(coach.decline(2.0)) == [VisitState.DECLINED]
    for event in (phase(3.0, Phase.GETTING_ON), phase(9.0, Phase.READY), rep(15.0)):
        assert coach.take(event) == ()
    assert coach.acknowledge(16.0) == ()
    coach.take(phase(20.0, Phase.EMPTY))
    assert states(coach.advance(20.0 + LEAVE_S)) == [VisitState.NEW]
    assert states(coach.take(phase(90.0, Phase.GETTING_ON))) == [VisitState.ASKED]


def test_who_declined_by_mistake_may_be_asked_again(coach: Coach) -> None:
    coach.start(1.0)
    coach.decline(2.0)
    assert states(coach.start(5.0)) == [VisitState.ASKED]


def test_the_answer_holds_for_a_rest_off_the_mat_but_not_for_the_next_person(coach: Coach) -> None:
    coach.start(1.0)
    coach.acknowledge(2.0)
    coach.take(phase(5.0, Phase.READY))
    coach.take(rep(10.0))
    coach.take(phase(12.0, Phase.EMPTY))
    assert states(coach.take(phase(40.0, Phase.GETTING_ON))) == []
    coach.take(phase(50.0, Phase.EMPTY))
    left = told(coach.advance(50.0 + LEAVE_S))
    assert isinstance(left[-2], SessionEnded)
    assert left[-1] == VisitChanged(110.0, VisitState.NEW)
    assert states(coach.take(phase(120.0, Phase.GETTING_ON))) == [VisitState.ASKED]


def test_who_stops_and_gets_up_has_ended_the_visit(coach: Coach) -> None:
    coach.start(1.0)
    coach.acknowledge(2.0)
    coach.take(phase(5.0, Phase.READY))
    assert states(coach.stop(6.0)) == []
    assert states(coach.take(phase(8.0, Phase.EMPTY))) == [VisitState.NEW]


def test_a_stop_with_nobody_on_the_mat_ends_the_visit(coach: Coach) -> None:
    coach.start(1.0)
    coach.acknowledge(2.0)
    assert states(coach.stop(3.0)) == [VisitState.NEW]


def test_a_page_that_nobody_answers_goes_away_with_the_person(coach: Coach) -> None:
    coach.start(1.0)
    assert states(coach.advance(60.0)) == []
    assert states(coach.advance(61.0)) == [VisitState.NEW]


def test_a_step_of_the_clock_backwards_ends_no_visit(coach: Coach) -> None:
    coach.start(1000.0)
    assert coach.advance(5.0) == ()
    assert states(coach.advance(64.0)) == []
    assert states(coach.advance(65.0)) == [VisitState.NEW]


def test_a_session_that_an_earlier_run_began_was_answered_there() -> None:
    coach = Coach(RULES)
    coach.resume(Tally(1, (rep(9000.0),), True))
    assert coach.visit is VisitState.CLEARED
    assert states(coach.take(phase(3.0, Phase.READY))) == []


def test_a_simulated_visitor_answers_by_itself_and_says_so() -> None:
    coach = Coach(Rules(45.0, LEAVE_S, 300.0, asks_safety=True, reads_safety_s=2.5))
    coach.take(phase(1.0, Phase.GETTING_ON))
    assert told(coach.advance(3.4)) == []
    answered = VisitChanged(3.5, VisitState.CLEARED, By.SIMULATED, answered=True)
    assert told(coach.advance(3.5)) == [answered, SessionStarted(3.5)]
    assert coach_event_json(answered) == {
        "event": "visit", "state": "cleared", "by": "simulated", "member": None, "at": 3.5,
    }  # fmt: skip
