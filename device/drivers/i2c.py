"""The I2C bus as the drivers use it: its shape, its wire time, and a lock that cannot hang."""

from __future__ import annotations

import errno
import time
from typing import Protocol, TypedDict, Unpack

ADDRESS_BITS = 9
"""Seven bits of address, the direction and the acknowledge."""
BYTE_BITS = 9
CONDITION_BITS = 1
"""A start, repeated start or stop condition is counted as one clock of SCL."""

FAST_MODE_HZ = 400_000
"""The clock that the mat's wiring is made for: I2C fast mode."""
TRANSFER_DEADLINE_S = 0.02
"""Longest wait for one transfer, which takes 0.2 ms at 400 kHz. The kernel's own is a second."""
LOCK_DEADLINE_S = 0.05
"""Longest wait for the bus's lock. A frame holds it for a tenth of a millisecond at a time."""

PULL_UPS = (
    "the pull-ups (10 kOhm each from SDA and SCL to 3.3 V in the mat box, beside the Pi's own 1.8; "
    "stronger ones the chips cannot pull low)"
)
"""As `hardware/schematic` has them, for every message about a bad bus."""


class Parts(TypedDict, total=False):
    """Which part of the buffers is sent and filled, else all of both."""

    out_start: int
    out_end: int | None
    in_start: int
    in_end: int | None


class I2C(Protocol):
    """What `busio.I2C` offers and the Adafruit drivers call; failures are `OSError`."""

    def try_lock(self) -> bool: ...

    def unlock(self) -> None: ...

    def writeto(
        self, address: int, buffer: bytes, *, start: int = 0, end: int | None = None
    ) -> None: ...

    def readfrom_into(
        self, address: int, buffer: bytearray, *, start: int = 0, end: int | None = None
    ) -> None: ...

    def writeto_then_readfrom(
        self,
        address: int,
        buffer_out: bytes,
        buffer_in: bytearray,
        **parts: Unpack[Parts],
    ) -> None: ...


def write_bits(count: int) -> int:
    """Clocks of SCL for a write of `count` bytes, from start to stop."""
    return CONDITION_BITS + ADDRESS_BITS + count * BYTE_BITS + CONDITION_BITS


def read_bits(count: int) -> int:
    """Clocks of SCL for a read of `count` bytes, from start to stop."""
    return write_bits(count)


def write_read_bits(written: int, read: int) -> int:
    """Clocks of SCL for a write and, after a repeated start, a read."""
    return write_bits(written) + CONDITION_BITS + ADDRESS_BITS + read * BYTE_BITS


NO_ANSWER_BITS = write_bits(0)
"""An address that nobody acknowledges: start, address, stop."""


class BoundedBus:
    """The same bus with a deadline on its lock.

    `adafruit_bus_device` spins on `try_lock` for as long as it answers no, so a lock that is never
    given back would hang the scan; this one raises `OSError` (`EBUSY`) after `LOCK_DEADLINE_S`.
    """

    def __init__(self, i2c: I2C) -> None:
        self._i2c = i2c
        self._waiting_since_s: float | None = None
        # Bound once: these are called some thousand times a second.
        self.unlock = i2c.unlock
        self.writeto = i2c.writeto
        self.readfrom_into = i2c.readfrom_into
        self.writeto_then_readfrom = i2c.writeto_then_readfrom

    def try_lock(self) -> bool:
        if self._i2c.try_lock():
            self._waiting_since_s = None
            return True
        now_s = time.monotonic()
        if self._waiting_since_s is None:
            self._waiting_since_s = now_s
        elif now_s - self._waiting_since_s > LOCK_DEADLINE_S:
            self._waiting_since_s = None
            raise OSError(errno.EBUSY, "the bus stayed locked")
        return False
