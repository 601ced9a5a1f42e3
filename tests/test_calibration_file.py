"""The calibration's file: replaced whole or not at all, the last good one kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from device.athlete import dead_weight_points
from device.calibration_file import (
    calibration_digest,
    load_calibration,
    previous_path,
    save_calibration,
)
from device.cli import pronemat
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.errors import CalibrationError
from device.mat_file import load_mat


@pytest.fixture(scope="module")
def mat() -> Mat:
    return load_mat()


def fitted(mat: Mat, seed: int) -> Calibration:
    return fit_calibration(mat, dead_weight_points(mat, seed), f"mat {seed}")


def test_what_was_saved_is_loaded_and_gives_the_same_newtons(mat: Mat, tmp_path: Path) -> None:
    calibration = fitted(mat, 1)
    path = tmp_path / "data" / "calibration.json"
    assert load_calibration(path, mat) is None
    save_calibration(path, calibration)
    loaded = load_calibration(path, mat)
    assert loaded is not None
    assert (loaded.name, loaded.calibrated) == ("mat 1", True)
    counts = np.linspace(100.0, 20000.0, len(mat.channels))
    np.testing.assert_allclose(loaded.forces_n(counts), calibration.forces_n(counts), rtol=1e-4)
    assert calibration_digest(loaded) == calibration_digest(calibration)
    assert calibration_digest(loaded) != calibration_digest(datasheet_calibration(mat))


def test_the_calibration_before_is_kept_beside_it(mat: Mat, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    for seed in (1, 2):
        save_calibration(path, fitted(mat, seed))
    save_calibration(path, fitted(mat, 2))
    assert json.loads(path.read_text())["calibration"]["name"] == "mat 2"
    assert json.loads(previous_path(path).read_text())["calibration"]["name"] == "mat 1"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "calibration.json",
        "calibration.json.previous",
    ]


def test_a_damaged_one_is_never_kept_as_the_last_good_one(mat: Mat, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    save_calibration(path, fitted(mat, 1))
    save_calibration(path, fitted(mat, 2))
    path.write_text(path.read_text()[:100])
    save_calibration(path, fitted(mat, 3))
    assert json.loads(previous_path(path).read_text())["calibration"]["name"] == "mat 1"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": 1}', '{"format": 2, "calibration": {}}', "\xff", "null"],
)
def test_a_damaged_file_is_one_sentence_with_the_way_back(
    mat: Mat, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CalibrationError, match=r"cannot be used .*; calibrate anew with"):
        load_calibration(path, mat)
    previous_path(path).write_text("{}")
    with pytest.raises(CalibrationError, match=r"copy .*calibration\.json\.previous over it"):
        load_calibration(path, mat)


def test_a_disk_that_refuses_leaves_the_one_before_in_force(mat: Mat, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    save_calibration(path, fitted(mat, 1))
    (tmp_path / "calibration.json.new").mkdir()
    with pytest.raises(CalibrationError, match="the one before is still in force"):
        save_calibration(path, fitted(mat, 2))
    loaded = load_calibration(path, mat)
    assert loaded is not None
    assert loaded.name == "mat 1"


def write_points(path: Path, mat: Mat, seed: int) -> None:
    lines = ["sensor,force_n,counts"]
    for sensor, (forces_n, counts) in dead_weight_points(mat, seed).items():
        lines += [f"{sensor},{n:g},{c:.1f}" for n, c in zip(forces_n, counts, strict=True)]
    path.write_text("\n".join(lines) + "\n")


def test_the_command_fits_saves_and_shows(mat: Mat, tmp_path: Path) -> None:
    config = tmp_path / "pronemat.toml"
    config.write_text('[paths]\ndata = "data"\n')
    points = tmp_path / "ours.points.csv"
    write_points(points, mat, 1)

    def calibrate(*arguments: str) -> str:
        done = CliRunner().invoke(pronemat, ["calibrate", "--config", str(config), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "uncalibrated" in calibrate()
    assert "restart the daemon" in calibrate("--from", str(points))
    shown = calibrate()
    assert "calibration ours.points.csv" in shown
    assert "asis_left" in shown
    assert "calibration.json.previous" in calibrate("--from", str(points), "--name", "spring")


def test_points_that_make_no_sense_change_nothing(mat: Mat, tmp_path: Path) -> None:
    config = tmp_path / "pronemat.toml"
    config.write_text('[paths]\ndata = "data"\n')
    save_calibration(tmp_path / "data" / "calibration.json", fitted(mat, 1))
    points = tmp_path / "bad.points.csv"
    points.write_text("sensor,force_n,counts\nchest,0,10\n")
    done = CliRunner().invoke(
        pronemat, ["calibrate", "--config", str(config), "--from", str(points)]
    )
    assert isinstance(done.exception, CalibrationError)
    loaded = load_calibration(tmp_path / "data" / "calibration.json", mat)
    assert loaded is not None
    assert loaded.name == "mat 1"
