"""What is said after a lift, what did not count, and that no word falls over a lift or another."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.coach.cues import CUES
from device.coach.programme import DEFAULT_PLAN, Plan
from device.coach.speech import Speech
from device.core.types import Fault, Miss, Missed, Phase, Side, Verdict
from tests.coach.heard import Heard
from tests.coach.moments import rep

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_after_a_fault_there_is_one_phrase_and_no_prompt_beside_it() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.lift(LEFT, Fault.ROTATION, Fault.TOO_HIGH, verdict=Verdict.ARCH)
    heard.wait(3.0)
    assert [key for key in heard.cues() if CUES[key].words] == ["rotation"]


@pytest.mark.parametrize("why", list(Miss))
def test_a_lift_that_did_not_count_says_why(why: Miss) -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.take(heard.coach.take(Missed(heard.now_s, LEFT, why)))
    heard.wait(0.1)
    heard.take(heard.coach.take(Missed(heard.now_s, RIGHT, why)))
    heard.wait(4.0)
    assert heard.cues() == [why.value]
    assert CUES[why.value].words.startswith("Not counted. ")


def test_the_count_is_held_until_both_feet_are_down() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(6.0)
    heard.lift(LEFT)
    heard.wait(0.1)
    assert [number for _, number in heard.numbers] == ["1"]
    heard.phase(Phase.LIFTING, LEFT)
    heard.wait(4.0)
    heard.take(heard.coach.take(replace(rep(heard.now_s), side=LEFT)))
    heard.phase(Phase.LIFTING, RIGHT)
    heard.wait(2.0)
    assert len(heard.numbers) == 1
    heard.phase(Phase.READY)
    heard.wait(0.1)
    assert heard.numbers[1:] == [(round(heard.now_s, 2), "2")]


def test_a_count_that_could_not_be_said_is_not_said_late() -> None:
    heard = Heard()
    heard.lie()
    heard.phase(Phase.LIFTING, LEFT)
    heard.wait(4.0)
    heard.take(heard.coach.take(rep(heard.now_s)))
    heard.phase(Phase.LIFTING, RIGHT)
    heard.wait(6.0)
    heard.phase(Phase.READY)
    heard.wait(5.0)
    assert heard.numbers == []
    heard.lift(LEFT)
    heard.wait(0.1)
    assert [number for _, number in heard.numbers] == ["2"]


def test_a_phrase_that_waits_follows_as_soon_as_the_one_before_is_out() -> None:
    speech = Speech()
    assert speech.say(0.0, CUES["other_leg"], lifting=False)
    assert not speech.say(0.1, CUES["set_done"], lifting=False)
    said = [tenth / 10 for tenth in range(2, 50) if speech.advance(tenth / 10, lifting=False)]
    assert len(said) == 1
    assert 2.0 < said[0] <= 3.0


MOVES = st.lists(
    st.sampled_from(["lift", "fault", "miss", "off", "wait", "rest", "lie", "stop", "start"]),
    max_size=15,
)


@settings(max_examples=40)
@given(MOVES, st.sampled_from([None, DEFAULT_PLAN, replace(DEFAULT_PLAN, reps=2, rest_s=5.0)]))
def test_no_word_is_ever_said_over_a_lift_nor_two_at_once(
    moves: list[str], plan: Plan | None
) -> None:
    heard = Heard(plan)
    heard.lie()
    for number, move in enumerate(moves):
        side = LEFT if number % 2 else RIGHT
        match move:
            case "lift":
                heard.lift(side, seconds=3.0)
            case "fault":
                heard.lift(side, Fault.TILT, Fault.FAST_LOWER, verdict=Verdict.ARCH, seconds=2.5)
            case "miss":
                heard.take(heard.coach.take(Missed(heard.now_s, side, Miss.KNEE_BEND)))
            case "off":
                heard.phase(Phase.EMPTY)
            case "lie":
                heard.lie(head_up=1.0)
            case "stop":
                heard.take(heard.coach.stop(heard.now_s))
            case "start":
                heard.take(heard.coach.start(heard.now_s))
            case _:
                heard.wait(1.0 if move == "wait" else 4.0)
    words = [(at_s, key) for at_s, key in heard.said if CUES[key].words]
    assert heard.over_a_lift == []
    for (one_s, _), (other_s, _) in pairwise(words):
        assert other_s - one_s >= 2.4
