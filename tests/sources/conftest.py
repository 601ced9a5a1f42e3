"""A scan over emulated chips in virtual time, under inputs that tell on every false reading."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from device.core.mat import Mat
from device.core.types import Frame
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.mat_file import load_mat
from device.sources.scan import ScanSource

SLOPE_V_S = 1.0
HALF_WAVE_S = 0.1
CLEARANCE_V = 0.16
"""Between two channels' waves, each 0.1 V high."""
TOLERANCE = 2
"""Counts. The middle of a conversion is known to a tenth of half its length, 0.06 ms, which is half
a count of this slope; a reading that is a millisecond old is eight counts off."""


def volts(address: int, channel: int, t_s: float) -> float:
    """Every input has its own level, and rises or falls by 1 V a second around it."""
    place = (address - 0x48) * 4 + channel
    phase_s = (t_s + 0.037 * place) % (2 * HALF_WAVE_S)
    return 0.1 + CLEARANCE_V * place + SLOPE_V_S * abs(phase_s - HALF_WAVE_S)


@dataclass
class Scan:
    """A scan and what it reads; `step` checks each frame against the inputs."""

    mat: Mat
    clock: VirtualClock
    bus: Any
    source: ScanSource
    tolerance: float = TOLERANCE

    def __post_init__(self) -> None:
        self._frames = self.source.frames()

    def step(self) -> Frame:
        """The next frame; fails on a reading that is stale, another channel's, or made up."""
        frame = next(self._frames)
        for place, (address, channel) in enumerate(self.mat.slots):
            counts, t_s = frame.counts[place], frame.times_s[place]
            assert math.isfinite(t_s)
            if not math.isnan(counts):
                true = volts(address, channel, t_s) / self.mat.electronics.volts_per_count
                assert abs(counts - true) <= self.tolerance, (
                    f"{self.mat.channels[place]} of frame {frame.sequence} at {t_s:.6f} s is "
                    f"{counts:.0f} in place of {true:.0f}"
                )
        return frame

    def run(self, seconds: float) -> list[Frame]:
        until_s = self.clock.now_s() + seconds
        frames = []
        while self.clock.now_s() < until_s:
            frames.append(self.step())
        return frames

    def missing(self, frame: Frame) -> set[int]:
        """Addresses of chips of which at least one reading is missing."""
        return {self.mat.slots[place][0] for place in np.flatnonzero(np.isnan(frame.counts))}


@pytest.fixture(scope="session")
def mat() -> Mat:
    return load_mat()


@pytest.fixture
def scan_of(mat: Mat) -> Callable[..., Scan]:
    """Builds a `Scan`; further settings are the bus's."""

    def build(
        of: Mat = mat,
        frames_per_s: float | None = 100.0,
        wrap: Callable[[EmulatedBus], Any] = lambda bus: bus,
        **settings: Any,
    ) -> Scan:
        clock = VirtualClock()
        settings.setdefault("addresses", of.addresses)
        bus = EmulatedBus(clock, volts, of.electronics, **settings)
        source = ScanSource(of, wrap(bus), clock, frames_per_s=frames_per_s)
        return Scan(of, clock, bus, source)

    return build
