"""A storm of faults: as many as are wanted, of every kind, at random moments and overlapping."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from device.core.mat import ADDRESSES
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    Fault,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)

LASTING_S = (0.0, 0.0001, 0.001, 0.004, 0.02, 0.1)
"""From a spike to ten frames; each is drawn with its share of chance."""
LATEST_S = 0.01
"""What a conversion takes longer at the most."""
QUIET_S = 0.7
"""Before wires are exchanged every chip is up again: one that is reset under a false address cannot
be told from a new one (only the reference channel could)."""
EXCHANGED_S, AFTER_S = 0.02, 0.04
CHANGED_CONFIG = 0x2080
"""Another input, another range and continuous mode."""


def storm(addresses: Sequence[int], count: int, every_s: float, seed: int) -> Iterator[Fault]:
    """`count` faults of these chips in order of their time, `every_s` apart on average."""
    drawn = random.Random(seed)
    at_s = 0.1
    for _ in range(count):
        at_s += drawn.expovariate(1 / every_s)
        until_s = at_s + drawn.choice(LASTING_S) * drawn.random()
        address = drawn.choice(addresses)
        kind = drawn.random()
        if kind < 0.28:
            yield NoAcknowledge(address, at_s, until_s)
        elif kind < 0.56:
            yield BrownOut(address, at_s, until_s)
        elif kind < 0.60:
            yield ChangedConfig(address, at_s, CHANGED_CONFIG)
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
            yield exchange(address, other, at_s, at_s + EXCHANGED_S)
            at_s += AFTER_S
