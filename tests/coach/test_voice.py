"""What is heard and when: the way to the start, the prompts, the tempo, and what did not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.coach.coach import Coach
from device.coach.cues import CUES
from device.coach.events import CoachEvent, Said
from device.coach.fading import GOOD_IN_A_ROW, Fading, Often
from device.coach.guide import correction
from device.coach.pace import KNOWN_LATE_S, beats
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN, PLANS, Plan, Variation
from device.coach.voice import LIFTED
from device.core.posture import PROBLEMS
from device.core.types import (
    Fault,
    Miss,
    Missed,
    Phase,
    PhaseEvent,
    PostureEvent,
    Side,
    Verdict,
)
from tests.coach.test_coach import rep

STEP_S = 0.1
LEFT, RIGHT = Side.LEFT, Side.RIGHT


class Heard:
    """A coach whose time passes in steps, and everything that it said."""

    def __init__(self, plan: Plan | None = DEFAULT_PLAN, *, asks: bool = False) -> None:
        self.coach = Coach(Rules(45.0, 60.0, 300.0, asks_safety=asks, plan=plan))
        self.now_s = 0.0
        self.said: list[tuple[float, str]] = []
        self.numbers: list[tuple[float, str]] = []
        self.over_a_lift: list[str] = []
        self._phase = Phase.EMPTY
        self.coach.advance(0.0)

    def take(self, events: Iterable[CoachEvent]) -> None:
        for event in events:
            if isinstance(event, Said):
                heard = self.numbers if event.cue.key == "count" else self.said
                key = event.cue.words if event.cue.key == "count" else event.cue.key
                heard.append((round(event.at_s, 2), key))
                if event.cue.words and self._phase in LIFTED:
                    self.over_a_lift.append(key)

    def phase(self, phase: Phase, side: Side | None = None) -> None:
        self._phase = phase
        self.take(self.coach.take(PhaseEvent(self.now_s, phase, side)))

    def wait(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            self.now_s = min(self.now_s + STEP_S, until_s)
            self.take(self.coach.advance(self.now_s))

    def lie(self, **problems: float) -> None:
        """Somebody lies down and is found to lie so."""
        self.phase(Phase.GETTING_ON)
        self.wait(2.0)
        self.phase(Phase.SETTLING)
        self.wait(0.6)
        self.phase(Phase.READY)
        self.wait(1.0)
        self.take(self.coach.take(PostureEvent(self.now_s, problems)))

    def lift(
        self, side: Side, *faults: Fault, verdict: Verdict = Verdict.GLUTE, seconds: float = 6.0
    ) -> None:
        began_s = self.now_s
        self.phase(Phase.LIFTING, side)
        self.wait(seconds - 2.0)
        self.phase(Phase.LOWERING, side)
        self.wait(2.0)
        done = replace(
            rep(self.now_s, verdict, *faults), side=side, start_s=began_s, end_s=self.now_s
        )
        self.take(self.coach.take(done))
        self.phase(Phase.READY)

    def turn(self, pairs: int) -> None:
        """Clean lifts, left and right in turn."""
        for side in (LEFT, RIGHT) * pairs:
            self.lift(side)
            self.wait(3.0)

    def cues(self, *starts: str) -> list[str]:
        return [key for _, key in self.said if key.startswith(starts or ("",))]

    def at_s(self, key: str) -> float:
        return next(at_s for at_s, said in self.said if said == key)

    def clear(self) -> None:
        self.said.clear()


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
    assert heard.cues("tempo", "ready") == ["tempo", "ready"]
    heard.turn(1)
    heard.phase(Phase.EMPTY)
    heard.wait(5.0)
    heard.clear()
    heard.lie()
    heard.wait(10.0)
    assert heard.cues("tempo", "lift_") == ["lift_left"]


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


def test_the_tempo_is_heard_as_tones_and_only_as_tones() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    began_s = heard.now_s
    heard.phase(Phase.LIFTING, LEFT)
    heard.wait(5.9)
    tones = [(round(at_s - began_s + KNOWN_LATE_S), key) for at_s, key in heard.said]
    assert tones == [
        (1, "pace_tick"), (2, "pace_hold"), (3, "pace_tick"), (4, "pace_lower"), (5, "pace_tick"),
        (6, "pace_tick"),
    ]  # fmt: skip


def test_the_tones_follow_the_plan() -> None:
    marks = {cue.key: at_s for at_s, cue in beats(PLANS[Variation.LONG_HOLD])}
    assert (marks["pace_hold"], marks["pace_lower"]) == (2.0, 7.0)
    no_hold = {cue.key for _, cue in beats(replace(DEFAULT_PLAN, hold_s=0.0))}
    assert no_hold == {"pace_tick", "pace_lower"}


def test_who_lowers_early_is_not_told_to_hold() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.phase(Phase.LIFTING, LEFT)
    heard.wait(1.0)
    heard.phase(Phase.LOWERING, LEFT)
    heard.wait(4.0)
    assert set(heard.cues()) == {"pace_tick"}


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


def test_after_a_fault_there_is_one_phrase_and_no_prompt_beside_it() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.lift(LEFT, Fault.ROTATION, Fault.TOO_HIGH, verdict=Verdict.ARCH)
    heard.wait(3.0)
    assert [key for key in heard.cues() if CUES[key].words] == ["rotation"]


def test_a_lift_much_faster_than_the_plan_is_told_to_follow_the_tones() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.lift(LEFT, seconds=3.0)
    heard.wait(1.0)
    assert heard.cues("slower", "clean") == ["slower"]


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


MOVES = st.lists(
    st.sampled_from(["lift", "fault", "miss", "off", "wait", "rest", "lie", "stop", "start"]),
    max_size=15,
)


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
