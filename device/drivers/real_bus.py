"""Opens the Pi's own I2C bus for one process alone. Blinka is imported here, on use, only."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import BinaryIO

from device.drivers.i2c import FAST_MODE_HZ, I2C, TRANSFER_DEADLINE_S
from device.errors import AlreadyRunningError, BusError

I2C_RETRIES, I2C_TIMEOUT = 0x0701, 0x0702
"""Requests of Linux's `uapi/linux/i2c-dev.h`. Both act on the bus, not on the file alone."""
TIMEOUT_UNIT_S = 0.01
BOOT_CONFIG = "/boot/firmware/config.txt"

_log = logging.getLogger(__name__)


class RealBus:
    """A bus held by this process until `close`, or until the process ends however it ends."""

    def __init__(self, number: int, scl_hz: float = FAST_MODE_HZ, dev: Path = Path("/dev")) -> None:
        """Open `/dev/i2c-<number>`.

        Raises `BusError` where it cannot be used and `AlreadyRunningError` where another process
        of this program has it.
        """
        node = dev / f"i2c-{number}"
        self._lock = _locked(node)
        try:
            _set_deadline(self._lock, node)
            self.i2c = blinka_bus(number)
        except BaseException:
            self._lock.close()
            raise
        _compare_clock(number, scl_hz)

    def close(self) -> None:
        deinit = getattr(self.i2c, "deinit", None)
        if deinit is not None:
            deinit()
        self._lock.close()


def _locked(node: Path) -> BinaryIO:
    """The bus's node, locked: it is its own lock file, and the kernel unlocks it at our end."""
    try:
        file = node.open("r+b", buffering=0)
    except FileNotFoundError:
        raise BusError(
            f"There is no I2C bus {node}: put dtparam=i2c_arm=on into {BOOT_CONFIG} and start the "
            "Pi anew, or try the program without a mat by `pronemat demo`."
        ) from None
    except PermissionError:
        raise BusError(
            f"The I2C bus {node} may not be opened: add the user to its group by "
            "`sudo usermod -aG i2c USER` and log in anew."
        ) from None
    except OSError as error:
        raise BusError(
            f"The I2C bus {node} cannot be opened ({error.strerror}): name another one in the "
            "settings."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunningError(
            f"Another process is using the I2C bus {node}: stop it first (`systemctl stop "
            "pronemat`, if it runs as a service)."
        ) from None
    return file


def _set_deadline(file: BinaryIO, node: Path) -> None:
    try:
        fcntl.ioctl(file, I2C_TIMEOUT, round(TRANSFER_DEADLINE_S / TIMEOUT_UNIT_S))
        fcntl.ioctl(file, I2C_RETRIES, 0)
    except OSError as error:
        raise BusError(
            f"{node} does not act like an I2C bus ({error.strerror}): name another one in the "
            "settings."
        ) from None


def blinka_bus(number: int) -> I2C:
    """`busio.I2C` of this board's bus of that number, or `BusError`."""
    # Else Blinka asks at import whether it may install what it misses.
    os.environ.setdefault("BLINKA_SKIP_DEPENDENCY_CHECK", "1")
    try:
        import busio
        from microcontroller.pin import i2cPorts
    except (ModuleNotFoundError, RuntimeError) as error:
        # A Pi's library that Blinka needs but does not install is a RuntimeError of several lines.
        raise BusError(
            f"Blinka, which speaks to the I2C bus, is not whole ({str(error).split('.')[0]}): "
            "install the extra 'pi' by `pip install 'pronemat[pi]'`."
        ) from None
    except (ImportError, NotImplementedError):
        raise BusError(
            "Blinka knows no I2C bus on this machine: run on a Raspberry Pi, or without a mat by "
            "`pronemat demo`."
        ) from None
    known = {port: (scl, sda) for port, scl, sda in i2cPorts}
    if number not in known:
        raise BusError(
            f"This board has no I2C bus {number} on its pins: set the bus to one of "
            f"{', '.join(map(str, sorted(known)))}."
        )
    scl, sda = known[number]
    try:
        bus: I2C = busio.I2C(scl, sda)
    except (OSError, RuntimeError, ValueError) as error:
        raise BusError(
            f"The I2C bus {number} cannot be opened ({error}): put dtparam=i2c_arm=on into "
            f"{BOOT_CONFIG} and start the Pi anew."
        ) from None
    return bus


def _compare_clock(number: int, scl_hz: float) -> None:
    """Say so if the bus is slower than it was set up to be: only the boot configuration sets it."""
    actual_hz = bus_clock_hz(number)
    if actual_hz is not None and actual_hz < scl_hz:
        _log.warning(
            "The I2C bus %d runs at %.0f kHz in place of %.0f: put "
            "dtparam=i2c_arm_baudrate=%.0f into %s and start the Pi anew.",
            number,
            actual_hz / 1000,
            scl_hz / 1000,
            scl_hz,
            BOOT_CONFIG,
        )


def bus_clock_hz(number: int, sys: Path = Path("/sys")) -> float | None:
    """The clock that the device tree gives the bus, or None where it does not say."""
    node = sys / f"class/i2c-adapter/i2c-{number}/of_node/clock-frequency"
    try:
        return float(int.from_bytes(node.read_bytes(), "big")) or None
    except OSError:
        return None
