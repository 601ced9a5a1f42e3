"""The doctor's evidence from emulated chips in virtual time, under strips that can be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from device.athlete import SimulatedMat, dead_weight_points
from device.config import Settings
from device.core.calibration import Calibration, fit_calibration
from device.core.mat import Mat
from device.doctor.evidence import Evidence, from_source
from device.doctor.examine import mat_findings
from device.doctor.findings import Finding
from device.doctor.machine import Machine
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.emulated.faults import Fault
from device.drivers.i2c import I2C
from device.mat_file import load_mat
from device.sources.scan import ScanSource

SEED = 0
NOWHERE = Machine(Path("/nonexistent"))
LOOKED_AT_S = 1.0
"""As short as `pronemat doctor` may be told to look."""

Input = Callable[[float, float], float]
"""What a broken strip shows in place of its sound voltage, at a time."""
Examined = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def mat() -> Mat:
    return load_mat()


@pytest.fixture(scope="session")
def calibration(mat: Mat) -> Calibration:
    return fit_calibration(mat, dead_weight_points(mat, SEED), "weights")


@pytest.fixture
def examined(mat: Mat, calibration: Calibration) -> Examined:
    """All findings of the mat with these faults of chips and these strips broken."""

    def examine(
        faults: Iterable[Fault] = (),
        seconds: float = LOOKED_AT_S,
        *,
        empty: bool = True,
        scl_hz: float = 400_000,
        seed: int = SEED,
        curves: Calibration = calibration,
        wrap: Callable[[EmulatedBus], I2C] = lambda bus: bus,
        name: str = "demo",
        machine: Machine = NOWHERE,
        **broken: Input,
    ) -> list[Finding]:
        clock = VirtualClock()
        strips = SimulatedMat(mat, seed)
        if empty:
            strips.command("get_up")
        inputs = {mat.slots[mat.channels.index(name)]: show for name, show in broken.items()}

        def volts(address: int, channel: int, t_s: float) -> float:
            sound_v = strips.volts(address, channel, t_s)
            show = inputs.get((address, channel))
            return sound_v if show is None else show(t_s, sound_v)

        bus = EmulatedBus(
            clock, volts, mat.electronics, mat.addresses, faults=faults, scl_hz=scl_hz
        )
        evidence: Evidence = from_source(ScanSource(mat, wrap(bus), clock, name=name), seconds)
        return list(mat_findings(Settings(), curves, evidence, machine))

    return examine
