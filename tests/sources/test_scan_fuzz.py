"""Ten thousand faults in one run: nothing hangs, nothing false is read, nothing piles up."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from device.core.mat import ADDRESSES
from device.drivers.emulated.storm import LATEST_S, storm

TOLERANCE = 2 + LATEST_S / 2 / 125e-6
"""Counts of a slope of 1 V/s. While a stuck bus holds the scan up, a chip that breaks its data
sheet may finish unseen; its reading is true, but its middle lies later by up to half of what it
took longer. A reading of the frame before would be 80 counts off, another channel's a thousand."""
FAULTS = 10_000
EVERY_S = 0.003
"""Mean time between faults: two or three in every frame, many of them overlapping."""
LONGEST_FRAME_S = 0.2
"""Four chips on a stuck bus, each tried once for 20 ms, and a frame around it."""


@pytest.mark.parametrize(("chips", "frames_per_s"), [(4, 100.0), (1, None)])
def test_ten_thousand_random_faults(scan_of, mat, chips, frames_per_s) -> None:
    """As on the mat; and on one chip alone as fast as can be, where nothing stands between a failed
    order and the next."""
    addresses = ADDRESSES[-chips:]
    sensors = tuple(sensor for sensor in mat.sensors if sensor.address in addresses)
    scan = scan_of(dataclasses.replace(mat, sensors=sensors), frames_per_s=frames_per_s)
    scan.tolerance = TOLERANCE
    waiting = storm(addresses, FAULTS, EVERY_S, 1)
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
