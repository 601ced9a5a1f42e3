"""A tare without a daemon: the same guards, and a zero that every later start takes over."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from device.athlete import SimulatedMat, dead_weight_points
from device.calibrations.tare import zero_of
from device.cli import pronemat
from device.config import load_settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.daemon import demo_feed
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.errors import AlreadyRunningError, CalibrationError, RefusedError
from device.service.lock import DirectoryLock
from device.sources.scan import ScanSource
from device.tare_file import keep_tare, load_tare, tare_document, tare_path

SEED = 0
LEFT_N = 5.0
"""What a bar that rubs leaves on a strip: less than what forbids a tare."""


@pytest.fixture(scope="module")
def calibration(mat: Mat) -> Calibration:
    return fit_calibration(mat, dead_weight_points(mat, SEED), "simulated weights")


def scan(mat: Mat, **lying_n: float) -> ScanSource:
    """The real driver over emulated chips, in time of its own; on the strips lies what is given."""
    simulated = SimulatedMat(mat, SEED)
    simulated.command("get_up")
    for strip, force_n in lying_n.items():
        simulated.weights.lay(strip, force_n)
    clock = VirtualClock()
    bus = EmulatedBus(clock, simulated.volts, mat.electronics, mat.addresses)
    return ScanSource(mat, bus, clock, name="demo")


def test_what_an_empty_mat_reads_is_its_zero(mat: Mat, calibration: Calibration) -> None:
    zero_n = dict(zip(mat.names, zero_of(scan(mat, pubis=LEFT_N), calibration), strict=True))
    assert 0.5 * LEFT_N < zero_n.pop("pubis") < 1.5 * LEFT_N
    assert max(map(abs, zero_n.values())) < 0.5


@pytest.mark.parametrize(
    ("lying_n", "why"),
    [({"thigh_left": 60.0}, "Something lies on the mat; clear it"), ({}, "no readings")],
)
def test_a_loaded_or_silent_mat_is_refused(
    mat: Mat, calibration: Calibration, lying_n: dict[str, float], why: str
) -> None:
    source = scan(mat, **lying_n)
    if not lying_n:
        source.close()  # as a bus that gives no frame
    with pytest.raises(RefusedError, match=why):
        zero_of(source, calibration)


def test_the_command_keeps_it_where_the_next_daemon_looks(config: Path, mat: Mat) -> None:
    done = CliRunner().invoke(pronemat, ["tare", "--config", str(config), "--source", "demo"])
    assert done.exit_code == 0, str(done.exception)
    assert "started from now on (SIMULATED)" in done.output
    feed = demo_feed(load_settings(config), mat, SEED, 1.0)
    assert feed.tare is not None
    zero_n = load_tare(feed.tare, feed.calibration)
    assert zero_n is not None
    assert zero_n.shape == (len(mat.names),)


def test_never_two_owners(config: Path) -> None:
    with DirectoryLock(load_settings(config).paths.run, "run"), pytest.raises(AlreadyRunningError):
        pronemat(["tare", "--config", str(config)], standalone_mode=False)


def test_it_is_of_its_calibration_alone_and_nonsense_is_left_out(
    mat: Mat, calibration: Calibration, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tare_path(load_settings(config), simulated=False)
    assert load_tare(path, calibration) is None
    zero_n = np.arange(len(mat.names)) / 10.0
    keep_tare(path, tare_document(calibration, zero_n.tolist()))
    kept = load_tare(path, calibration)
    assert kept is not None
    assert kept.tolist() == pytest.approx(zero_n.tolist())
    assert load_tare(path, datasheet_calibration(mat)) is None
    whole = path.read_text()
    with caplog.at_level(logging.WARNING):
        for nonsense in ("{", "[]", whole.replace("0.1", '"a"'), whole.replace("0.1", "NaN")):
            path.write_text(nonsense)
            assert load_tare(path, calibration) is None
    assert [record.message.rpartition("; ")[2] for record in caplog.records] == ["tare again."] * 4


def test_a_disk_that_refuses_leaves_the_one_before(
    calibration: Calibration, config: Path, mat: Mat
) -> None:
    path = tare_path(load_settings(config), simulated=False)
    path.parent.mkdir(parents=True)
    path.mkdir()  # no file can take its place
    with pytest.raises(CalibrationError, match="the tare cannot be written to"):
        keep_tare(path, tare_document(calibration, [0.0] * len(mat.names)))
    assert [file.name for file in path.parent.iterdir()] == [path.name]
