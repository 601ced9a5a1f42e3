"""The Pi's bus: one process has it, and whatever is wrong with it is one sentence."""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from device.drivers.panel import is_raspberry_pi
from device.drivers.real_bus import RealBus, bus_clock_hz
from device.errors import AlreadyRunningError, BusError


def test_a_bus_that_is_not_there_says_how_to_switch_it_on(tmp_path: Path) -> None:
    with pytest.raises(BusError, match=r"There is no I2C bus .*i2c-7: put dtparam=i2c_arm=on "):
        RealBus(7, dev=tmp_path)


def test_a_bus_that_another_process_has_is_not_touched(tmp_path: Path) -> None:
    node = tmp_path / "i2c-1"
    node.touch()
    with node.open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(AlreadyRunningError, match=r"is using the I2C bus .*: stop it first"):
            RealBus(1, dev=tmp_path)
        fcntl.flock(other, fcntl.LOCK_UN)
        # Now it may be opened, and is found to be a mere file.
        with pytest.raises(BusError, match="does not act like an I2C bus"):
            RealBus(1, dev=tmp_path)


def test_the_lock_is_given_back_when_opening_fails(tmp_path: Path) -> None:
    node = tmp_path / "i2c-1"
    node.touch()
    with pytest.raises(BusError):
        RealBus(1, dev=tmp_path)
    with node.open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_something_else_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "i2c-1").mkdir()
    with pytest.raises(BusError, match=r"cannot be opened \(Is a directory\): name another"):
        RealBus(1, dev=tmp_path)


def test_blinka_is_imported_on_use_only_and_off_a_pi_is_one_sentence() -> None:
    """In a process of its own: Blinka leaves half of itself imported where it fails."""
    text = (
        "import sys\n"
        "import device.sources.mat, device.drivers.real_bus as real_bus\n"
        "from device.errors import BusError\n"
        "assert not {'board', 'microcontroller', 'microcontroller.pin'} & set(sys.modules)\n"
        "try:\n"
        "    real_bus.blinka_bus(99)\n"
        "except BusError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    remedy = "set the bus to one of" if is_raspberry_pi() else "pronemat"
    assert remedy in done.stdout.splitlines()[-1]  # Blinka prints a warning of its own before


def test_the_buss_clock_is_read_from_the_device_tree(tmp_path: Path) -> None:
    node = tmp_path / "class/i2c-adapter/i2c-1/of_node"
    node.mkdir(parents=True)
    assert bus_clock_hz(1, tmp_path) is None
    (node / "clock-frequency").write_bytes((100_000).to_bytes(4, "big"))
    assert bus_clock_hz(1, tmp_path) == 100_000


@pytest.mark.rig
def test_the_rigs_bus_runs_at_fast_mode(caplog: pytest.LogCaptureFixture) -> None:
    if not Path("/dev/i2c-1").exists():
        pytest.skip("the rig is not here")
    with caplog.at_level(logging.WARNING):
        RealBus(1).close()
    assert not caplog.records
