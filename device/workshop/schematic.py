"""The circuit diagram, drawn from the netlist: what it shows is what is joined there."""

from __future__ import annotations

from device.core.mat import CHANNELS
from device.workshop.circuit import GROUND, PI_SUPPLY, SCL, SDA, SUPPLY
from device.workshop.drawing import Drawing
from device.workshop.netlist import Netlist, Part
from device.workshop.symbols import Pen

WIDTH = 420.0
"""ISO 216 A3 and A2 are 420 mm wide or high."""
HEAD, CHIP_HIGH, CHIP_WIDE, ROW = 124.0, 126.0, 200.0, 28.0
CHIP_PINS = ("VDD", "GND", "SDA", "SCL", "ADDR", "ALERT")


def draw_schematic(netlist: Netlist, title: str) -> Drawing:
    """The whole diagram on one sheet."""
    chips = [part for part in netlist.parts.values() if part.item == "ads1115"]
    rows = (len(chips) + 1) // 2
    drawing = Drawing(WIDTH, HEAD + rows * (CHIP_HIGH + 6) + 12, title)
    pen = Pen(drawing)
    drawing.words(10, 10, title, 5, bold=True)
    pen.region(6, 15, 196, HEAD - 20, "wall box: Raspberry Pi and panel")
    pen.region(208, 15, 206, HEAD - 20, "mat box: cable and bus")
    _wall_box(pen, netlist, 12, 24)
    if any(part.item == "button" for part in netlist.parts.values()):
        _panel(pen, netlist, 92, 24)
    _bus(pen, netlist, 214, 24)
    for nth, chip in enumerate(chips):
        left = 6 + (nth % 2) * (CHIP_WIDE + 8)
        top = HEAD + (nth // 2) * (CHIP_HIGH + 6)
        pen.region(left, top, CHIP_WIDE, CHIP_HIGH, f"converter {chip.value}")
        _chip(pen, netlist, chip, left, top)
    return drawing


def _only(netlist: Netlist, net: str, other: str, item: str) -> Part:
    (part,) = netlist.between(net, other, item)
    return part


def _pin_on(netlist: Netlist, part: Part, net: str) -> str:
    return next(pin for pin in part.pins if netlist.net_of(f"{part.ref}.{pin}") == net)


def _connector(pen: Pen, netlist: Netlist, part: Part, x: float, y: float) -> None:
    """A box with its pins on the right, each with the name of its net."""
    pen.block(x, y, 34, 9 + 7 * len(part.pins), f"{part.ref}")
    pen.label(x + 17, y + 9, part.value, "middle")
    for nth, pin in enumerate(part.pins):
        at = y + 13.5 + 7 * nth
        pen.label(x + 31, at + 0.9, pin, "end")
        pen.wire((x + 34, at), (x + 40, at))
        pen.net(x + 41, at, netlist.net_of(f"{part.ref}.{pin}") or "")


def _wall_box(pen: Pen, netlist: Netlist, x: float, y: float) -> None:
    (header,) = (part for part in netlist.parts.values() if part.item == "header")
    _connector(pen, netlist, header, x, y)
    fuse = _only(netlist, PI_SUPPLY, SUPPLY, "fuse")
    at = y + 78
    pen.net(x + 13, at, PI_SUPPLY, "end")
    pen.wire((x + 14, at), (x + 20, at))
    end = pen.resistor(x + 20, at, fuse.ref, fuse.value)
    pen.wire((x + 20, at), (end, at))
    pen.wire((end, at), (end + 6, at))
    pen.net(end + 7, at, SUPPLY)


def _panel(pen: Pen, netlist: Netlist, x: float, y: float) -> None:
    guard = netlist.on("BUTTON_WIRE", "esd")[0]
    # Lamp: pin, resistor, diode, ground.
    at = y + 8
    pen.net(x + 11, at, "LED", "end")
    pen.wire((x + 12, at), (x + 18, at))
    r = _only(netlist, "LED", "LAMP", "r330")
    end = pen.resistor(x + 18, at, r.ref, r.value)
    pen.wire((end, at), (end + 34, at))
    lamp = _only(netlist, "LAMP", GROUND, "lamp")
    pen.node(end + 14, at)
    pen.clamp_down(end + 14, at, guard.ref, _pin_on(netlist, guard, "LAMP"))
    _diode_down(pen, end + 34, at, lamp.ref, lamp.value)
    # Buzzer: pin, gate resistor, switch, buzzer with its flyback diode.
    at = y + 34
    pen.net(x + 11, at, "BUZZER", "end")
    pen.wire((x + 12, at), (x + 18, at))
    r = _only(netlist, "BUZZER", "GATE", "r100")
    end = pen.resistor(x + 18, at, r.ref, r.value)
    down = _only(netlist, "GATE", GROUND, "r100k")
    pen.wire((end, at), (end + 26, at))
    pen.node(end + 8, at)
    pen.resistor_down(end + 8, at, down.ref, down.value)
    switch = netlist.on("GATE", "switch")[0]
    pen.block(end + 26, at - 6, 16, 12, switch.ref)
    pen.label(end + 34, at + 4, switch.value, "middle")
    pen.wire((end + 34, at + 6), (end + 34, at + 9))
    pen.ground(end + 34, at + 9)
    buzzer = _only(netlist, "BUZZER_LOW", PI_SUPPLY, "buzzer")
    flyback = _only(netlist, "BUZZER_LOW", PI_SUPPLY, "flyback")
    pen.wire((end + 42, at), (end + 48, at))
    pen.block(end + 48, at - 6, 22, 12, buzzer.ref)
    pen.label(end + 59, at + 4, f"|| {flyback.ref}", "middle")
    pen.wire((end + 59, at - 6), (end + 59, at - 9))
    pen.net(end + 59, at - 11, PI_SUPPLY, "middle")
    # Button: pin with pull-up, series resistor, clamp, contact.
    at = y + 62
    pen.net(x + 11, at, "BUTTON", "end")
    up, series = (
        _only(netlist, PI_SUPPLY, "BUTTON", "r10k"),
        _only(netlist, "BUTTON", "BUTTON_WIRE", "r1k_button"),
    )
    pen.wire((x + 12, at), (x + 36, at))
    pen.node(x + 24, at)
    _resistor_up(pen, x + 24, at, up)
    end = pen.resistor(x + 36, at, series.ref, series.value)
    pen.wire((end, at), (end + 30, at))
    pen.node(end + 12, at)
    pen.clamp_down(end + 12, at, guard.ref, _pin_on(netlist, guard, "BUTTON_WIRE"))
    contact = _only(netlist, "BUTTON_WIRE", GROUND, "button")
    pen.block(end + 30, at - 6, 22, 12, contact.ref)
    pen.wire((end + 41, at + 6), (end + 41, at + 10))
    pen.ground(end + 41, at + 10)


def _diode_down(pen: Pen, x: float, y: float, ref: str, value: str) -> None:
    """A lamp: conducts downwards."""
    pen.wire((x, y), (x, y + 5), (x - 2, y + 5), (x, y + 9), (x + 2, y + 5), (x, y + 5))
    pen.wire((x - 2, y + 9), (x + 2, y + 9))
    pen.wire((x, y + 9), (x, y + 13.5))
    pen.ground(x, y + 13.5)
    pen.label(x + 3, y + 6.5, ref)
    pen.label(x + 3, y + 10, value)


def _resistor_up(pen: Pen, x: float, y: float, part: Part) -> None:
    pen.wire((x, y), (x, y - 3))
    pen.drawing.box(x - 1.5, y - 11, 3, 8, width_mm=0.3)
    pen.wire((x, y - 11), (x, y - 13))
    pen.net(x, y - 15, SUPPLY if part.place == "mat box" else PI_SUPPLY, "middle")
    pen.label(x + 2.4, y - 5.5, f"{part.ref} {part.value}")


def _bus(pen: Pen, netlist: Netlist, x: float, y: float) -> None:
    sockets = [part for part in netlist.parts.values() if part.item == "socket"]
    _connector(pen, netlist, sockets[0], x, y)
    pen.label(x, y + 43, "wall box's end; the cable is 1.5 m long at most")
    _connector(pen, netlist, sockets[1], x, y + 49)
    pen.label(x, y + 91, "mat box's end")
    guard = netlist.on(SDA, "esd")[0]
    for nth, net in enumerate((SDA, SCL)):
        at = y + 30
        left = x + 76 + 40 * nth
        pen.net(left - 1, at, net, "end")
        pen.wire((left, at), (left + 24, at))
        pen.node(left + 6, at)
        _resistor_up(pen, left + 6, at, _only(netlist, net, SUPPLY, "r10k"))
        pen.clamp_down(left + 24, at, guard.ref, _pin_on(netlist, guard, net))
    bulk = _only(netlist, SUPPLY, GROUND, "c10u")
    at = y + 60
    pen.net(x + 75, at, SUPPLY, "end")
    pen.wire((x + 76, at), (x + 116, at))
    for place in (x + 82, x + 104):
        pen.node(place, at)
    pen.capacitor_down(x + 82, at, bulk.ref, bulk.value)
    pen.clamp_down(x + 104, at, guard.ref, _pin_on(netlist, guard, SUPPLY))
    small = netlist.between(SUPPLY, GROUND, "c100n")
    refs = ", ".join(part.ref for part in small)
    pen.label(x + 122, at + 4, f"{refs}: {small[0].value} each,")
    pen.label(x + 122, at + 8, "one at every VDD")


def _chip(pen: Pen, netlist: Netlist, chip: Part, left: float, top: float) -> None:
    box = left + 142
    pen.block(box, top + 6, 32, CHIP_HIGH - 10, f"{chip.ref} ADS1115")
    pen.label(box + 16, top + 16, chip.value, "middle")
    for channel in CHANNELS:
        y = top + 22 + ROW * channel
        pen.label(box + 2, y + 0.9, f"AIN{channel}")
        net = netlist.net_of(f"{chip.ref}.AIN{channel}") or ""
        if net == GROUND:
            pen.wire((box, y), (box - 8, y), (box - 8, y + 2))
            pen.ground(box - 8, y + 2)
        else:
            _input(pen, netlist, net, left, box, y)
    for nth, pin in enumerate(CHIP_PINS):
        y = top + 30 + 14 * nth
        pen.label(box + 30, y + 0.9, pin, "end")
        pen.wire((box + 32, y), (box + 37, y))
        pen.net(box + 38, y, netlist.net_of(f"{chip.ref}.{pin}") or "open")


def _input(pen: Pen, netlist: Netlist, net: str, left: float, box: float, y: float) -> None:
    """From the strip on the left to the converter's pin on the right."""
    (series,) = netlist.on(net, "series")
    name = netlist.across(series, net) or ""
    pen.net(left + 15, y, SUPPLY, "end")
    pen.wire((left + 16, y), (left + 26, y))
    plugs = netlist.between(name, SUPPLY, "strip_plug")
    strips = [
        part for part in netlist.parts.values()
        if part.ref.startswith("RV") and name in (netlist.net_of(f"{part.ref}.2"),)
    ]  # fmt: skip
    if strips:
        refs = " || ".join(part.ref for part in strips)
        end = pen.strip(left + 26, y, f"{name}: {refs}, plug {', '.join(p.ref for p in plugs)}")
    else:
        top = _only(netlist, SUPPLY, name, "divider")
        end = pen.resistor(left + 26, y, f"{name}: {top.ref}", top.value)
    pen.wire((end, y), (left + 96, y))
    down = _only(netlist, name, GROUND, "divider")
    guard = netlist.on(name, "esd")[0]
    for at in (left + 54, left + 76):
        pen.node(at, y)
    pen.resistor_down(left + 54, y, down.ref, down.value)
    pen.clamp_down(left + 76, y, guard.ref, _pin_on(netlist, guard, name))
    end = pen.resistor(left + 96, y, series.ref, series.value)
    pen.wire((end, y), (box, y))
    filtering = _only(netlist, net, GROUND, "c100n")
    pen.node(left + 118, y)
    pen.capacitor_down(left + 118, y, filtering.ref, filtering.value)
