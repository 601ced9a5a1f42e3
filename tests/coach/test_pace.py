"""The tempo: tones in the beat of the plan, for as long as the lift keeps to it."""

from __future__ import annotations

from dataclasses import replace

from device.coach.pace import KNOWN_LATE_S, beats
from device.coach.programme import DEFAULT_PLAN, PLANS, Variation
from device.core.types import Phase, Side
from tests.coach.heard import Heard

LEFT = Side.LEFT


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


def test_a_lift_much_faster_than_the_plan_is_told_to_follow_the_tones() -> None:
    heard = Heard()
    heard.lie()
    heard.wait(10.0)
    heard.clear()
    heard.lift(LEFT, seconds=3.0)
    heard.wait(1.0)
    assert heard.cues("slower", "clean") == ["slower"]
