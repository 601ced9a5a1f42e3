"""Buses for the driver suite: emulated ones in virtual time, and the rig's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from device.core.mat import Mat
from device.drivers.clock import Clock, RealClock
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.i2c import I2C
from device.drivers.real_bus import RealBus
from device.errors import BusError
from device.mat_file import load_mat


@dataclass
class Wire:
    """An emulated bus, spoken to byte by byte as a logic analyser would see it."""

    clock: VirtualClock
    bus: EmulatedBus

    def write(self, address: int, *data: int) -> None:
        self.bus.writeto(address, bytes(data))

    def read(self, address: int, count: int = 2) -> bytes:
        buffer = bytearray(count)
        self.bus.readfrom_into(address, buffer)
        return bytes(buffer)

    def register(self, address: int, pointer: int) -> int:
        buffer = bytearray(2)
        self.bus.writeto_then_readfrom(address, bytes([pointer]), buffer)
        return int.from_bytes(buffer, "big")

    def set_config(self, address: int, config: int) -> None:
        self.write(address, 1, config >> 8, config & 0xFF)

    def wait(self, seconds: float) -> None:
        self.clock.sleep_until(self.clock.now_s() + seconds)


@pytest.fixture(scope="session")
def mat() -> Mat:
    return load_mat()


@pytest.fixture
def wire_of(mat: Mat) -> Callable[..., Wire]:
    """Builds a `Wire`; by default four chips of exactly the nominal rate, every input at 1 V."""

    def build(volts: Callable[[int, int, float], float] = lambda *_: 1.0, **settings: Any) -> Wire:
        clock = VirtualClock()
        settings.setdefault("rate_errors", {})
        addresses = settings.pop("addresses", mat.addresses)
        return Wire(clock, EmulatedBus(clock, volts, mat.electronics, addresses, **settings))

    return build


@pytest.fixture(params=["emulated", pytest.param("rig", marks=pytest.mark.rig)])
def hardware(request: pytest.FixtureRequest, mat: Mat) -> Iterator[tuple[I2C, Clock]]:
    """A bus with every chip of the mat on it: emulated, and on a Pi (`-m rig`) the mat's own."""
    if request.param == "emulated":
        clock = VirtualClock()
        level_v = mat.reference.nominal_v
        yield EmulatedBus(clock, lambda *_: level_v, mat.electronics, mat.addresses), clock
        return
    try:
        bus = RealBus(1)
    except BusError as error:
        pytest.skip(f"the rig is not here: {str(error).split(':')[0]}")
    yield bus.i2c, RealClock()
    bus.close()
