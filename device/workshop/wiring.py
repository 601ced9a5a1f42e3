"""The wiring of a mat as a document: which strip, which plug, which chip, which pin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from device.config import PanelSettings
from device.core.mat import CHANNELS, Mat
from device.workshop.circuit import HEADER, STRAPS, draw_up
from device.workshop.netlist import Netlist

COLOURS = {"1": "brown", "2": "white", "3": "blue", "4": "black"}
"""Of an M12 cable with four cores: IEC 60947-5-2."""


def wiring_text(mat: Mat, panel: PanelSettings) -> str:
    """The whole document, in Markdown."""
    netlist = draw_up(mat, panel)
    strips = len(mat.sensors)
    lengths = sum(len(sensor.bars_mm) for sensor in mat.sensors)
    parts = [
        "# Wiring",
        "Made from the mat's file by `pronemat mat --wiring`; change that file, not this one. "
        "References (U1, J4) are those of [`schematic/`](schematic/schematic.svg).",
        f"{strips} strips of {lengths} lengths on {len(mat.addresses)} converters.",
        "## Converters",
        "ADDR is a wire to one of the chip's own neighbours; it makes the address. Wired to SDA "
        "(0x4a) it needs the cleanest bus: Texas Instruments recommends the other three first.",
        _table(("chip", "address", "ADDR to", *(f"A{n}" for n in CHANNELS)), _chips(mat, netlist)),
        "## Strips",
        "Every length has its own plug of two pins: one to 3V3_MAT, one to the channel. Lengths "
        "of one channel are parallel, and it does not matter which is plugged where.",
        _table(("strip", "x, y (mm)", "plug", "chip", "input"), _strips(mat, netlist)),
        "## Cable from the wall box to the mat box",
        "M12, four cores, 1.5 m at most, screen to ground at the wall box only.",
        _table(("pin", "core", "net", "Raspberry Pi header"), _cable(netlist)),
    ]
    if panel.enabled:
        parts += [
            "## Panel",
            "GPIO numbers are the settings' (`pronemat config`); these are the defaults.",
            _table(("what", "GPIO", "header pin"), _panel(panel)),
        ]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _chips(mat: Mat, netlist: Netlist) -> Iterable[Sequence[str]]:
    for address in mat.addresses:
        ref = _chip_ref(netlist, address)
        inputs = [
            mat.channels[mat.slots.index((address, channel))]
            if (address, channel) in mat.slots
            else "to GND"
            for channel in CHANNELS
        ]
        yield ref, f"{address:#x}", STRAPS[address], *inputs


def _chip_ref(netlist: Netlist, address: int) -> str:
    return next(
        part.ref
        for part in netlist.parts.values()
        if part.item == "ads1115" and part.value == f"{address:#x}"
    )


def _strips(mat: Mat, netlist: Netlist) -> Iterable[Sequence[str]]:
    for sensor in mat.sensors:
        plugs = [part.ref for part in netlist.on(sensor.name, "strip_plug")]
        chip = f"{_chip_ref(netlist, sensor.address)} ({sensor.address:#x})"
        for nth, ((x, y), plug) in enumerate(zip(sensor.bars_mm, plugs, strict=True)):
            letter = f" {chr(ord('a') + nth)}" if len(plugs) > 1 else ""
            yield f"{sensor.name}{letter}", f"{x:g}, {y:g}", plug, chip, f"A{sensor.channel}"
    reference = mat.reference
    if not reference.fitted:
        return
    chip = f"{_chip_ref(netlist, reference.address)} ({reference.address:#x})"
    yield reference.name, "two resistors", "on the board", chip, f"A{reference.channel}"


def _cable(netlist: Netlist) -> Iterable[Sequence[str]]:
    socket = next(part for part in netlist.parts.values() if part.item == "socket")
    header = next(part for part in netlist.parts.values() if part.item == "header")
    for pin in socket.pins:
        net = netlist.net_of(f"{socket.ref}.{pin}") or ""
        on_header = [p for p in header.pins if netlist.net_of(f"{header.ref}.{p}") == net]
        fuse = "1, through the fuse"
        yield pin, COLOURS[pin], net, on_header[0] if on_header else fuse


def _panel(panel: PanelSettings) -> Iterable[Sequence[str]]:
    rows = (
        ("lamp, over 330 ohms to ground", panel.led_pin),
        ("buzzer, over a transistor", panel.buzzer_pin),
        ("button, to ground", panel.button_pin),
    )
    for what, bcm in rows:
        yield what, str(bcm), str(HEADER[bcm])
