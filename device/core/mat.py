"""The mat as described by `mat.toml`: where each strip lies, which chip and channel reads it.

`device.core.mat_reader` reads one from text and checks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

ROWS = ("chest", "ribs", "abdomen", "asis", "pubis", "thigh", "knee", "foot", "head")
"""Rows from head to foot that the product knows how to read; `head` is the pad under the hands."""

ADDRESSES = (0x48, 0x49, 0x4A, 0x4B)
"""ADDR strapped to GND, VDD, SDA, SCL: ADS1115 data sheet (SBAS444 rev. E), table 7-2."""
CHANNELS = (0, 1, 2, 3)
FULL_SCALES_V = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256)
"""Programmable gain ranges: ADS1115 data sheet (SBAS444 rev. E), table 7-1."""
DATA_RATES = (8, 16, 32, 64, 128, 250, 475, 860)
"""Samples per second: ADS1115 data sheet (SBAS444 rev. E), table 8-3."""
COUNTS_FULL_SCALE = 32768
"""A signed 16-bit conversion: full scale is 2**15 counts."""


@dataclass(frozen=True, slots=True)
class Electronics:
    """The divider and the converters, the same for every channel."""

    supply_v: float
    pulldown_ohm: float
    full_scale_v: float
    data_rate_hz: int

    @property
    def volts_per_count(self) -> float:
        return self.full_scale_v / COUNTS_FULL_SCALE


@dataclass(frozen=True, slots=True)
class Sensor:
    """One channel: an FSR of one or more lengths, each under a collecting bar across the mat."""

    name: str
    part: str
    bars_mm: tuple[tuple[float, float], ...]
    width_mm: float
    height_mm: float
    address: int
    channel: int

    @property
    def row(self) -> str:
        """The row it belongs to: its name without the side."""
        return self.name.removesuffix("_left").removesuffix("_right")

    @property
    def side(self) -> str | None:
        """`left`, `right`, or None for a strip that serves both sides."""
        for side in ("left", "right"):
            if self.name.endswith("_" + side):
                return side
        return None

    @property
    def centre_mm(self) -> tuple[float, float]:
        """The mean of its bars' centres, x to the member's right and y towards the head."""
        count = len(self.bars_mm)
        return (sum(x for x, _ in self.bars_mm) / count, sum(y for _, y in self.bars_mm) / count)


@dataclass(frozen=True, slots=True)
class Reference:
    """The channel that measures a fixed share of the supply, so that a sag can be divided out.

    Where it is not `fitted` its readings are missing, and the supply is taken at its nominal value.
    """

    name: str
    address: int
    channel: int
    nominal_v: float
    fitted: bool = True


@dataclass(frozen=True)
class Mat:
    """A whole mat. Sensors keep the order of the file; the reference is the last channel."""

    length_mm: float
    width_mm: float
    head_end_mm: float
    foam_thickness_mm: float
    electronics: Electronics
    sensors: tuple[Sensor, ...]
    reference: Reference

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The sensors' names, in the order of every array of forces."""
        return tuple(sensor.name for sensor in self.sensors)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The names of all channels, in the order of every array of counts: sensors, reference."""
        return (*self.names, self.reference.name)

    @cached_property
    def slots(self) -> tuple[tuple[int, int], ...]:
        """`(address, channel)` of every entry of `channels`; a reference not fitted has none."""
        strips = tuple((sensor.address, sensor.channel) for sensor in self.sensors)
        if not self.reference.fitted:
            return strips
        return (*strips, (self.reference.address, self.reference.channel))

    @cached_property
    def addresses(self) -> tuple[int, ...]:
        """The chips that are fitted, in rising order of address."""
        return tuple(sorted({address for address, _ in self.slots}))

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The rows that this mat has, from head to foot (known ones first, then any other)."""
        present = {sensor.row for sensor in self.sensors}
        known = [row for row in ROWS if row in present]
        return (*known, *sorted(present - set(ROWS)))

    def indices(self, row: str, side: str | None = None) -> tuple[int, ...]:
        """Where the strips of a row (and, if given, of one side) stand in an array of forces.

        With a side, a strip that serves both sides is not included.
        """
        return tuple(
            index
            for index, sensor in enumerate(self.sensors)
            if sensor.row == row and (side is None or sensor.side == side)
        )

    def mirror_order(self) -> tuple[int, ...]:
        """For each sensor, the index of its mirror image: `forces[list(order)]` mirrors a body."""
        swap = {"left": "right", "right": "left"}
        place = {name: index for index, name in enumerate(self.names)}
        order = []
        for sensor in self.sensors:
            side = sensor.side
            order.append(place[sensor.name if side is None else f"{sensor.row}_{swap[side]}"])
        return tuple(order)
