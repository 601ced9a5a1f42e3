"""Ten thousand faults in one run: nothing hangs, nothing false is read, nothing piles up."""

from __future__ import annotations

import dataclasses
import random
import sys
from collections.abc import Iterator, Sequence

import pytest

from device.core.mat import ADDRESSES
from device.drivers.emulated.faults import (
    BrownOut,
    Fault,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)

LATEST_S = 0.01
TOLERANCE = 2 + LATEST_S / 2 / 125e-6
"""Counts of a slope of 1 V/s. While a stuck bus holds the scan up, a chip that breaks its data
sheet may finish unseen; its reading is true, but its middle lies later by up to half of what it
took longer. A reading of the frame before would be 80 counts off, another channel's a thousand."""
FAULTS = 10_000
EVERY_S = 0.003
"""Mean time between faults: two or three in every frame, many of them overlapping."""
LONGEST_FRAME_S = 0.2
"""Four chips on a stuck bus, each tried once for 20 ms, and a frame around it."""


QUIET_S = 0.7
"""Before wires are exchanged every chip is up again: one that is reset under a false address cannot
be told from a new one (only the reference channel could)."""


def faults(seed: int, addresses: Sequence[int]) -> Iterator[Fault]:
    """Random faults of these chips in order of their time."""
    drawn = random.Random(seed)
    at_s = 0.1
    for _ in range(FAULTS):
        at_s += drawn.expovariate(1 / EVERY_S)
        until_s = at_s + drawn.choice([0.0, 0.0001, 0.001, 0.004, 0.02, 0.1]) * drawn.random()
        address = drawn.choice(addresses)
        kind = drawn.random()
        if kind < 0.30:
            yield NoAcknowledge(address, at_s, until_s)
        elif kind < 0.60:
            yield BrownOut(address, at_s, until_s)
        elif kind < 0.75:
            yield LateConversion(address, at_s, until_s, drawn.random() * LATEST_S)
        elif kind < 0.965:
            yield LostAcknowledge(address, at_s, until_s)
        elif kind < 0.995:
            yield StuckSda(at_s, until_s)
        else:
            at_s += QUIET_S
            other = drawn.choice([a for a in ADDRESSES if a != address])
            exchange = SwappedAddress if kind < 0.9975 else WrongAddress
            yield exchange(address, other, at_s, at_s + 0.02)
            at_s += 0.04


@pytest.mark.parametrize("frames_per_s", [None, 100.0])
@pytest.mark.parametrize("chips", [4, 1])
def test_ten_thousand_random_faults(scan_of, mat, chips, frames_per_s) -> None:
    """On one chip alone too: there nothing stands between a failed order and the next."""
    addresses = ADDRESSES[-chips:]
    sensors = tuple(sensor for sensor in mat.sensors if sensor.address in addresses)
    scan = scan_of(dataclasses.replace(mat, sensors=sensors), frames_per_s=frames_per_s)
    scan.tolerance = TOLERANCE
    waiting = faults(1, addresses)
    following = next(waiting, None)
    ordered = readings = missing = blocks_early = 0
    while following is not None:
        # Ordered a little ahead, so that a fault falls anywhere in a frame.
        while following is not None and following.from_s < scan.clock.now_s() + 0.05:
            scan.bus.order(following)
            ordered += 1
            following = next(waiting, None)
            if ordered == FAULTS // 5:
                blocks_early = sys.getallocatedblocks()
        began_s = scan.clock.now_s()
        frame = scan.step()
        assert scan.clock.now_s() - began_s < LONGEST_FRAME_S
        readings += len(frame.counts)
        missing += len(scan.missing(frame)) > 0
    assert ordered == FAULTS
    assert sys.getallocatedblocks() < blocks_early * 1.01
    counters = scan.source.counters()
    assert sum(chip.readings for chip in counters.chips.values()) > 0.02 * readings
    assert counters.failed_reads > 0.05 * readings
    # And when it is over, it is over.
    scan.run(1.0)
    assert not any(scan.missing(frame) for frame in scan.run(0.5))
