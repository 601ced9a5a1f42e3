"""One ADS1115 over the Adafruit driver, with what that driver lacks: start now, collect later.

The Adafruit driver waits for every conversion, without a deadline, and believes whatever comes
back. Here a conversion is started on every chip before the first is collected, nothing waits, and
each answer is checked against what the chip was told:

- the config register is read back to see whether a conversion is done, so it is compared too;
- the high threshold, which the mat has no use for (the comparator is off), holds a signature made
  from the chip's address. It survives everything but a reset, and no other chip has it. A reading
  counts only if the signature is still there afterwards.

Register facts are from Texas Instruments' data sheet SBAS444, revision E.
"""

from __future__ import annotations

import errno

from adafruit_ads1x15 import ADS1115, ads1x15
from adafruit_bus_device.i2c_device import I2CDevice

from device.core.mat import ADDRESSES, DATA_RATES, FULL_SCALES_V, Electronics
from device.drivers.i2c import I2C, PULL_UPS
from device.errors import ChipError

CONVERSION, CONFIG, HIGH_THRESHOLD = 0, 1, 3
"""Register pointers: table 8-1."""
DONE = 0x8000
"""Config register, OS bit: no conversion is under way."""
MUX_SHIFT = 12
MUX_SINGLE_ENDED = 4
"""Mux codes 4 to 7 measure inputs 0 to 3 against ground: table 8-3."""
MUX = 0x7000
PGA_SHIFT = 9
RATE_SHIFT = 5
SINGLE_SHOT = 0x0100
COMPARATOR_OFF = 0x0003

POWER_UP_S = 25e-6
"""From the order to the beginning of a conversion: section 7.4.2.1."""
RATE_TOLERANCE = 0.10
"""The data rate may be off by this fraction either way: section 5.5."""

ADAFRUIT_GAINS = {6.144: 2 / 3, 4.096: 1, 2.048: 2, 1.024: 4, 0.512: 8, 0.256: 16}
"""The Adafruit driver's name for each full scale in volts."""
THRESHOLD_AT_RESET = 0x7FFF

WIRES_OF_ADDR = {0x48: "GND", 0x49: "VDD", 0x4A: "SDA", 0x4B: "SCL"}
"""Where the ADDR pin of each address is wired: table 7-2."""

BUS_HANGS = (errno.ETIMEDOUT, errno.EAGAIN)
"""What Linux says when SDA or SCL is held low: timed out, or arbitration lost."""


class ResetError(ChipError):
    """A chip answers, but not as the one that was set up: it was reset, or is another."""


def conversion_s(data_rate_hz: int) -> float:
    """The nominal time from ordering a conversion to its result."""
    return POWER_UP_S + 1 / data_rate_hz


def shortest_conversion_s(data_rate_hz: int) -> float:
    """What the fastest chip within the data sheet's tolerance takes."""
    return POWER_UP_S + 1 / (data_rate_hz * (1 + RATE_TOLERANCE))


def longest_conversion_s(data_rate_hz: int) -> float:
    """What the slowest chip within the data sheet's tolerance takes."""
    return POWER_UP_S + 1 / (data_rate_hz * (1 - RATE_TOLERANCE))


def signature(address: int) -> int:
    """The address and its complement: two chips answering together can only spoil it.

    Where two chips drive the bus a 0 wins, and of two different signatures each has zeros where the
    other has ones.
    """
    return (~address & 0xFF) << 8 | address


class StartableAds1115:
    """A chip that is there and set up. Every method is one or two transfers and never waits.

    Raises `ChipError` where the chip does not answer and `ResetError` where it answers with other
    registers than it was given.
    """

    def __init__(self, i2c: I2C, address: int, electronics: Electronics) -> None:
        self.address = address
        self._config = (
            FULL_SCALES_V.index(electronics.full_scale_v) << PGA_SHIFT
            | SINGLE_SHOT
            | DATA_RATES.index(electronics.data_rate_hz) << RATE_SHIFT
            | COMPARATOR_OFF
        )
        # The register under the chip's pointer, as far as we know: a read of the same register
        # again needs no pointer and takes 0.07 ms in place of 0.12 (400 kHz).
        self._pointer: int | None = None
        try:
            self._refuse_strangers(i2c)
            self._chip = ADS1115(
                i2c,
                gain=ADAFRUIT_GAINS[electronics.full_scale_v],
                data_rate=electronics.data_rate_hz,
                mode=ads1x15.Mode.SINGLE,
                comparator_high_threshold=_signed(signature(address)),
                address=address,
            )
        except ValueError:
            raise self._silent(OSError(errno.ENXIO, "no acknowledge")) from None
        except OSError as error:
            raise self._silent(error) from None
        self.done()
        self.check_signature()

    def start(self, channel: int) -> None:
        """Order one conversion of an input against ground."""
        self._pointer = None
        try:
            self._chip._write_config(MUX_SINGLE_ENDED + channel)
        except OSError as error:
            raise self._silent(error) from None
        self._pointer = CONFIG

    def done(self, channel: int | None = None) -> bool:
        """Whether no conversion is under way; `channel` is the input that must be selected.

        For `POWER_UP_S` after `start` the chip still says yes; the question itself takes longer on
        any bus the chip can be on without its high-speed mode.
        """
        value = self._read(CONFIG)
        checked = 0xFFFF & ~DONE
        expected = self._config
        if channel is None:
            checked &= ~MUX
        else:
            expected |= MUX_SINGLE_ENDED + channel << MUX_SHIFT
        if value & checked != expected:
            if self._read(HIGH_THRESHOLD) == signature(self.address):
                raise ResetError(
                    f"The chip {self.address:#x} had its configuration changed ({value:#06x} in "
                    f"place of {expected:#06x}) without a reset: a disturbance wrote to it; keep "
                    "the cable short, and away from mains and motors."
                )
            raise self._reset("configuration", expected, value)
        return bool(value & DONE)

    def result(self) -> int:
        """The counts of the conversion that was last completed."""
        counts: int = self._chip._conversion_value(self._read(CONVERSION))
        return counts

    def check_signature(self) -> None:
        """Raise `ResetError` if this is not the chip that was set up, or it was reset since."""
        value = self._read(HIGH_THRESHOLD)
        if value == THRESHOLD_AT_RESET:
            raise self._reset("signature", signature(self.address), value)
        if value != signature(self.address):
            raise ResetError(self._stranger(value))

    def _read(self, register: int) -> int:
        again = self._pointer == register
        self._pointer = None
        try:
            value: int = self._chip._read_register(register, again)
        except OSError as error:
            raise self._silent(error) from None
        self._pointer = register
        return value

    def _refuse_strangers(self, i2c: I2C) -> None:
        """A chip that carries another one's signature, or a mix of two, must not be set up."""
        device = I2CDevice(i2c, self.address, probe=False)
        answer = bytearray(2)
        with device:
            device.write_then_readinto(bytes([HIGH_THRESHOLD]), answer)
        found = int.from_bytes(answer, "big")
        if found not in (THRESHOLD_AT_RESET, signature(self.address)):
            raise ChipError(self._stranger(found))

    def _stranger(self, found: int) -> str:
        """A sentence about an answer that carries another signature than ours."""
        for other in ADDRESSES:
            if found == signature(other):
                return (
                    f"The chip of address {other:#x} answers at {self.address:#x}: check the wires "
                    "of the ADDR pins, then switch the mat off and on."
                )
        return (
            f"At {self.address:#x} two chips answer together, or one that another program has set "
            f"up (high threshold {found:#06x}): check the wires of the ADDR pins, then switch the "
            "mat off and on."
        )

    def _silent(self, error: OSError) -> ChipError:
        why = (error.strerror or "I/O error").lower()
        if error.errno in BUS_HANGS:
            return ChipError(
                f"The bus hangs at the chip {self.address:#x} ({why}): switch the mat off and on, "
                "and if it stays, look for a short in its cable."
            )
        if error.errno == errno.EBUSY:
            return ChipError(
                f"The chip {self.address:#x} is in use by somebody else ({why}): remove a line "
                "with dtoverlay=ads1115 or ads1015 from /boot/firmware/config.txt and start anew."
            )
        if error.errno == errno.EIO:
            return ChipError(
                f"Transfers of the chip {self.address:#x} break off ({why}): shorten its cable "
                f"(1.5 m at most), then check its ground wire and {PULL_UPS}."
            )
        return ChipError(
            f"The chip {self.address:#x} does not answer ({why}): check its plug and cable, then "
            f"the wire from its ADDR pin to {WIRES_OF_ADDR[self.address]}."
        )

    def _reset(self, what: str, expected: int, value: int) -> ResetError:
        return ResetError(
            f"The chip {self.address:#x} has lost its {what} ({value:#06x} in place of "
            f"{expected:#06x}): its supply dipped or it was plugged anew; check its supply wires."
        )


def _signed(value: int) -> int:
    """Sixteen bits as the Adafruit driver takes a threshold."""
    return value - 0x10000 if value & 0x8000 else value
