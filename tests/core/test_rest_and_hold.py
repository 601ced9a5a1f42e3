"""Breath, brace, ankle weight, steadiness of the hold, and left against right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from device.core.belly import BellyWatch
from device.core.features import Layout
from device.core.posture import posture
from device.core.symmetry import symmetry
from device.core.tempo import unsteady_pct
from device.core.types import Rep, Side, Verdict
from device.mat_file import load_mat
from tests.core.excerpts import events_of, reps

MAT = load_mat()
TICK_S = 0.02


def resting(belly_pct: Callable[[float], float], seconds: float) -> BellyWatch:
    watch = BellyWatch()
    for tick in range(round(seconds / TICK_S)):
        watch.update(tick * TICK_S, belly_pct(tick * TICK_S))
    return watch


def breathing(per_min: float) -> Callable[[float], float]:
    return lambda t_s: 8.0 + 1.0 * np.sin(2.0 * np.pi * per_min / 60.0 * t_s)


@pytest.mark.parametrize("per_min", [8.0, 12.0, 18.0, 25.0])
def test_the_breathing_rate_is_read_at_rest(per_min: float) -> None:
    numbers = resting(breathing(per_min), 40.0).numbers(40.0)
    assert numbers["breath_per_min"] == pytest.approx(per_min, rel=0.1)


def test_without_a_rhythm_the_breath_is_unknown() -> None:
    rng = np.random.default_rng(2)
    numbers = resting(lambda _: 8.0 + rng.normal(0.0, 0.05), 40.0).numbers(40.0)
    assert "breath_per_min" not in numbers
    assert "breath_out" not in numbers


@pytest.mark.parametrize(("lift_at_s", "out"), [(42.4, 1.0), (44.9, 0.0)])
def test_breathing_out_at_lift_off_is_told_from_breathing_in(lift_at_s: float, out: float) -> None:
    # At 12 a minute the belly's load falls from 41.25 to 43.75 s and rises till 46.25 s.
    numbers = resting(breathing(12.0), lift_at_s + 0.4).numbers(lift_at_s + 0.4)
    assert numbers["breath_out"] == out


def test_nothing_is_said_of_a_breath_long_before_the_lift() -> None:
    assert resting(breathing(12.0), 40.0).numbers(60.0) == {}


def test_drawing_the_belly_in_shows_as_a_loss_before_the_lift() -> None:
    numbers = resting(lambda t_s: 8.0 if t_s < 20.0 else 6.0, 21.5).numbers(21.5)
    assert numbers["brace_pct"] == pytest.approx(-1.8, abs=0.4)


def test_a_missing_belly_says_nothing() -> None:
    assert resting(lambda _: float("nan"), 20.0).numbers(20.0) == {}


def test_a_trembling_hold_is_less_steady_than_a_slow_drift() -> None:
    t_s = np.arange(200) * TICK_S
    drift = unsteady_pct(t_s, 30.0 + 2.0 * t_s, 0.0, 4.0)
    tremor = unsteady_pct(t_s, 30.0 + np.sin(2.0 * np.pi * 6.0 * t_s), 0.0, 4.0)
    assert drift is not None
    assert tremor is not None
    assert drift < 0.05
    assert tremor == pytest.approx(0.7, abs=0.15)


def test_a_hold_too_short_to_tremble_has_no_steadiness() -> None:
    t_s = np.arange(200) * TICK_S
    assert unsteady_pct(t_s, np.full(200, 30.0), 1.0, 1.5) is None


@pytest.mark.parametrize(("feet_share", "likely"), [(0.05, False), (0.1, True)])
def test_a_weight_at_the_ankles_shows_in_the_feet(feet_share: float, likely: bool) -> None:
    feet = [sensor.row == "foot" for sensor in MAT.sensors]
    rest_n = np.where(feet, 150.0 * feet_share / 2, 150.0 * (1 - feet_share) / 13)
    _, numbers = posture(rest_n, Layout(MAT))
    assert numbers["feet_pct"] == pytest.approx(100 * feet_share)
    assert (numbers["ankle_weight"] > 0.5) is likely


def rep(side: Side, tilt_deg: float, hold_s: float = 2.0) -> Rep:
    return Rep(
        at_s=5.1,
        side=side,
        verdict=Verdict.GLUTE,
        confidence=0.9,
        start_s=1.0,
        top_s=3.0,
        end_s=5.0,
        lift_s=1.0,
        hold_s=hold_s,
        lower_s=1.0,
        faults=(),
        numbers={"tilt_deg": tilt_deg},
        reason="",
    )


def test_a_plain_difference_between_the_sides_is_sure() -> None:
    found = symmetry(
        [rep(Side.LEFT, v) for v in (2.0, 2.2, 1.9)] + [rep(Side.RIGHT, v) for v in (5.0, 5.3)],
        "tilt_deg",
    )
    assert found is not None
    assert found.difference == pytest.approx(3.117, abs=0.01)
    assert found.sure


def test_a_difference_within_the_spread_is_not_sure() -> None:
    found = symmetry(
        [rep(Side.LEFT, 2.0, v) for v in (1.0, 3.0)]
        + [rep(Side.RIGHT, 2.0, v) for v in (1.5, 3.2)],
        "hold_s",
    )
    assert found is not None
    assert not found.sure


def test_one_rep_a_side_is_too_few_and_lifts_of_both_count_for_neither() -> None:
    few = [rep(Side.LEFT, 2.0), rep(Side.RIGHT, 3.0), rep(Side.BOTH, 4.0), rep(Side.BOTH, 4.0)]
    assert symmetry(few, "tilt_deg") is None
    assert symmetry([rep(Side.LEFT, 1.0)] * 2 + [rep(Side.RIGHT, 1.0)] * 2, "roll_deg") is None


def test_reps_of_a_recording_carry_the_steadiness_of_their_hold() -> None:
    held = [r.numbers["unsteady_pct"] for r in reps(events_of("each_leg")) if r.hold_s > 1.0]
    assert held
    assert all(0.0 < value < 2.0 for value in held)
