"""Which chip converts which channel when, and how fast that could be at best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device.core.mat import Mat
from device.drivers.ads1115 import conversion_s
from device.drivers.i2c import write_bits, write_read_bits

Slot = Mapping[int, int]
"""What is converted at the same time: by the chip's address, the place in the frame's counts."""


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """The slots of a frame in their order, each with its multiplexer channel.

    Chips have any sets of channels. A slot is one channel of every chip that has it, so strips with
    the same channel of different chips, the left and right of a row, are read together.
    """

    addresses: tuple[int, ...]
    slots: tuple[tuple[int, Slot], ...]

    def places(self, address: int) -> tuple[int, ...]:
        """Where the readings of a chip stand in a frame's counts."""
        return tuple(slot[address] for _, slot in self.slots if address in slot)


def plan_scan(mat: Mat) -> ScanPlan:
    """The plan for the chips and channels that this mat has."""
    slots: dict[int, dict[int, int]] = {}
    for place, (address, channel) in enumerate(mat.slots):
        slots.setdefault(channel, {})[address] = place
    return ScanPlan(mat.addresses, tuple(sorted(slots.items())))


START_BITS = write_bits(3)
"""Pointer and config register."""
COLLECT_BITS = write_read_bits(1, 2)
"""Pointer to the conversion register, and its two bytes."""


def limit_frames_per_s(mat: Mat, scl_hz: float) -> float:
    """The most frames a second that chips of the nominal data rate and the bus would allow.

    Nothing counts but what no scan can leave out: each conversion, its start and its collection.
    A slot takes its slowest part, which is a chip's own round or the bus's work for all its chips.
    """
    transfers_s = (START_BITS + COLLECT_BITS) / scl_hz
    round_s = conversion_s(mat.electronics.data_rate_hz) + transfers_s
    return 1 / sum(max(round_s, len(slot) * transfers_s) for _, slot in plan_scan(mat).slots)
