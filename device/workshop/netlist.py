"""A circuit as text: parts, and nets that join their pins. `circuit.py` writes the mat's."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `item` is its key in the bill of materials, `place` the box it sits in."""

    ref: str
    item: str
    value: str
    place: str
    pins: tuple[str, ...]


@dataclass(frozen=True)
class Netlist:
    """Every pin, as `REF.PIN`, belongs to one net, or is `left_open` on purpose."""

    parts: Mapping[str, Part]
    nets: Mapping[str, tuple[str, ...]]
    left_open: tuple[str, ...]

    @cached_property
    def _net_of(self) -> Mapping[str, str]:
        return {pin: net for net, pins in self.nets.items() for pin in pins}

    def net_of(self, pin: str) -> str | None:
        """The net of `REF.PIN`, if it has one."""
        return self._net_of.get(pin)

    def on(self, net: str, item: str) -> list[Part]:
        """The parts of this item with a pin on the net, each once."""
        refs = dict.fromkeys(pin.split(".")[0] for pin in self.nets.get(net, ()))
        return [self.parts[ref] for ref in refs if self.parts[ref].item == item]

    def between(self, net: str, other: str, item: str) -> list[Part]:
        """The parts of this item that join the two nets."""
        return [part for part in self.on(net, item) if part in self.on(other, item)]

    def across(self, part: Part, net: str) -> str | None:
        """The net at the other pin of a part with two pins."""
        nets = [self.net_of(f"{part.ref}.{pin}") for pin in part.pins]
        return nets[1] if nets[0] == net else nets[0]

    def to_toml(self, heading: str) -> str:
        """The text of the netlist; `heading` becomes its first comment."""
        lines = [f"# {line}".rstrip() for line in heading.splitlines()]
        lines += ["", f"left_open = {json.dumps(list(self.left_open))}", "", "[nets]"]
        lines += [f'"{net}" = {json.dumps(list(pins))}' for net, pins in self.nets.items()]
        for part in self.parts.values():
            lines += ["", "[[part]]", f'ref = "{part.ref}"', f'item = "{part.item}"']
            lines += [f'value = "{part.value}"', f'place = "{part.place}"']
            lines.append(f"pins = {json.dumps(list(part.pins))}")
        return "\n".join(lines) + "\n"


def read_netlist(text: str) -> Netlist:
    """The netlist that `to_toml` wrote, or a person after it."""
    tables = tomllib.loads(text)
    parts = {
        entry["ref"]: Part(
            entry["ref"], entry["item"], entry["value"], entry["place"], tuple(entry["pins"])
        )
        for entry in tables["part"]
    }
    nets = {net: tuple(pins) for net, pins in tables["nets"].items()}
    return Netlist(parts, nets, tuple(tables["left_open"]))


@dataclass(slots=True)
class Bench:
    """Collects parts with their connections; numbers them letter by letter."""

    parts: dict[str, Part] = field(default_factory=dict)
    nets: dict[str, list[str]] = field(default_factory=dict)
    left_open: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def put(
        self, letter: str, item: str, value: str, place: str, pins: Mapping[str, str | None]
    ) -> str:
        """Add a part whose pins lie on these nets (None: left open); returns its reference."""
        number = self._numbers.get(letter, 0) + 1
        self._numbers[letter] = number
        ref = f"{letter}{number}"
        self.parts[ref] = Part(ref, item, value, place, tuple(pins))
        for pin, net in pins.items():
            if net is None:
                self.left_open.append(f"{ref}.{pin}")
            else:
                self.nets.setdefault(net, []).append(f"{ref}.{pin}")
        return ref

    def netlist(self) -> Netlist:
        nets = {net: tuple(pins) for net, pins in self.nets.items()}
        return Netlist(dict(self.parts), nets, tuple(self.left_open))
