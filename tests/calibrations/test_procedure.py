"""The guided visit as a person lives it: weights laid, taken off, mistaken, and left lying."""

from __future__ import annotations

import numpy as np
import pytest

from device.calibrations.look import Step
from device.calibrations.procedure import Procedure
from device.calibrations.record import Reading
from device.calibrations.strip_fit import fit_strip, refusal
from device.core.mat import Mat
from device.core.types import Frame
from tests.calibrations.hands import Bench

STRIP = "asis_left"
WEIGHTS_N = (5.0, 20.0, 40.0)
QUICK = {"settle_s": 2.0, "read_s": 0.5}


@pytest.fixture
def bench(mat: Mat) -> Bench:
    return Bench(mat)


@pytest.fixture
def procedure(mat: Mat) -> Procedure:
    return Procedure(mat, (STRIP, "pubis"), WEIGHTS_N, **QUICK)


def test_a_strip_goes_up_and_down_and_its_curve_tells_the_weights(
    bench: Bench, procedure: Procedure
) -> None:
    bench.strip(procedure)
    look = procedure.look
    assert look.step is Step.FITTED
    assert [(r.force_n, r.rising) for r in look.readings] == [
        (0, True), (5, True), (20, True), (40, True), (20, False), (5, False), (0, False),
    ]  # fmt: skip
    assert look.fit is not None
    assert look.fit.worst_pct < 25.0
    assert 5.0 < look.fit.hysteresis_pct < 60.0
    assert procedure.accept()
    assert procedure.look.strip == "pubis"
    bench.strip(procedure)
    assert procedure.accept()
    assert procedure.look.step is Step.DONE


def test_a_loaded_zero_is_refused_until_the_mat_is_empty(
    bench: Bench, procedure: Procedure
) -> None:
    bench.lay("chest", 30.0)
    bench.wait(procedure, 5.0)
    assert procedure.look.step is Step.EMPTY
    assert "chest reads" in (procedure.look.notice or "")
    bench.lay("chest", 0.0)
    bench.lay(STRIP, 6.0)
    bench.wait(procedure, 5.0)
    assert f"{STRIP} reads" in (procedure.look.notice or "")
    bench.lay(STRIP, 0.0)
    bench.until(procedure, Step.PLACE)
    assert procedure.look.notice is None


def test_the_wrong_strip_is_named(bench: Bench, procedure: Procedure) -> None:
    bench.until(procedure, Step.PLACE)
    bench.lay("asis_right", 5.0)
    bench.wait(procedure, 2.0)
    assert procedure.look.step is Step.PLACE
    assert procedure.look.notice == f"the weight lies on asis_right: lay it on {STRIP}."
    bench.lay("asis_right", 0.0)
    bench.obey(procedure)
    assert len(procedure.look.readings) == 2


def test_taken_off_halfway_it_is_asked_for_again(bench: Bench, procedure: Procedure) -> None:
    bench.until(procedure, Step.PLACE)
    bench.lay(STRIP, 5.0)
    bench.until(procedure, Step.SETTLE)
    bench.wait(procedure, 1.0)
    bench.lay(STRIP, 0.0)
    bench.until(procedure, Step.PLACE)
    assert procedure.look.notice == "it was taken off before it was read: lay it on again."
    assert len(procedure.look.readings) == 1
    bench.obey(procedure)
    assert len(procedure.look.readings) == 2


def test_a_mistaken_weight_is_refused_and_read_again_when_it_is_right(
    bench: Bench, procedure: Procedure
) -> None:
    bench.until(procedure, Step.PLACE)
    bench.obey(procedure)
    bench.lay(STRIP, 90.0)
    bench.until(procedure, Step.REFUSED)
    assert "is it the right weight" in (procedure.look.notice or "")
    bench.lay(STRIP, 20.0)
    procedure.again()
    bench.run(procedure, lambda one: len(one.look.readings) == 3)
    assert procedure.look.step is Step.PLACE


def test_all_weights_taken_at_once_on_the_way_down_is_said(
    bench: Bench, procedure: Procedure
) -> None:
    bench.until(procedure, Step.PLACE)
    for _ in WEIGHTS_N:
        bench.obey(procedure)
    bench.lay(STRIP, 0.0)
    bench.wait(procedure, 4.0)
    assert procedure.look.step is Step.PLACE
    assert "too much was taken off" in (procedure.look.notice or "")


def test_a_bar_that_does_not_let_go_is_refused(bench: Bench, procedure: Procedure) -> None:
    bench.until(procedure, Step.PLACE)
    while (procedure.look.weight_n, procedure.look.rising) != (0.0, False):
        bench.obey(procedure)
    bench.lay(STRIP, 3.9)
    bench.until(procedure, Step.REFUSED)
    assert "take the last weight off" in (procedure.look.notice or "")


def test_a_strip_that_is_open_gets_a_hint(mat: Mat, procedure: Procedure) -> None:
    counts = np.full(len(mat.channels), 500.0)
    counts[-1] = mat.reference.nominal_v / mat.electronics.volts_per_count
    for number in range(2500):
        procedure.take(Frame(number, number * 0.02, counts, counts))
    assert procedure.look.step is Step.PLACE
    assert "nothing is felt" in (procedure.look.notice or "")
    counts = counts.copy()
    counts[mat.names.index(STRIP)] = np.nan
    for number in range(2500, 2550):
        procedure.take(Frame(number, number * 0.02, counts, counts))
    assert "gives no readings" in (procedure.look.notice or "")


def test_it_goes_on_where_it_was_left(mat: Mat, bench: Bench, procedure: Procedure) -> None:
    bench.until(procedure, Step.PLACE)
    bench.obey(procedure)
    bench.obey(procedure)
    bench.lay(STRIP, 0.0)
    resumed = Procedure(mat, (STRIP,), WEIGHTS_N, **QUICK, readings=procedure.course.readings)
    bench.until(resumed, Step.PLACE)
    assert resumed.look.weight_n == 40.0
    assert len(resumed.look.readings) == 3
    bench.strip(resumed)
    assert resumed.look.step is Step.FITTED


def test_resumed_on_the_way_down_it_goes_up_once_more_to_the_top(
    mat: Mat, bench: Bench, procedure: Procedure
) -> None:
    bench.until(procedure, Step.PLACE)
    for _ in range(4):
        bench.obey(procedure)
    bench.lay(STRIP, 0.0)
    resumed = Procedure(mat, (STRIP,), WEIGHTS_N, **QUICK, readings=procedure.course.readings)
    bench.until(resumed, Step.PLACE)
    assert (resumed.look.weight_n, resumed.look.rising) == (40.0, True)


def test_with_another_zero_the_strip_begins_anew(mat: Mat, bench: Bench) -> None:
    left = {STRIP: (Reading(0.0, 9000.0, True), Reading(5.0, 12000.0, True))}
    resumed = Procedure(mat, (STRIP,), WEIGHTS_N, **QUICK, readings=left)
    bench.until(resumed, Step.PLACE)
    assert len(resumed.look.readings) == 1


def test_a_gap_in_the_frames_begins_the_waiting_anew(bench: Bench, procedure: Procedure) -> None:
    bench.until(procedure, Step.PLACE)
    bench.lay(STRIP, 5.0)
    bench.until(procedure, Step.READ)
    bench.now_s += 5.0
    procedure.take(bench.frame())
    assert procedure.look.step is Step.PLACE
    bench.run(procedure, lambda one: len(one.look.readings) == 2)


def test_a_weight_that_nobody_has_is_left_out_up_and_down(
    bench: Bench, procedure: Procedure
) -> None:
    bench.until(procedure, Step.PLACE)
    assert procedure.skip_weight()
    assert procedure.look.weight_n == 20.0
    bench.strip(procedure)
    assert {r.force_n for r in procedure.look.readings} == {0.0, 20.0, 40.0}


BEFORE = (Reading(0.0, 1000.0, True), Reading(20.0, 17000.0, True), Reading(40.0, 20000.0, True))


@pytest.mark.parametrize(
    ("new", "nominal_n", "words"),
    [
        (Reading(60.0, 25500.0, True), 60.0, "is saturated at 60 N"),
        (Reading(60.0, 19000.0, True), 60.0, "is not monotone: 60 N read 19000 counts and 40 N"),
        (Reading(60.0, 20100.0, True), 60.0, "is not monotone"),
        (Reading(60.0, np.nan, True), 60.0, "gives no readings"),
        (Reading(20.0, 20500.0, False), 30.0, "the hysteresis is too large"),
        (Reading(60.0, 21000.0, True), 9.0, "is it the right weight"),
        (Reading(60.0, 21500.0, True), 60.0, None),
        (Reading(20.0, 17500.0, False), 21.0, None),
    ],
)
def test_nonsense_is_refused_with_its_reason(
    mat: Mat, new: Reading, nominal_n: float, words: str | None
) -> None:
    said = refusal(mat, STRIP, BEFORE, new, nominal_n)
    assert (said is None) if words is None else (words in (said or ""))


def test_a_curve_needs_an_empty_mat_a_weight_and_the_law_of_an_fsr(mat: Mat) -> None:
    assert "empty mat is missing" in str(fit_strip(mat, STRIP, BEFORE[1:]))
    assert "no reading under a weight" in str(fit_strip(mat, STRIP, BEFORE[:1]))
    flat = (*BEFORE[:2], Reading(200.0, 17500.0, True))
    assert "which no FSR does" in str(fit_strip(mat, STRIP, flat))
