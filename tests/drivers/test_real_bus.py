"""The Pi's bus: one process has it, and whatever is wrong with it is one sentence."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from device.drivers.panel import is_raspberry_pi
from device.drivers.real_bus import RealBus, bus_clock_hz
from device.errors import AlreadyRunningError, BusError

ROOT = Path(__file__).parents[2]
AS_A_PI_4 = {"BLINKA_FORCECHIP": "BCM2XXX", "BLINKA_FORCEBOARD": "RASPBERRY_PI_4B"}


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


ASK_BLINKA = """
import sys
import device.sources.mat, device.drivers.real_bus as real_bus
from device.errors import BusError
assert not {"board", "microcontroller", "microcontroller.pin"} & set(sys.modules)
sys.modules["gpiod"] = None
try:
    real_bus.blinka_bus(99)
except BusError as error:
    print(error)
"""


def ask_blinka(**environment: str) -> str:
    """What is said of bus 99. In a process of its own: Blinka stays half imported if it fails."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_BLINKA],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]  # Blinka prints warnings of its own before


def test_blinka_is_imported_on_use_only_and_off_a_pi_is_one_sentence() -> None:
    if not is_raspberry_pi():
        assert "on this machine: run on a Raspberry Pi, or without" in ask_blinka()


def test_a_pi_without_the_library_that_blinka_does_not_ask_for_is_told_to_install_it() -> None:
    said = ask_blinka(**AS_A_PI_4)
    assert "'gpiod'" in said
    assert said.endswith("install the extra 'pi' by `pip install 'pronemat[pi]'`.")


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


def test_the_scan_runs_through_blinka_as_on_a_pi(tmp_path: Path) -> None:
    """Real Blinka, real PureIO; only the kernel's node is emulated chips."""
    helper = Path(__file__).with_name("kernel_node.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(helper), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **AS_A_PI_4},
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["bus"] == "busio"
    assert seen["settings"] == {"0x701": 0, "0x702": 2}, "20 ms, and no silent repeats"
    assert seen["healthy"]
    assert seen["resets"] == 1
    assert 350 < seen["lost"] < 700
    assert seen["last"] == [8000.0] * 16
