"""An I2C bus with emulated chips, in place of `busio.I2C` under the real Adafruit driver."""

from __future__ import annotations

import errno
import math
import os
import random
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NoReturn, Unpack

from device.core.mat import Electronics
from device.drivers.clock import Clock
from device.drivers.emulated.chip import RATE_TOLERANCE, RESET_COMMAND, EmulatedAds1115
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    Fault,
    FaultSchedule,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)
from device.drivers.i2c import (
    ADDRESS_BITS,
    CONDITION_BITS,
    FAST_MODE_HZ,
    NO_ANSWER_BITS,
    TRANSFER_DEADLINE_S,
    Parts,
    read_bits,
    write_bits,
    write_read_bits,
)

GENERAL_CALL = 0x00

Volts = Callable[[int, int, float], float]
"""`volts(address, channel, t_s)`: what lies at that input at that time."""


class EmulatedBus:
    """`busio.I2C` over emulated chips, each transfer taking the wire time of `scl_hz`.

    Each chip's data rate is off by a part of the data sheet's tolerance, drawn from `seed`, or as
    `rate_errors` has it by address. Errors are those of Linux: `EREMOTEIO` where nobody
    acknowledges, and after `TRANSFER_DEADLINE_S` `ETIMEDOUT` where SDA is stuck.
    """

    def __init__(
        self,
        clock: Clock,
        volts: Volts,
        electronics: Electronics,
        addresses: Iterable[int],
        *,
        scl_hz: float = FAST_MODE_HZ,
        faults: Iterable[Fault] = (),
        seed: int = 0,
        rate_errors: Mapping[int, float] | None = None,
    ) -> None:
        drawn = random.Random(seed)
        self._clock = clock
        self._bit_s = 1 / scl_hz
        self._chips: dict[int, EmulatedAds1115] = {}
        for address in addresses:
            error = drawn.uniform(-RATE_TOLERANCE, RATE_TOLERANCE)
            if rate_errors is not None:
                error = rate_errors.get(address, 0.0)
            self._chips[address] = EmulatedAds1115(
                partial(volts, address), electronics.supply_v, error
            )
        self._faults = FaultSchedule(faults)
        self._locked = False
        self._stuck = False
        self._answering: dict[int, list[EmulatedAds1115]] = {}
        self._unheard: set[EmulatedAds1115] = set()
        self._act([], -math.inf)

    def order(self, *faults: Fault) -> None:
        """Let these faults happen at their time (one that lies in the past begins now)."""
        self._faults.order(*faults)

    def try_lock(self) -> bool:
        if self._locked:
            return False
        self._locked = True
        return True

    def unlock(self) -> None:
        self._locked = False

    def deinit(self) -> None:
        """Nothing is held that would have to be given back."""

    def writeto(
        self, address: int, buffer: bytes, *, start: int = 0, end: int | None = None
    ) -> None:
        data = bytes(buffer[start:end])
        end_s = self._clock.now_s() + write_bits(len(data)) * self._bit_s
        chips = self._chips_at(address, end_s)
        if address == GENERAL_CALL and data[:1] == bytes([RESET_COMMAND]):
            for chip in chips:
                chip.reset()
        elif address != GENERAL_CALL:
            for chip in chips:
                chip.write(data, end_s)
        self._finish(chips, end_s)

    def readfrom_into(
        self, address: int, buffer: bytearray, *, start: int = 0, end: int | None = None
    ) -> None:
        count = len(buffer[start:end])
        now_s = self._clock.now_s()
        # The register is taken when the chip has acknowledged its address.
        read_s = now_s + (CONDITION_BITS + ADDRESS_BITS) * self._bit_s
        chips = self._chips_at(address, read_s)
        data = _wired_and(chips, count, read_s)
        self._finish(chips, now_s + read_bits(count) * self._bit_s)
        buffer[start : start + count] = data

    def writeto_then_readfrom(
        self, address: int, buffer_out: bytes, buffer_in: bytearray, **parts: Unpack[Parts]
    ) -> None:
        sent = bytes(buffer_out[parts.get("out_start", 0) : parts.get("out_end")])
        begin = parts.get("in_start", 0)
        count = len(buffer_in[begin : parts.get("in_end")])
        now_s = self._clock.now_s()
        read_s = now_s + (write_bits(len(sent)) + ADDRESS_BITS) * self._bit_s
        chips = self._chips_at(address, read_s)
        for chip in chips:
            chip.write(sent, read_s)
        data = _wired_and(chips, count, read_s)
        self._finish(chips, now_s + write_read_bits(len(sent), count) * self._bit_s)
        buffer_in[begin : begin + count] = data

    def _chips_at(self, address: int, t_s: float) -> list[EmulatedAds1115]:
        """Who acknowledges `address` at `t_s`: usually one chip; raises `OSError` for nobody."""
        if t_s >= self._faults.next_change_s:
            self._act(self._faults.acting(t_s), t_s)
        if self._stuck:
            self._fail(errno.ETIMEDOUT, self._clock.now_s() + TRANSFER_DEADLINE_S)
        chips = self._answering.get(address)
        if not chips:
            self._fail(errno.EREMOTEIO, self._clock.now_s() + NO_ANSWER_BITS * self._bit_s)
        return chips

    def _finish(self, chips: list[EmulatedAds1115], end_s: float) -> None:
        if self._unheard and not self._unheard.isdisjoint(chips):
            self._fail(errno.EREMOTEIO, end_s)
        self._clock.sleep_until(end_s)

    def _fail(self, code: int, at_s: float) -> NoReturn:
        self._clock.sleep_until(at_s)
        raise OSError(code, os.strerror(code))

    def _act(self, acting: list[Fault], t_s: float) -> None:
        self._stuck = False
        self._unheard.clear()
        silent: set[int] = set()
        answers_at = {address: address for address in self._chips}
        for chip in self._chips.values():
            chip.extra_s = 0.0
        for fault in acting:
            match fault:
                case StuckSda():
                    self._stuck = True
                case NoAcknowledge():
                    silent.add(fault.address)
                case LostAcknowledge():
                    self._unheard.add(self._chips[fault.address])
                case LateConversion():
                    self._chips[fault.address].extra_s = fault.extra_s
                case BrownOut():
                    self._chips[fault.address].reset()
                    if fault.until_s > t_s:
                        silent.add(fault.address)
                case ChangedConfig():
                    self._chips[fault.address].change_config(fault.config, fault.from_s)
                case SwappedAddress():
                    answers_at[fault.address] = fault.other
                    answers_at[fault.other] = fault.address
                case WrongAddress():
                    answers_at[fault.address] = fault.other
        self._answering = {}
        for address, chip in self._chips.items():
            if address not in silent:
                self._answering.setdefault(answers_at[address], []).append(chip)
        # Every chip that is awake hears the general call.
        self._answering[GENERAL_CALL] = [
            chip for chips in self._answering.values() for chip in chips
        ]


def _wired_and(chips: list[EmulatedAds1115], count: int, t_s: float) -> bytes:
    """What the bus carries when these chips answer together: a 0 of any of them wins."""
    data = chips[0].read(count, t_s)
    for chip in chips[1:]:
        data = bytes(a & b for a, b in zip(data, chip.read(count, t_s), strict=True))
    return data
