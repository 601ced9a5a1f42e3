"""The demonstration: the whole scan, over emulated chips, under a simulated member."""

from __future__ import annotations

from device.athlete import SimulatedMat
from device.core.mat import Mat
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import PacedClock
from device.drivers.i2c import FAST_MODE_HZ
from device.sources.scan import FRAMES_PER_S, ScanSource


class DemoSource(ScanSource):
    """The real driver's scan of `bus`, on which `mat_under_body` presses.

    Faults can be ordered on `bus`, in the time of its clock (the machine's monotonic one).
    """

    def __init__(
        self,
        mat: Mat,
        seed: int,
        *,
        speed: float = 1.0,
        scl_hz: float = FAST_MODE_HZ,
        frames_per_s: float | None = FRAMES_PER_S,
    ) -> None:
        clock = PacedClock(speed)
        self.mat_under_body = SimulatedMat(mat, seed)
        self.bus = EmulatedBus(
            clock,
            self.mat_under_body.volts,
            mat.electronics,
            mat.addresses,
            scl_hz=scl_hz,
            seed=seed,
        )
        super().__init__(mat, self.bus, clock, name="demo", frames_per_s=frames_per_s)

    def command(self, name: str) -> None:
        """Tell the member what to do next: one of `device.athlete.COMMANDS`, else `MoveError`."""
        self.mat_under_body.command(name)


def open_demo(
    mat: Mat, seed: int = 0, *, speed: float = 1.0, scl_hz: float = FAST_MODE_HZ
) -> DemoSource:
    """The simulated mat as a source, at `speed` times the pace of life."""
    return DemoSource(mat, seed, speed=speed, scl_hz=scl_hz)
