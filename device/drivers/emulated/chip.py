"""One ADS1115, register by register, after Texas Instruments' data sheet SBAS444 (rev. E).

Four registers of 16 bits behind a pointer; the section each fact is from stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable

from device.core.mat import COUNTS_FULL_SCALE, DATA_RATES, FULL_SCALES_V

POINTER_CONVERSION, POINTER_CONFIG, POINTER_LOW, POINTER_HIGH = range(4)
POINTER_MASK = 0x03

RESET_REGISTERS = (0x0000, 0x8583, 0x8000, 0x7FFF)
"""Conversion, config, low and high threshold after power-up: section 8.1."""

OS = 0x8000
"""Written 1: start a conversion. Read 1: none is under way."""
MUX_SHIFT, MUX_MASK = 12, 0x7
PGA_SHIFT, PGA_MASK = 9, 0x7
MODE_SINGLE = 0x0100
RATE_SHIFT, RATE_MASK = 5, 0x7

DIFFERENTIAL_INPUTS = ((0, 1), (0, 3), (1, 3), (2, 3))
"""Positive and negative input of mux codes 0 to 3; codes 4 to 7 are inputs 0 to 3 to ground."""

POWER_UP_S = 25e-6
"""From power-down to the start of a single-shot conversion: section 7.4.2.1."""
RATE_TOLERANCE = 0.10
"""The data rate's limits, all temperatures: section 6.5."""

RESET_COMMAND = 0x06
"""Second byte of a general call that resets every chip: section 7.5.1.3."""


class EmulatedAds1115:
    """A chip whose inputs are `volts(channel, t_s)` and whose clock is off by `rate_error`.

    `rate_error` is the fraction by which its data rate is above the nominal one. `now_s` of each
    call may only grow. The input is taken as it is in the middle of the conversion, by one call of
    `volts` when the conversion starts.
    """

    def __init__(
        self, volts: Callable[[int, float], float], supply_v: float, rate_error: float = 0.0
    ) -> None:
        if abs(rate_error) > RATE_TOLERANCE:
            raise ValueError(f"a rate error of {rate_error:g} is outside the data sheet's limits")
        self.extra_s = 0.0
        """Added to each conversion that starts: a fault, no chip does it."""
        self._volts = volts
        self._supply_v = supply_v
        self._speed = 1.0 + rate_error
        self.reset()

    def reset(self) -> None:
        """Power-up, a brown-out or the general call: registers at reset, no conversion."""
        self._registers = list(RESET_REGISTERS)
        self._pointer = POINTER_CONVERSION
        self._begin_s = 0.0
        self._ready_s: float | None = None
        self._result = 0

    def write(self, data: bytes, now_s: float) -> None:
        """A whole write addressed to this chip, ended at `now_s`: pointer, then high, low byte."""
        self._finish(now_s)
        if not data:
            return
        self._pointer = data[0] & POINTER_MASK
        # A register takes its value when its second byte is complete; further bytes are ignored.
        if len(data) < 3 or self._pointer == POINTER_CONVERSION:
            return
        self._registers[self._pointer] = data[1] << 8 | data[2]
        if self._pointer == POINTER_CONFIG:
            self._configure(now_s)

    def read(self, count: int, now_s: float) -> bytes:
        """`count` bytes of the register under the pointer, as it is at `now_s`."""
        self._finish(now_s)
        value = self._registers[self._pointer]
        if self._pointer == POINTER_CONFIG:
            # OS falls when the chip has powered up, not when the conversion is ordered.
            converting = self._ready_s is not None and now_s >= self._begin_s
            value = value & ~OS if converting else value | OS
        # After the second byte the chip leaves SDA high.
        return value.to_bytes(2, "big").ljust(count, b"\xff")[:count]

    def change_config(self, config: int, now_s: float) -> None:
        """A disturbance writes the config register: a fault, no transfer does it."""
        self._finish(now_s)
        self._registers[POINTER_CONFIG] = config
        self._configure(now_s)

    def _configure(self, now_s: float) -> None:
        # A conversion under way keeps the configuration it was started with (section 7.4.2).
        if self._ready_s is not None:
            return
        config = self._registers[POINTER_CONFIG]
        if config & OS or not config & MODE_SINGLE:
            self._start(now_s + POWER_UP_S)

    def _start(self, begin_s: float) -> None:
        config = self._registers[POINTER_CONFIG]
        self._begin_s = begin_s
        self._ready_s = begin_s + self._duration_s(config) + self.extra_s
        self._result = self._convert(config, (begin_s + self._ready_s) / 2)

    def _duration_s(self, config: int) -> float:
        # A conversion takes one period of the data rate (section 7.3.6).
        return 1 / (DATA_RATES[config >> RATE_SHIFT & RATE_MASK] * self._speed)

    def _finish(self, now_s: float) -> None:
        while self._ready_s is not None and now_s >= self._ready_s:
            self._registers[POINTER_CONVERSION] = self._result & 0xFFFF
            ready_s, self._ready_s = self._ready_s, None
            config = self._registers[POINTER_CONFIG]
            if not config & MODE_SINGLE:
                # Continuous mode: conversions that nobody read are skipped, the last one counts.
                period_s = self._duration_s(config)
                unread = int((now_s - ready_s) / period_s)
                self._start(ready_s + max(0, unread - 1) * period_s)

    def _convert(self, config: int, t_s: float) -> int:
        mux = config >> MUX_SHIFT & MUX_MASK
        if mux < len(DIFFERENTIAL_INPUTS):
            positive, negative = DIFFERENTIAL_INPUTS[mux]
            volts = self._input_v(positive, t_s) - self._input_v(negative, t_s)
        else:
            volts = self._input_v(mux - len(DIFFERENTIAL_INPUTS), t_s)
        # Codes beyond the last range select the last one again (section 8.1.3).
        pga = min(config >> PGA_SHIFT & PGA_MASK, len(FULL_SCALES_V) - 1)
        counts = round(volts / FULL_SCALES_V[pga] * COUNTS_FULL_SCALE)
        return max(-COUNTS_FULL_SCALE, min(COUNTS_FULL_SCALE - 1, counts))

    def _input_v(self, channel: int, t_s: float) -> float:
        # The input's protection diodes hold it between ground and the supply (section 7.3.1).
        return min(max(self._volts(channel, t_s), 0.0), self._supply_v)
