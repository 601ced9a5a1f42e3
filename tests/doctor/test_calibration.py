"""What the doctor says of the calibration: there, how old, how even, and in force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from device.calibration_file import FORMAT, write_whole
from device.config import PathSettings, Settings
from device.core.calibration import Calibration, fit_calibration
from device.core.mat import Mat
from device.doctor.calibration import judged_by, worst_residual
from device.doctor.evidence import Evidence
from device.doctor.findings import Finding, State
from device.doctor.machine import DAY_S, Machine

MADE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FORCES_N = np.array([0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0])


def points(mat: Mat, **misread: float) -> Calibration:
    """Curves of ideal strips; of those named, the weight of 20 N reads as so many newtons."""
    taken = {}
    for name in mat.names:
        true_n = FORCES_N.copy()
        true_n[FORCES_N == 20.0] = misread.get(name, 20.0)
        siemens = 1.25e-4 * true_n**0.9 + 1e-5
        ratio = 1000.0 * siemens / (1.0 + 1000.0 * siemens)
        taken[name] = (FORCES_N, ratio * mat.electronics.supply_v / mat.electronics.volts_per_count)
    return fit_calibration(mat, taken, "spring")


def said(
    folder: Path,
    mat: Mat,
    calibration: Calibration | None,
    days: float = 10.0,
    used: str | None = None,
) -> Finding:
    settings = Settings(paths=PathSettings(data=folder))
    if calibration is not None:
        document = {
            "format": FORMAT,
            "made_utc": MADE.isoformat(),
            "calibration": calibration.to_json(),
        }
        write_whole(settings.calibration_path, document, "the calibration")
    evidence = None
    if used is not None:
        evidence = Evidence("mat", (), {}, {}, {"calibration": used, "running_s": 5.0})
    machine = Machine(now_s=lambda: MADE.timestamp() + days * DAY_S)
    return judged_by(settings, mat, evidence, machine)[1]


def test_its_age_and_its_worst_point_are_told(tmp_path, mat) -> None:
    found = said(tmp_path, mat, points(mat))
    assert found.state is State.OK
    assert found.figure.startswith("spring, 10 days old, points within 0 %")


def test_a_misread_weight_is_found_though_the_curve_goes_through_it(tmp_path, mat) -> None:
    calibration = points(mat, knee_left=27.0)
    worst = worst_residual(calibration)
    assert worst.strip == "knee_left"
    found = said(tmp_path, mat, calibration)
    assert found.state is State.WARN
    assert "knee_left at" in found.figure
    assert "take the points of knee_left anew" in found.remedy


@pytest.mark.parametrize(("days", "state"), [(170.0, State.OK), (190.0, State.WARN)])
def test_after_half_a_year_it_is_old(tmp_path, mat, days, state) -> None:
    assert said(tmp_path, mat, points(mat), days).state is state


def test_one_that_the_daemon_does_not_use_is_not_in_force(tmp_path, mat) -> None:
    found = said(tmp_path, mat, points(mat), used="data sheet")
    assert found.state is State.WARN
    assert "not in force, the daemon has data sheet" in found.figure
    assert said(tmp_path, mat, points(mat), used="spring").state is State.OK


def test_none_and_a_damaged_one_are_two_things(tmp_path, mat) -> None:
    none = said(tmp_path / "none", mat, None)
    assert none.state is State.WARN
    assert "dead weights" in none.remedy
    path = Settings(paths=PathSettings(data=tmp_path)).calibration_path
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    damaged = said(tmp_path, mat, None)
    assert damaged.state is State.BAD
    assert "cannot be used" in damaged.figure
    assert "rollback" in damaged.remedy
