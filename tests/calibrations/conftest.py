"""What the tests of calibrations share: the mat, places for its files, points of a mat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.athlete import dead_weight_points
from device.calibrations.history import History
from device.calibrations.merge import record_of_points
from device.calibrations.record import Record
from device.cli import pronemat
from device.core.mat import Mat
from device.mat_file import load_mat

MADE = ("2026-01-05T10:00:00Z", "2026-02-05T10:00:00Z", "2026-03-05T10:00:00Z")


@pytest.fixture(scope="session")
def mat() -> Mat:
    return load_mat()


@pytest.fixture(scope="session")
def records(mat: Mat) -> tuple[Record, ...]:
    """Calibrations of three months, each of other parts."""
    return tuple(
        record_of_points(
            mat,
            dead_weight_points(mat, seed),
            f"mat {seed}",
            new_id=f"{made[:10]}-anna-{seed:04d}",
            made_utc=made,
            person="anna",
            conditions={"temperature_c": "21"},
        )
        for seed, made in enumerate(MADE, start=1)
    )


@pytest.fixture
def history(mat: Mat, tmp_path: Path) -> History:
    folder = tmp_path / "data" / "calibrations"
    return History(folder, folder / "current.json", mat)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings whose data directory is the one of `history`."""
    file = tmp_path / "pronemat.toml"
    file.write_text('[paths]\ndata = "data"\nrun = "run"\n')
    return file


@pytest.fixture
def calibrate(config: Path) -> Callable[..., Result]:
    """`pronemat calibrate ARGUMENTS`, as a person types it."""

    def run(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(
            pronemat, ["calibrate", "--config", str(config), *arguments], input=given
        )

    return run


def write_points(path: Path, mat: Mat, seed: int) -> Path:
    """A points file of a simulated mat."""
    lines = ["sensor,force_n,counts"]
    for sensor, (forces_n, counts) in dead_weight_points(mat, seed).items():
        lines += [f"{sensor},{n:g},{c:.1f}" for n, c in zip(forces_n, counts, strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return path
