"""The panel's pins: whether they can be used, and whether the button hangs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from device.config import PanelSettings, Settings
from device.doctor.findings import Finding, State, from_sentence
from device.doctor.machine import Machine
from device.drivers.panel import Panel, PanelPins, open_panel
from device.errors import BusError

OpenPins = Callable[[PanelSettings], AbstractContextManager[Panel]]


def panel(settings: Settings, machine: Machine, owner: str | None, open_pins: OpenPins) -> Finding:
    """`owner` names who has the pins now; where nobody has, they are tried for a moment."""
    pins = settings.panel
    figure = f"lamp {pins.led_pin}, buzzer {pins.buzzer_pin}, button {pins.button_pin}"
    if not pins.enabled:
        return Finding("panel", State.UNKNOWN, "switched off in the settings")
    if not machine.is_pi:
        return Finding("panel", State.UNKNOWN, "this is no Raspberry Pi: it has no pins")
    if owner is not None:
        return Finding("panel", State.OK, f"{figure}: {owner} has them")
    try:
        with open_pins(pins) as opened:
            held = opened.held
    except BusError as error:
        return from_sentence("panel", State.BAD, str(error))
    if held:
        remedy = "free it, or look for a short from its wire to ground."
        return Finding("panel", State.BAD, f"{figure}: the button is down all the time", remedy)
    return Finding("panel", State.OK, f"{figure}: free, and the button is up")


@contextmanager
def real_pins(pins: PanelSettings) -> Iterator[Panel]:
    """The Pi's own pins for a moment; the pin library's file lies in a directory of that moment."""
    wired = PanelPins(led=pins.led_pin, buzzer=pins.buzzer_pin, button=pins.button_pin)
    with (
        tempfile.TemporaryDirectory(prefix="pronemat-doctor-") as folder,
        closing(open_panel(wired, mock=False, run=Path(folder))) as opened,
    ):
        yield opened
