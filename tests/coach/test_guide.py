"""The way to the start: how to lie, what the tones mean, and when it is ready."""

from __future__ import annotations

import pytest

from device.coach.guide import correction
from device.core.posture import PROBLEMS
from device.core.types import Phase, PostureEvent, Side
from tests.coach.heard import Heard

LEFT = Side.LEFT


def test_ready_comes_by_itself_after_three_still_seconds() -> None:
    heard = Heard()
    heard.coach.start(0.0)
    heard.wait(20.0)
    assert heard.cues()[-2:] == ["welcome", "tempo"]
    began_s = heard.now_s
    heard.lie()
    heard.wait(6.0)
    still_s = began_s + 2.0
    assert still_s + 3.0 <= heard.at_s("ready") < still_s + 4.0


def test_a_first_timer_hears_what_the_tones_mean_before_the_first_lift_and_once() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(15.0)
    assert heard.cues() == ["hurts", "settle", "tempo", "ready"]
    heard.turn(1)
    heard.phase(Phase.EMPTY)
    heard.wait(5.0)
    heard.clear()
    heard.lie()
    heard.wait(10.0)
    assert heard.cues("tempo", "lift_") == ["lift_left"]


def test_who_lies_already_when_the_safety_page_is_answered_hears_the_same() -> None:
    heard = Heard(asks=True)
    heard.lie()
    heard.wait(5.0)
    heard.take(heard.coach.acknowledge(heard.now_s))
    heard.wait(15.0)
    assert heard.cues("hurts", "tempo", "ready") == ["hurts", "tempo", "ready"]


def test_who_lies_down_at_once_is_not_told_where_to_lie() -> None:
    heard = Heard()
    heard.take(heard.coach.start(heard.now_s))
    assert heard.cues() == ["hurts"]
    heard.phase(Phase.SETTLING)
    heard.wait(15.0)
    assert heard.cues() == ["hurts", "tempo", "settle"]


def test_who_lifts_at_once_is_no_longer_told_to_lie_still() -> None:
    heard = Heard()
    heard.phase(Phase.SETTLING)
    assert heard.cues() == ["hurts"]
    heard.phase(Phase.READY)
    heard.lift(LEFT)
    heard.wait(5.0)
    assert heard.cues("settle") == []


@pytest.mark.parametrize("problem", [*PROBLEMS])
@pytest.mark.parametrize("size", [30.0, -30.0])
def test_every_problem_of_the_position_has_words_that_say_what_to_do(
    problem: str, size: float
) -> None:
    cue = correction(PostureEvent(0.0, {problem: size}))
    assert cue.words
    assert cue.key.startswith("pose_")


def test_a_body_off_the_line_is_told_which_way_to_move() -> None:
    def told(below_pct: float) -> str:
        problems = {"hips_off_line": 3.0, "head_up": 1.0}
        return correction(PostureEvent(0.0, problems, {"below_pct": below_pct})).words

    assert told(20.0) == "Move a hand's breadth towards the head."
    assert told(-20.0) == "Move a hand's breadth towards the feet."
    assert told(0.0) == "Both hip bones on the line."


def test_a_position_that_is_put_right_is_ready_at_once_after() -> None:
    heard = Heard()
    heard.lie(askew=80.0)
    heard.wait(9.0)
    assert heard.cues("pose", "ready") == ["pose_askew_more"]
    heard.take(heard.coach.take(PostureEvent(heard.now_s, {})))
    heard.wait(8.0)
    assert heard.cues("pose", "ready") == ["pose_askew_more", "ready"]


def test_between_two_lifts_a_head_that_stays_up_is_told_and_nothing_else() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(15.0)
    heard.lift(LEFT)
    heard.wait(4.0)
    heard.clear()
    heard.take(heard.coach.take(PostureEvent(heard.now_s, {"askew": 80.0})))
    assert heard.cues() == []
    heard.take(heard.coach.take(PostureEvent(heard.now_s, {"askew": 80.0, "head_up": 1.0})))
    assert heard.cues() == ["pose_head_up"]


def test_a_position_that_stays_wrong_is_let_be_after_three_corrections() -> None:
    heard = Heard()
    heard.lie(head_up=1.0)
    heard.wait(40.0)
    assert heard.cues("pose", "ready") == ["pose_head_up"] * 3 + ["ready"]
