"""Checks a netlist against the mat and against the rules of such a circuit.

Each rule yields sentences about what breaks it; a sound circuit yields none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from device.config import PanelSettings
from device.core.mat import CHANNELS, Mat
from device.workshop.circuit import (
    GROUND,
    HEADER,
    PI_PULL_UP_OHM,
    PI_SUPPLY,
    SCL,
    SDA,
    STRAPS,
    SUPPLY,
    ohms_of,
)
from device.workshop.netlist import Netlist, Part

SINK_A = 3e-3
LOW_V = 0.4
"""What a device on the bus must sink, and to how much: I2C specification UM10204, table 10."""

MAY_BE_OPEN = re.compile(r"U\d+\.ALERT$|D\d+\.IO\d$")
"""The converters' alarm, which the program does not use, and spare ESD diodes."""


def broken_rules(netlist: Netlist, mat: Mat, panel: PanelSettings) -> list[str]:
    """Everything that is wrong with the circuit."""
    return [
        *_pins(netlist),
        *_chips(netlist, mat),
        *_inputs(netlist, mat),
        *_bus(netlist, mat),
        *_supply(netlist),
        *(_panel(netlist, panel) if panel.enabled else ()),
    ]


def _pins(netlist: Netlist) -> Iterator[str]:
    joined = Counter(pin for pins in netlist.nets.values() for pin in pins)
    joined.update(netlist.left_open)
    for net, pins in netlist.nets.items():
        if len(pins) < 2:
            yield f"the net {net} ends at {', '.join(pins)}; join it or remove it"
    real = {f"{part.ref}.{pin}" for part in netlist.parts.values() for pin in part.pins}
    for pin in sorted(real | set(joined)):
        if pin not in real:
            yield f"{pin} is on a net, but no part has it"
        elif joined[pin] != 1:
            yield f"{pin} is on {joined[pin]} nets; a pin belongs to one, or is left open"
    for pin in netlist.left_open:
        if not MAY_BE_OPEN.match(pin):
            yield f"{pin} is left open; join it"
    for part in netlist.parts.values():
        nets = [netlist.net_of(f"{part.ref}.{pin}") for pin in part.pins]
        if len(nets) == 2 and nets[0] == nets[1]:
            yield f"{part.ref} is shorted: both its pins are on {nets[0]}"


def _chip_at(netlist: Netlist, address: int) -> Part | None:
    chips = [part for part in netlist.parts.values() if part.item == "ads1115"]
    found = [chip for chip in chips if netlist.net_of(f"{chip.ref}.ADDR") == STRAPS[address]]
    return found[0] if len(found) == 1 else None


def _chips(netlist: Netlist, mat: Mat) -> Iterator[str]:
    chips = [part for part in netlist.parts.values() if part.item == "ads1115"]
    if len(chips) != len(mat.addresses):
        yield f"there are {len(chips)} converters for {len(mat.addresses)} addresses"
    for address in mat.addresses:
        chip = _chip_at(netlist, address)
        if chip is None:
            yield f"no single converter has ADDR on {STRAPS[address]}, which makes {address:#x}"
            continue
        for pin, net in (("VDD", SUPPLY), ("GND", GROUND), ("SDA", SDA), ("SCL", SCL)):
            if netlist.net_of(f"{chip.ref}.{pin}") != net:
                yield f"{chip.ref}.{pin} must be on {net}"
    decoupling = netlist.between(SUPPLY, GROUND, "c100n")
    if len(decoupling) < len(chips):
        yield f"{len(chips)} converters have {len(decoupling)} capacitors of 100 nF at VDD"


def _inputs(netlist: Netlist, mat: Mat) -> Iterator[str]:
    slots = {slot: mat.channels[place] for place, slot in enumerate(mat.slots)}
    bars = {sensor.name: len(sensor.bars_mm) for sensor in mat.sensors}
    for address in mat.addresses:
        chip = _chip_at(netlist, address)
        for channel in CHANNELS if chip else ():
            pin = f"{chip.ref}.AIN{channel}" if chip else ""
            net = netlist.net_of(pin)
            name = slots.get((address, channel))
            if name is None:
                if net != GROUND:
                    yield f"{pin} has no strip and must be on {GROUND}"
            elif net is None:
                yield f"{pin} is open, but {name} belongs there"
            else:
                yield from _input(netlist, mat, net, name, bars.get(name))


def _input(netlist: Netlist, mat: Mat, net: str, name: str, bars: int | None) -> Iterator[str]:
    """What stands between a strip (or, with `bars` None, the reference) and its input."""
    series = netlist.on(net, "series")
    if len(series) != 1 or netlist.across(series[0], net) != name:
        yield f"{name}: one series resistor must lie between it and its input"
    if len(netlist.between(net, GROUND, "c100n")) != 1:
        yield f"{name}: its input needs a capacitor to {GROUND}"
    pulldown = netlist.between(name, GROUND, "divider")
    if [ohms_of(part.value) for part in pulldown] != [mat.electronics.pulldown_ohm]:
        yield f"{name}: it needs one pulldown of {mat.electronics.pulldown_ohm:g} ohms"
    if len(netlist.on(name, "esd")) != 1:
        yield f"{name}: it needs a diode against ESD"
    if bars is not None and len(netlist.between(name, SUPPLY, "strip_plug")) != bars:
        yield f"{name}: {bars} lengths need as many plugs to {SUPPLY}"
    if bars is None:
        top = netlist.between(SUPPLY, name, "divider")
        ratio = ohms_of(top[0].value) / mat.electronics.pulldown_ohm if len(top) == 1 else 0.0
        volts = mat.electronics.supply_v / (1 + ratio)
        if not top or abs(volts - mat.reference.nominal_v) > 1e-6:
            yield f"{name}: its divider must give {mat.reference.nominal_v:g} V"


def _bus(netlist: Netlist, mat: Mat) -> Iterator[str]:
    for net in (SDA, SCL):
        ups = netlist.between(net, SUPPLY, "r10k")
        if not ups:
            yield f"{net} has no pull-up"
        total = 1 / (1 / PI_PULL_UP_OHM + sum(1 / ohms_of(part.value) for part in ups))
        if total < (mat.electronics.supply_v - LOW_V) / SINK_A:
            yield f"the pull-ups of {net} make {total:.0f} ohms, more than a chip can pull low"
        if not netlist.on(net, "esd"):
            yield f"{net} needs a diode against ESD"
        if len(netlist.on(net, "socket")) != 2:
            yield f"{net} must run through the cable's two sockets"


def _supply(netlist: Netlist) -> Iterator[str]:
    across = [
        part.ref
        for part in netlist.parts.values()
        if {PI_SUPPLY, SUPPLY} <= {netlist.net_of(f"{part.ref}.{pin}") for pin in part.pins}
    ]
    if [netlist.parts[ref].item for ref in across] != ["fuse"]:
        yield f"only the fuse may join {PI_SUPPLY} and {SUPPLY}, not {', '.join(across) or 'none'}"
    if not netlist.between(SUPPLY, GROUND, "c10u"):
        yield f"{SUPPLY} needs its 10 uF"


def _panel(netlist: Netlist, panel: PanelSettings) -> Iterator[str]:
    (header,) = (part for part in netlist.parts.values() if part.item == "header")
    pins = (("LED", panel.led_pin), ("BUZZER", panel.buzzer_pin), ("BUTTON", panel.button_pin))
    for net, bcm in pins:
        if netlist.net_of(f"{header.ref}.{HEADER[bcm]}") != net:
            yield f"{net} must be on GPIO {bcm}, pin {HEADER[bcm]} of the header"
    if not netlist.between(GROUND, "GATE", "r100k"):
        yield "the buzzer's gate needs a resistor to ground: it would sound while the Pi starts"
