"""Counts become newtons through the ratio to the reference and one curve a strip."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from device.core.calibration import (
    LARGEST_RATIO,
    Calibration,
    calibration_from_json,
    datasheet_calibration,
    fit_calibration,
)
from device.core.types import FloatArray
from device.errors import CalibrationError
from device.mat_file import load_mat

MAT = load_mat()
FORCES_N = np.array([0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0])
OFFSET_SIEMENS = 5e-5
SUPPLY_COUNTS = MAT.electronics.supply_v / MAT.electronics.volts_per_count
REFERENCE_COUNTS = MAT.reference.nominal_v / MAT.electronics.volts_per_count

FEW = settings(max_examples=40)


def counts_of(force_n: FloatArray, gain: float, exponent: float) -> FloatArray:
    """What the divider gives for an FSR of conductance `gain * F ** exponent` above its preload."""
    siemens = OFFSET_SIEMENS + gain * force_n**exponent
    ratio = siemens / (siemens + 1 / MAT.electronics.pulldown_ohm)
    return np.asarray(ratio * SUPPLY_COUNTS)


def calibration(gain: float = 1.2e-4, exponent: float = 0.85) -> Calibration:
    points = {name: (FORCES_N, counts_of(FORCES_N, gain, exponent)) for name in MAT.names}
    return fit_calibration(MAT, points, "test")


def frame(counts: float, reference: float = REFERENCE_COUNTS) -> FloatArray:
    return np.array([counts] * len(MAT.names) + [reference])


@FEW
@given(
    force_n=st.floats(0.5, 120),
    gain=st.floats(0.8e-4, 1.8e-4),
    exponent=st.floats(0.6, 1.0),
)
def test_a_dead_weight_within_the_dividers_range_reads_as_its_own_weight(
    force_n: float, gain: float, exponent: float
) -> None:
    counts = counts_of(np.array([force_n]), gain, exponent)[0]
    assume(counts < LARGEST_RATIO * SUPPLY_COUNTS)
    measured = calibration(gain, exponent).forces_n(frame(counts))
    assert measured == pytest.approx(np.full(15, force_n), rel=0.01, abs=0.05)


@FEW
@given(sag=st.floats(0.8, 1.1))
def test_a_sagging_supply_does_not_look_like_a_moving_body(sag: float) -> None:
    fitted = calibration()
    counts = counts_of(np.array([20.0]), 1.2e-4, 0.85)[0]
    sagged = fitted.forces_n(frame(counts * sag, REFERENCE_COUNTS * sag))
    assert sagged == pytest.approx(fitted.forces_n(frame(counts)), rel=1e-9)


def test_a_missing_reading_stays_missing_and_costs_no_other_strip() -> None:
    whole = frame(9000.0)
    holed = whole.copy()
    holed[4] = np.nan
    expected = calibration().forces_n(whole)
    measured = calibration().forces_n(holed)
    assert np.isnan(measured[4])
    np.testing.assert_array_equal(np.delete(measured, 4), np.delete(expected, 4))


@pytest.mark.parametrize("reference", [np.nan, 0.0, -5.0, 12.0])
def test_a_dead_reference_is_replaced_by_its_nominal_value(reference: float) -> None:
    fitted = calibration()
    assert fitted.forces_n(frame(9000.0, reference)) == pytest.approx(
        fitted.forces_n(frame(9000.0))
    )


@FEW
@given(
    counts=st.lists(
        st.one_of(st.floats(-32768, 32767), st.just(float("nan"))), min_size=16, max_size=16
    )
)
def test_any_counts_give_finite_newtons_or_none(counts: list[float]) -> None:
    force_n = calibration().forces_n(np.array(counts))
    assert not np.isinf(force_n).any()
    np.testing.assert_array_equal(np.isnan(force_n), np.isnan(counts[:-1]))


def test_many_frames_at_once_are_each_frame_alone() -> None:
    fitted = calibration()
    frames = np.random.default_rng(1).uniform(0, 26000, (50, 16))
    frames[:, -1] = REFERENCE_COUNTS
    frames[7, 3] = np.nan
    together = fitted.forces_n(frames)
    for one, force_n in zip(frames, together, strict=True):
        np.testing.assert_array_equal(fitted.forces_n(one), force_n)


def test_a_calibration_survives_its_file() -> None:
    fitted = calibration()
    back = calibration_from_json(MAT, json.loads(json.dumps(fitted.to_json())))
    assert back.calibrated
    assert back.forces_n(frame(9000.0)) == pytest.approx(fitted.forces_n(frame(9000.0)), rel=1e-4)


@pytest.mark.parametrize("data", [None, [], {}, {"name": "x", "curves": 3, "calibrated": True}])
def test_a_calibration_edited_into_nonsense_is_refused(data: object) -> None:
    with pytest.raises(CalibrationError, match="fit it anew"):
        calibration_from_json(MAT, data)


def test_without_points_the_data_sheet_serves_and_says_that_it_is_none() -> None:
    uncalibrated = datasheet_calibration(MAT)
    assert not uncalibrated.calibrated
    at_10_n = uncalibrated.curves["pubis"].newtons(np.array([1.25e-4 * 10**0.9]))
    assert at_10_n == pytest.approx([10.0], rel=0.01)
