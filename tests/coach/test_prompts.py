"""The call for the next leg or set: when it comes, and how it fades as the form gets better."""

from __future__ import annotations

from dataclasses import replace

from device.coach.fading import GOOD_IN_A_ROW, Fading, Often
from device.coach.programme import DEFAULT_PLAN, PLANS, Variation
from device.core.types import Fault, Side, Verdict
from tests.coach.heard import Heard

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_between_two_clean_lifts_the_next_leg_is_called_once_the_count_is_out() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.lift(LEFT)
    landed_s = heard.now_s
    heard.wait(3.0)
    assert heard.cues("clean", "lift") == ["clean", "lift_right"]
    assert 1.0 <= heard.at_s("lift_right") - landed_s <= 1.5


def test_prompts_fade_as_the_form_gets_better_and_come_back_when_it_falls() -> None:
    heard = Heard(replace(DEFAULT_PLAN, reps=30))
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.turn(10)
    prompted = len(heard.cues("lift_"))
    assert GOOD_IN_A_ROW <= prompted < 10
    heard.clear()
    heard.turn(2)
    assert heard.cues("lift_", "pace_") == []
    heard.lift(LEFT, Fault.TILT, verdict=Verdict.ARCH)
    heard.wait(4.0)
    assert heard.cues("tilt") == ["tilt"]
    heard.clear()
    heard.lift(RIGHT)
    assert "pace_hold" in heard.cues()


def test_fading_goes_from_every_lift_to_every_second_to_none() -> None:
    fading = Fading()
    prompts = []
    for _ in range(10):
        prompts.append(fading.prompts)
        fading.lifted(True)
    assert prompts[:3] == [True] * 3
    assert prompts[3:6] == [False, True, False]
    assert prompts[6:] == [False] * 4
    fading.lifted(False)
    assert (fading.prompts, fading.often) == (True, Often.SECOND)
    fading.lifted(False)
    assert fading.often is Often.EVERY


def test_a_good_last_session_begins_with_fewer_prompts() -> None:
    fading = Fading(Often.SECOND)
    fading.lifted(True)
    assert not fading.prompts


def test_nothing_is_prompted_in_the_rest_and_the_next_set_begins_with_a_prompt() -> None:
    heard = Heard(replace(DEFAULT_PLAN, reps=2, rest_s=20.0))
    heard.lie()
    heard.wait(10.0)
    heard.turn(1)
    assert heard.cues()[-1] == "set_done"
    heard.clear()
    heard.wait(16.0)
    assert heard.cues() == []
    heard.wait(10.0)
    assert heard.cues() == ["next_set", "ready"]


def test_who_pauses_for_long_within_a_set_is_called_to_the_next() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.turn(1)
    heard.clear()
    heard.wait(60.0)
    assert heard.cues() == ["next_set", "ready"]


def test_after_the_last_set_nothing_more_is_asked_for() -> None:
    heard = Heard(replace(DEFAULT_PLAN, sets=1, reps=2))
    heard.lie()
    heard.wait(10.0)
    heard.turn(1)
    heard.clear()
    heard.wait(60.0)
    assert heard.cues() == []


def test_both_legs_are_called_where_the_plan_is_about_both() -> None:
    heard = Heard(PLANS[Variation.BOTH])
    heard.lie()
    heard.wait(15.0)
    assert heard.cues("lift", "ready") == ["lift_both"]
