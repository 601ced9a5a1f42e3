"""The demonstration: the whole scan, over emulated chips, under a simulated member."""

from __future__ import annotations

from device.athlete import COMMANDS, SimulatedMat
from device.core.mat import Mat
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import PacedClock
from device.drivers.emulated.faults import BrownOut, Fault, NoAcknowledge, StuckSda
from device.drivers.i2c import FAST_MODE_HZ
from device.sources.scan import FRAMES_PER_S, ScanSource

UNPLUGGED_S = 10.0
"""Long enough to see what the pages say of a missing chip."""
STUCK_S = 3.0
PACES = {"pace_slow": 0.25, "pace_real": 1.0, "pace_fast": 6.0}
"""How fast this world lives, by order: slow while somebody touches a page in front of it, since its
visitors wait for nobody; fast while they only look on."""


class DemoSource(ScanSource):
    """The real driver's scan of `bus`, on which `mat_under_body` presses."""

    def __init__(
        self,
        mat: Mat,
        seed: int,
        *,
        speed: float = 1.0,
        scl_hz: float = FAST_MODE_HZ,
        frames_per_s: float | None = FRAMES_PER_S,
    ) -> None:
        self._pace = clock = PacedClock(speed)
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

    @property
    def commands(self) -> tuple[str, ...]:
        """What `command` takes: the member's moves, troubles of the electronics, and paces."""
        return (*COMMANDS, *self._troubles(), *PACES)

    def command(self, name: str) -> None:
        """Tell the member what to do next, let a trouble happen now, or change this world's pace;
        else `MoveError`."""
        if name in PACES:
            self._pace.set_speed(PACES[name])
            return
        trouble = self._troubles().get(name)
        if trouble is None:
            self.mat_under_body.command(name)
        else:
            self.bus.order(trouble)

    def _troubles(self) -> dict[str, Fault]:
        now_s = self._clock.now_s()
        troubles: dict[str, Fault] = {"stick_bus": StuckSda(now_s, now_s + STUCK_S)}
        for address in self._plan.addresses:
            name = f"{address:x}"
            troubles[f"unplug_{name}"] = NoAcknowledge(address, now_s, now_s + UNPLUGGED_S)
            troubles[f"brown_out_{name}"] = BrownOut(address, now_s, now_s)
        return troubles


def open_demo(
    mat: Mat, seed: int = 0, *, speed: float = 1.0, scl_hz: float = FAST_MODE_HZ
) -> DemoSource:
    """The simulated mat as a source, at `speed` times the pace of life."""
    return DemoSource(mat, seed, speed=speed, scl_hz=scl_hz)
