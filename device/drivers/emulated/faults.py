"""What can go wrong on the bus, to be ordered for a moment: each fault as one small record.

Addresses name the chip by the address it was built with. Times are those of the bus's clock.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoAcknowledge:
    """The chip is unplugged or its cable broken: nobody acknowledges its address."""

    address: int
    from_s: float
    until_s: float = math.inf


@dataclass(frozen=True, slots=True)
class LostAcknowledge:
    """Noise on the bus: transfers reach the chip and act, but the Pi sees them fail."""

    address: int
    from_s: float
    until_s: float = math.inf


@dataclass(frozen=True, slots=True)
class StuckSda:
    """Something holds SDA low: every transfer on the bus times out."""

    from_s: float
    until_s: float = math.inf


@dataclass(frozen=True, slots=True)
class LateConversion:
    """Conversions started in this time take `extra_s` longer than the data sheet allows."""

    address: int
    from_s: float
    until_s: float = math.inf
    extra_s: float = 0.01


@dataclass(frozen=True, slots=True)
class BrownOut:
    """The chip's supply dips: it is silent until `until_s` and wakes with its reset registers."""

    address: int
    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class ChangedConfig:
    """A disturbance writes another configuration into the chip, in no time."""

    address: int
    from_s: float
    config: int

    @property
    def until_s(self) -> float:
        return self.from_s


@dataclass(frozen=True, slots=True)
class SwappedAddress:
    """Two chips answer at each other's address, as with exchanged ADDR wires.

    The data sheet has ADDR sampled all the time (section 7.5.1.1), so this may happen in running.
    """

    address: int
    other: int
    from_s: float
    until_s: float = math.inf


@dataclass(frozen=True, slots=True)
class WrongAddress:
    """A loose ADDR wire: the chip answers at `other`, where another chip may be answering too."""

    address: int
    other: int
    from_s: float
    until_s: float = math.inf


Fault = (
    NoAcknowledge
    | LostAcknowledge
    | StuckSda
    | LateConversion
    | BrownOut
    | ChangedConfig
    | SwappedAddress
    | WrongAddress
)


class FaultSchedule:
    """The ordered faults, and which of them act now. A fault that is over is forgotten."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._waiting: list[tuple[float, int, Fault]] = []
        self._acting: list[Fault] = []
        self._ordered = 0
        self.next_change_s = math.inf
        """When the set of acting faults changes next."""
        self.order(*faults)

    def order(self, *faults: Fault) -> None:
        """Add faults; one whose time has begun acts from the next transfer on."""
        for fault in faults:
            self._ordered += 1
            heapq.heappush(self._waiting, (fault.from_s, self._ordered, fault))
            self.next_change_s = min(self.next_change_s, fault.from_s)

    def acting(self, now_s: float) -> list[Fault]:
        """The faults that act at `now_s`, and those that began and ended since the last call."""
        while self._waiting and self._waiting[0][0] <= now_s:
            self._acting.append(heapq.heappop(self._waiting)[2])
        acting = self._acting
        self._acting = [fault for fault in acting if fault.until_s > now_s]
        changes_s = [fault.until_s for fault in self._acting]
        if self._waiting:
            changes_s.append(self._waiting[0][0])
        self.next_change_s = min(changes_s, default=math.inf)
        return [
            fault
            for fault in acting
            if fault.until_s > now_s or isinstance(fault, BrownOut | ChangedConfig)
        ]
