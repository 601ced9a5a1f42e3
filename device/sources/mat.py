"""Opens the mat itself as a source of frames."""

from __future__ import annotations

from device.core.mat import Mat
from device.drivers.clock import RealClock
from device.drivers.i2c import FAST_MODE_HZ
from device.drivers.real_bus import RealBus
from device.sources.scan import FRAMES_PER_S, ScanSource

BUS_NUMBER = 1
"""The bus on pins 3 and 5 of every Raspberry Pi's header."""


def open_mat(
    mat: Mat,
    number: int = BUS_NUMBER,
    scl_hz: float = FAST_MODE_HZ,
    frames_per_s: float | None = FRAMES_PER_S,
) -> ScanSource:
    """The scan over `/dev/i2c-<number>`; raises `BusError` or `AlreadyRunningError`.

    A chip that is missing is no error: its strips are, until it is there.
    """
    bus = RealBus(number, scl_hz)
    return ScanSource(
        mat, bus.i2c, RealClock(), name="mat", frames_per_s=frames_per_s, release=bus.close
    )
