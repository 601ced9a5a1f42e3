"""A mat that was just built can be tared before it is calibrated, but not under a knee."""

from __future__ import annotations

import pytest

from device.athlete import SimulatedMat
from device.core.calibration import datasheet_calibration
from device.core.pipeline import Pipeline
from device.mat_file import load_mat

MAT = load_mat()
STEP_S = 0.01


def scanned(seed: int, seconds: float) -> tuple[Pipeline, SimulatedMat]:
    """A pipeline without a calibration, fed by a simulated mat; its member comes at 1.5 s."""
    strips, pipeline = SimulatedMat(MAT, seed), Pipeline(datasheet_calibration(MAT))
    for number in range(round(seconds / STEP_S)):
        at_s = number * STEP_S
        pipeline.step(at_s, strips.counts(at_s))
    return pipeline, strips


@pytest.mark.parametrize("seed", range(5))
def test_the_preload_of_an_uncalibrated_mat_is_tared_away(seed: int) -> None:
    pipeline, strips = scanned(seed, 1.2)
    assert pipeline.tare() is None
    for number in range(20):
        at_s = 1.2 + number * STEP_S
        pipeline.step(at_s, strips.counts(at_s))
    assert abs(float(pipeline.live().forces_n.sum())) < 2.0


def test_somebody_on_an_uncalibrated_mat_is_not() -> None:
    pipeline, _ = scanned(0, 4.0)
    assert "clear it" in (pipeline.tare() or "")
