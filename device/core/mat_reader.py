"""Reads a mat description from the text of `mat.toml` and checks it; every error names the line.

Reading the file is the caller's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from device.core.mat import (
    ADDRESSES,
    CHANNELS,
    DATA_RATES,
    FULL_SCALES_V,
    ROWS,
    Electronics,
    Mat,
    Reference,
    Sensor,
)
from device.core.mat_lines import LineFinder
from device.core.parts import PARTS
from device.errors import MatError


def parse_mat(text: str, source: str = "mat.toml") -> Mat:
    """Read and check a mat description.

    Raises `MatError` naming `source`, the line and the remedy for anything that is not one.
    """
    return _Reader(text, source).mat()


_Choice = TypeVar("_Choice")

REFERENCE = "reference"
_MAT_KEYS = ("length", "width", "head_end", "foam_thickness", "without")
_ELECTRONICS_KEYS = ("supply", "pulldown", "pga", "data_rate")
_SENSOR_KEYS = ("name", "part", "bars", "width", "height", "address", "channel")
_REFERENCE_KEYS = ("name", "address", "channel", "nominal")


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.lines = LineFinder(text)
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise MatError(f"{source} is not valid TOML: {error}.") from None

    def fail(self, line: int, what: str) -> MatError:
        return MatError(f"{self.source}, line {line}: {what}.")

    def mat(self) -> Mat:
        for key in self.tables:
            if key not in ("mat", "electronics", "sensor", "reference"):
                raise self.fail(
                    self.lines.top(key),
                    f"unknown table or key '{key}'; allowed are [mat], [electronics], "
                    "[[sensor]] and [reference]",
                )
        plate = self.table("mat", _MAT_KEYS, optional=("without",))
        length, width, head_end, foam = (
            self.number(plate, "mat", 0, key, above=0) for key in _MAT_KEYS[:4]
        )
        electronics = self.electronics()
        sensors = self.sensors(length, width, head_end)
        without = self.without(plate)
        reference = self.reference(electronics, REFERENCE not in without)
        self.check_slots(sensors, reference)
        self.check_rows(sensors, without)
        return Mat(length, width, head_end, foam, electronics, sensors, reference)

    def table(
        self, name: str, keys: Sequence[str], optional: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        table = self.tables.get(name)
        if not isinstance(table, dict):
            raise self.fail(
                self.lines.last, f"the table [{name}] is missing; add it with {_listed(keys)}"
            )
        self.check_keys(table, name, 0, keys, optional)
        return table

    def check_keys(
        self,
        table: Mapping[str, Any],
        name: str,
        nth: int,
        keys: Sequence[str],
        optional: Sequence[str] = (),
    ) -> None:
        for key in table:
            if key not in keys:
                raise self.fail(
                    self.lines.key(name, nth, key),
                    f"unknown key '{key}' in {name}; allowed are {_listed(keys)}",
                )
        for key in keys:
            if key not in table and key not in optional:
                raise self.fail(self.lines.header(name, nth), f"{name} has no '{key}'; add it")

    def number(
        self,
        table: Mapping[str, Any],
        name: str,
        nth: int,
        key: str,
        above: float | None = None,
    ) -> float:
        value = table[key]
        if not _is_number(value) or (above is not None and not value > above):
            wanted = "a number" if above is None else f"a number above {above:g}"
            raise self.fail(
                self.lines.key(name, nth, key), f"'{key}' must be {wanted}, but is {value!r}"
            )
        return float(value)

    def choice(
        self,
        table: Mapping[str, Any],
        name: str,
        nth: int,
        key: str,
        allowed: Sequence[_Choice],
        shown: str | None = None,
    ) -> _Choice:
        value = table[key]
        if isinstance(value, bool) or value not in allowed:
            listed = shown or ", ".join(str(item) for item in allowed)
            raise self.fail(
                self.lines.key(name, nth, key),
                f"'{key}' must be one of {listed}, but is {value!r}",
            )
        return allowed[allowed.index(value)]

    def electronics(self) -> Electronics:
        name = "electronics"
        table = self.table(name, _ELECTRONICS_KEYS)
        return Electronics(
            supply_v=self.number(table, name, 0, "supply", above=0),
            pulldown_ohm=self.number(table, name, 0, "pulldown", above=0),
            full_scale_v=self.choice(table, name, 0, "pga", FULL_SCALES_V),
            data_rate_hz=self.choice(table, name, 0, "data_rate", DATA_RATES),
        )

    def sensors(self, length: float, width: float, head_end: float) -> tuple[Sensor, ...]:
        tables = self.tables.get("sensor")
        if not isinstance(tables, list) or not tables:
            raise self.fail(self.lines.last, "there is no [[sensor]]; add one for each strip")
        sensors: list[Sensor] = []
        for nth, table in enumerate(tables):
            sensor = self.sensor(nth, table)
            if sensor.name in [other.name for other in sensors]:
                raise self.fail(
                    self.lines.key("sensor", nth, "name"),
                    f"a second sensor is named '{sensor.name}'; give each its own name",
                )
            for x, y in sensor.bars_mm:
                off_x = abs(x) + sensor.width_mm / 2 > width / 2
                off_y = not (
                    head_end - length + sensor.height_mm / 2 <= y <= head_end - sensor.height_mm / 2
                )
                if off_x or off_y:
                    raise self.fail(
                        self.lines.key("sensor", nth, "bars"),
                        f"the bar of '{sensor.name}' at [{x:g}, {y:g}] lies off the mat, which "
                        f"reaches from x {-width / 2:g} to {width / 2:g} and from y "
                        f"{head_end - length:g} to {head_end:g}",
                    )
            sensors.append(sensor)
        return tuple(sensors)

    def sensor(self, nth: int, table: Any) -> Sensor:
        if not isinstance(table, dict):
            raise self.fail(self.lines.last, "write each strip as a [[sensor]] table")
        self.check_keys(table, "sensor", nth, _SENSOR_KEYS)
        name = table["name"]
        if not isinstance(name, str) or not name.replace("_", "").isalnum() or name == "t":
            raise self.fail(
                self.lines.key("sensor", nth, "name"),
                f"'name' must be a row, or a row with _left or _right, but is {name!r}",
            )
        bars = table["bars"]
        if (
            not isinstance(bars, list)
            or not bars
            or not all(
                isinstance(bar, list) and len(bar) == 2 and all(_is_number(v) for v in bar)
                for bar in bars
            )
        ):
            raise self.fail(
                self.lines.key("sensor", nth, "bars"),
                f"'bars' of '{name}' must be a list of [x, y] in millimetres",
            )
        return Sensor(
            name=name,
            part=self.choice(table, "sensor", nth, "part", tuple(PARTS)),
            bars_mm=tuple((float(x), float(y)) for x, y in bars),
            width_mm=self.number(table, "sensor", nth, "width", above=0),
            height_mm=self.number(table, "sensor", nth, "height", above=0),
            address=self.address(table, "sensor", nth),
            channel=self.choice(table, "sensor", nth, "channel", CHANNELS),
        )

    def address(self, table: Mapping[str, Any], name: str, nth: int) -> int:
        return self.choice(table, name, nth, "address", ADDRESSES, ", ".join(map(hex, ADDRESSES)))

    def reference(self, electronics: Electronics, fitted: bool) -> Reference:
        name = REFERENCE
        if not fitted:
            if name in self.tables:
                why = "[reference] is here, but 'without' in [mat] leaves it out; remove one"
                raise self.fail(self.lines.header(name, 0), why)
            return Reference(name, ADDRESSES[0], CHANNELS[0], electronics.supply_v / 2, fitted)
        if name not in self.tables:
            raise self.fail(
                self.lines.last,
                f"the table [reference] is missing; add it with {_listed(_REFERENCE_KEYS)}, or put "
                'without = ["reference"] into [mat] if no input measures the supply',
            )
        table = self.table(name, _REFERENCE_KEYS)
        if not isinstance(table["name"], str) or not table["name"] or table["name"] == "t":
            raise self.fail(self.lines.key(name, 0, "name"), "'name' must be a word")
        nominal = self.number(table, name, 0, "nominal", above=0)
        if nominal > min(electronics.supply_v, electronics.full_scale_v):
            raise self.fail(
                self.lines.key(name, 0, "nominal"),
                f"'nominal' is {nominal:g} V, above the supply or the converters' full scale",
            )
        return Reference(
            name=table["name"],
            address=self.address(table, name, 0),
            channel=self.choice(table, name, 0, "channel", CHANNELS),
            nominal_v=nominal,
        )

    def check_slots(self, sensors: Sequence[Sensor], reference: Reference) -> None:
        taken: dict[tuple[int, int], str] = {}
        for nth, sensor in enumerate(sensors):
            slot = (sensor.address, sensor.channel)
            if slot in taken:
                raise self.fail(
                    self.lines.key("sensor", nth, "channel"),
                    f"'{sensor.name}' and '{taken[slot]}' both have address {slot[0]:#x} "
                    f"channel {slot[1]}; each strip needs its own",
                )
            taken[slot] = sensor.name
        slot = (reference.address, reference.channel)
        if reference.fitted and slot in taken:
            raise self.fail(
                self.lines.key("reference", 0, "channel"),
                f"the reference and '{taken[slot]}' both have address {slot[0]:#x} "
                f"channel {slot[1]}; each needs its own",
            )
        if reference.name in taken.values():
            raise self.fail(
                self.lines.key("reference", 0, "name"), "the reference is named like a sensor"
            )

    def without(self, plate: Mapping[str, Any]) -> Sequence[str]:
        """What is deliberately not fitted: rows, and the reference."""
        without, allowed = plate.get("without", []), (*ROWS, REFERENCE)
        if not isinstance(without, list) or not all(item in allowed for item in without):
            line = self.lines.key("mat", 0, "without")
            raise self.fail(line, f"'without' must be a list of {_listed(allowed)}")
        return without

    def check_rows(self, sensors: Sequence[Sensor], without: Sequence[str]) -> None:
        sides: dict[str, set[str | None]] = {}
        for sensor in sensors:
            sides.setdefault(sensor.row, set()).add(sensor.side)
        for nth, sensor in enumerate(sensors):
            found = sides[sensor.row]
            if found not in ({None}, {"left", "right"}):
                raise self.fail(
                    self.lines.key("sensor", nth, "name"),
                    f"row '{sensor.row}' needs a left and a right strip, or one for both sides",
                )
        for row in ROWS:
            if row not in sides and row not in without:
                raise self.fail(
                    self.lines.header("sensor", len(sensors) - 1),
                    f"after this last [[sensor]] the row '{row}' is still missing; add its "
                    f'strips, or put without = ["{row}"] into [mat] if it is not fitted',
                )


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
