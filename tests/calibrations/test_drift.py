"""The check with one weight: what has drifted, by how much, and whether the verdicts hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.athlete import dead_weight_points
from device.calibrations.drift import Check, Drift, Grade, Step, verdict
from device.calibrations.merge import record_of_points
from device.calibrations.record import Record
from device.core.calibration import Curve
from device.core.mat import Mat
from tests.calibrations.conftest import MADE
from tests.calibrations.hands import Bench

SEED = 1
STRIPS = ("asis_left", "pubis")


@pytest.fixture
def bench(mat: Mat) -> Bench:
    return Bench(mat, SEED)


def own(mat: Mat, gain: float = 1.0) -> Record:
    """The calibration of the bench's own parts; with `gain` their strips read that much more."""
    record = record_of_points(
        mat,
        dead_weight_points(mat, SEED),
        "own",
        new_id="own",
        made_utc=MADE[0],
        person="anna",
        conditions={},
    )
    curves = {
        name: Curve(curve.force_n * gain, curve.siemens)
        for name, curve in record.calibration.curves.items()
    }
    return replace(record, calibration=replace(record.calibration, curves=curves), readings={})


def until(check: Check, bench: Bench, *steps: Step) -> None:
    deadline_s = bench.now_s + 120.0
    while check.look.step not in steps:
        check.take(bench.frame())
        assert bench.now_s < deadline_s, check.look


def measured(check: Check, bench: Bench, strips: tuple[str, ...]) -> Check:
    until(check, bench, Step.PLACE)
    for strip in strips:
        bench.lay(strip, check.weight_n)
        until(check, bench, Step.LIFT, Step.DONE)
        bench.lay(strip, 0.0)
        if check.left:
            until(check, bench, Step.PLACE)
    return check


def test_a_sound_mat_is_sound_in_whatever_order_it_is_pressed(mat: Mat, bench: Bench) -> None:
    check = measured(Check(mat, own(mat), strips=STRIPS), bench, STRIPS[::-1])
    assert check.look.step is Step.DONE
    assert {drift.grade for drift in check.drifts.values()} == {Grade.SOUND}
    assert "has drifted; the verdicts hold" in verdict(list(check.drifts.values()))


@pytest.mark.parametrize(
    ("gain", "grade", "words"),
    [
        (1.4, Grade.DRIFTED, "still hold; asis_left should be calibrated soon"),
        (0.4, Grade.WRONG, "do not hold: asis_left must be calibrated first"),
    ],
)
def test_a_drifted_strip_is_named_with_how_much(
    mat: Mat, bench: Bench, gain: float, grade: Grade, words: str
) -> None:
    check = measured(Check(mat, own(mat, gain), strips=STRIPS[:1]), bench, STRIPS[:1])
    drift = check.drifts["asis_left"]
    assert drift.drift_pct == pytest.approx(100.0 * (gain - 1.0), abs=12.0)
    assert drift.grade is grade
    assert words in verdict([drift])
    assert f"{drift.drift_pct:+.0f} %" in drift.sentence


def test_taken_off_too_early_it_is_asked_for_again(mat: Mat, bench: Bench) -> None:
    check = Check(mat, own(mat), strips=STRIPS)
    until(check, bench, Step.PLACE)
    bench.lay("pubis", 20.0)
    until(check, bench, Step.SETTLE)
    for _ in range(100):
        check.take(bench.frame())
    bench.lay("pubis", 0.0)
    until(check, bench, Step.PLACE)
    assert check.look.notice is not None
    assert "lay it on again" in check.look.notice
    assert not check.drifts


def test_it_begins_with_an_empty_mat(mat: Mat, bench: Bench) -> None:
    bench.lay("chest", 50.0)
    check = Check(mat, own(mat), strips=STRIPS)
    for _ in range(200):
        check.take(bench.frame())
    assert check.look.step is Step.EMPTY
    assert "chest reads" in (check.look.notice or "")
    bench.lay("chest", 0.0)
    until(check, bench, Step.PLACE)


def test_a_zero_far_off_is_said() -> None:
    drift = Drift("chest", 20.0, 20.5, 4.0)
    assert drift.grade is Grade.DRIFTED
    assert "tare" in drift.sentence
    assert verdict([]) == "Nothing was measured."
