"""The coach: what begins and ends a session and a set, what is counted, what is said and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.coach.coach import Coach
from device.coach.cues import CUES, Priority
from device.coach.events import (
    CoachEvent,
    Counted,
    End,
    Said,
    SessionEnded,
    SessionStarted,
    SetEnded,
    SetStarted,
    coach_event_json,
)
from device.coach.pauses import Rules
from device.coach.tally import Tally
from device.core.types import Fault, Phase, PhaseEvent, Side, Verdict, WarningEvent
from tests.coach.moments import empty, lifting, ready, rep, said, told

RULES = Rules(set_pause_s=45.0, end_after_empty_s=60.0, end_after_still_s=300.0)


@pytest.fixture
def coach() -> Coach:
    """A coach in a session, its member lying ready at 10 s."""
    coach = Coach(RULES)
    coach.advance(10.0)
    assert told(coach.take(ready(10.0))) == [SessionStarted(10.0)]
    return coach


def test_reps_are_counted_in_sets_and_the_clean_ones_too(coach: Coach) -> None:
    first = rep(15.0)
    assert told(coach.take(first)) == [SetStarted(15.0, 1), Counted(15.0, 1, 1, 1, first)]
    second = rep(20.0, Verdict.ARCH, Fault.TILT)
    assert told(coach.take(second)) == [Counted(20.0, 1, 2, 1, second, is_clean=False)]
    assert coach.tally == Tally(1, (first, second), True)


def test_a_pause_ends_the_set_and_the_next_rep_begins_another_at_one(coach: Coach) -> None:
    coach.take(rep(15.0))
    assert told(coach.advance(59.9)) == []
    assert told(coach.advance(60.0)) == [SetEnded(60.0, 1, 1, 1)]
    assert told(coach.advance(70.0)) == []
    again = rep(75.0)
    assert told(coach.take(again)) == [SetStarted(75.0, 2), Counted(75.0, 2, 1, 1, again)]


def test_nothing_ends_while_a_leg_is_up(coach: Coach) -> None:
    coach.take(rep(15.0))
    coach.take(lifting(58.0))
    assert told(coach.advance(62.0)) == []


def test_leaving_the_mat_for_long_ends_the_session_and_its_set(coach: Coach) -> None:
    coach.take(rep(15.0))
    coach.take(empty(16.0))
    coach.advance(30.0)
    coach.take(ready(40.0))
    assert told(coach.advance(50.0)) == []
    coach.take(empty(51.0))
    coach.advance(70.0)
    assert told(coach.advance(111.0)) == [SessionEnded(111.0, End.LEFT)]
    assert coach.tally is None


def test_lying_still_for_long_ends_the_session_and_a_lift_begins_the_next(coach: Coach) -> None:
    assert told(coach.advance(310.0)) == [SessionEnded(310.0, End.STILL)]
    assert told(coach.advance(311.0)) == []
    assert told(coach.take(lifting(320.0))) == [SessionStarted(320.0)]


def test_after_a_stop_nothing_counts_until_start_or_an_empty_mat(coach: Coach) -> None:
    coach.take(rep(15.0))
    assert told(coach.stop(16.0)) == [SetEnded(16.0, 1, 1, 1), SessionEnded(16.0, End.ASKED)]
    assert coach.stop(17.0) == ()
    assert coach.take(lifting(18.0)) == ()
    assert coach.take(rep(22.0)) == ()
    assert told(coach.start(23.0)) == [SessionStarted(23.0)]
    assert coach.start(24.0) == ()
    coach.stop(25.0)
    coach.take(empty(26.0))
    assert told(coach.take(ready(40.0))) == [SessionStarted(40.0)]


def test_a_session_asked_for_with_nobody_there_ends_when_nobody_comes() -> None:
    coach = Coach(RULES)
    coach.advance(0.0)
    assert told(coach.start(1.0)) == [SessionStarted(1.0)]
    assert told(coach.advance(61.0)) == [SessionEnded(61.0, End.LEFT)]


def test_a_resumed_session_goes_on_counting_on_another_clock() -> None:
    coach = Coach(RULES)
    coach.resume(Tally(2, (rep(9000.0), rep(9005.0, Verdict.ARCH)), True))
    assert coach.advance(3.0) == ()
    assert told(coach.take(ready(10.0))) == []
    third = rep(15.0)
    assert told(coach.take(third)) == [Counted(15.0, 2, 3, 2, third)]


def test_a_resumed_session_whose_member_has_gone_ends_by_itself() -> None:
    coach = Coach(RULES)
    coach.resume(Tally(1, (rep(9000.0),), True))
    coach.advance(3.0)
    assert told(coach.advance(63.0)) == [SetEnded(63.0, 1, 1, 1), SessionEnded(63.0, End.LEFT)]


def test_a_step_backwards_in_time_ends_nothing(coach: Coach) -> None:
    coach.take(rep(1000.0))
    coach.advance(1001.0)
    assert coach.advance(5.0) == ()
    assert told(coach.advance(40.0)) == []
    assert told(coach.advance(50.0)) == [SetEnded(50.0, 1, 1, 1)]


def test_a_warning_sounds_at_once_and_without_words(coach: Coach) -> None:
    coach.take(lifting(20.0))
    (event,) = coach.take(WarningEvent(20.5, Side.LEFT, Fault.TILT))
    assert event == Said(20.5, CUES["warn_tilt"])
    assert CUES["warn_tilt"].words == ""


def test_words_wait_while_a_leg_is_up_and_are_dropped_when_they_are_stale(coach: Coach) -> None:
    coach.advance(19.0)
    coach.take(lifting(20.0))
    assert said(coach.take(rep(20.1, Verdict.ARCH, Fault.TILT))) == []
    coach.take(ready(22.0))
    assert said(coach.advance(22.1)) == ["tilt"]
    coach.take(lifting(29.0))
    assert said(coach.take(rep(29.1, Verdict.ARCH, Fault.TILT))) == []
    coach.take(ready(34.0))
    assert said(coach.advance(34.1)) == []


def test_of_two_faults_the_more_urgent_one_is_named(coach: Coach) -> None:
    faults = (Fault.FAST_LIFT, Fault.TOO_HIGH, Fault.HEAD)
    assert said(coach.take(rep(20.0, Verdict.ARCH, *faults))) == ["head"]


def test_one_phrase_never_follows_upon_another(coach: Coach) -> None:
    assert said(coach.take(rep(20.0, Verdict.GLUTE, Fault.FAST_LIFT))) == ["fast_lift"]
    assert said(coach.take(rep(21.0, Verdict.GLUTE, Fault.FAST_LOWER))) == []
    assert said(coach.advance(22.4)) == []
    assert said(coach.advance(22.5)) == ["fast_lower"]


def test_every_fault_has_its_cue_and_only_urgent_cues_sound_over_a_lift() -> None:
    for fault in Fault:
        assert CUES[fault.value].words
    for cue in CUES.values():
        assert (cue.priority is Priority.NOW) == cue.key.startswith(("warn_", "pace_"))
        assert not (cue.words and cue.priority is Priority.NOW)
    for fault in (Fault.TILT, Fault.ROTATION):
        assert f"warn_{fault.value}" in CUES


def test_every_event_of_the_coach_has_its_form_on_the_stream() -> None:
    events = (
        SessionStarted(1.0),
        SetStarted(2.0, 1),
        Counted(3.0, 1, 2, 1, rep(3.0)),
        SetEnded(4.0, 1, 2, 1),
        SessionEnded(5.0, End.LEFT),
        Said(6.0, CUES["head"]),
    )
    shown = [coach_event_json(event) for event in events]
    assert [item["at"] for item in shown] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert shown[0] == {
        "event": "session", "state": "started", "variation": None, "at": 1.0,
    }  # fmt: skip
    assert (shown[2]["count"], shown[2]["clean"], shown[2]["verdict"]) == (2, 1, "glute")
    assert (shown[5]["cue"], shown[5]["text"]) == ("head", "Forehead down.")


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["ready", "lifting", "empty", "rep", "start", "stop", "advance"]),
        st.floats(-20.0, 120.0),
    ),
    max_size=60,
)


@given(MOVES)
def test_whatever_happens_sessions_and_sets_nest_and_counts_are_whole(
    moves: list[tuple[str, float]],
) -> None:
    coach = Coach(RULES)
    t_s = 0.0
    events: list[CoachEvent] = []
    for what, step_s in moves:
        t_s += step_s
        match what:
            case "rep":
                events += coach.take(rep(t_s))
            case "start":
                events += coach.start(t_s)
            case "stop":
                events += coach.stop(t_s)
            case "advance":
                events += coach.advance(t_s)
            case phase:
                events += coach.take(PhaseEvent(t_s, Phase(phase)))
    events += coach.stop(t_s)
    session, set_number, count = False, 0, 0
    in_set = False
    for event in told(events):
        match event:
            case SessionStarted():
                assert not session
                session, set_number = True, 0
            case SetStarted():
                assert session
                assert not in_set
                assert event.number == set_number + 1
                set_number, count, in_set = event.number, 0, True
            case Counted():
                assert in_set
                assert (event.set_number, event.number) == (set_number, count + 1)
                count += 1
            case SetEnded():
                assert in_set
                assert (event.number, event.count) == (set_number, count)
                in_set = False
            case SessionEnded():
                assert session
                assert not in_set
                session = False
    assert not session
