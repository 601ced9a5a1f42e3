"""The panel at the mat: a status light, a buzzer and one big button, over gpiozero.

Where there is no Pi the same devices work on gpiozero's mock pins. Which of the two it is, is said
by name: nothing falls back by itself.
"""

from __future__ import annotations

import os
import queue
from collections import deque
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from gpiozero import LED, Button, Buzzer, OutputDevice
from gpiozero.exc import GPIOZeroError
from gpiozero.pins.mock import MockFactory

from device.errors import BusError

MODEL_FILE = Path("/proc/device-tree/model")
MOCK_CHANGES_KEPT = 100
"""gpiozero's mock pins remember every change, for tests: 17 MB a day of a light that blinks."""
BOUNCE_S = 0.05
"""A big button's contacts are quiet well within this; nobody presses twice as fast."""


class Light(Enum):
    """What the status light says: seconds on and off, None for steady."""

    OFF = (0.0, None)
    READY = (1.0, None)
    """Scanning, no set under way."""
    SET = (0.9, 0.1)
    """A set is being counted."""
    WAIT = (0.5, 0.5)
    """Starting, or a member is finding the place."""
    TROUBLE = (0.1, 0.1)
    """Something needs a look at the page: a chip is missing, the disk is full."""


class Sound(Enum):
    """What the buzzer says: how often it beeps, seconds on and off."""

    REP = (1, 0.05, 0.05)
    FAULT = (2, 0.12, 0.08)
    START = (1, 0.3, 0.1)
    STOP = (2, 0.3, 0.15)


@dataclass(frozen=True, slots=True)
class PanelPins:
    """BCM numbers of the pins. The button connects its pin to ground."""

    led: int
    buzzer: int
    button: int


class Panel:
    """Lights and sounds go on by themselves, none of the calls waits. Close it at the end."""

    def __init__(self, pins: PanelPins, factory: Any) -> None:
        """Raises `BusError` where a pin cannot be used. `factory` is a gpiozero pin factory."""
        self._factory = factory
        self._presses: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._light = Light.OFF
        self._devices: list[Any] = []
        try:
            self._led = self._add(LED(pins.led, pin_factory=factory))
            self._buzzer = self._add(Buzzer(pins.buzzer, pin_factory=factory))
            self._button = self._add(
                Button(pins.button, pull_up=True, bounce_time=BOUNCE_S, pin_factory=factory)
            )
        except (GPIOZeroError, OSError, ValueError) as error:
            self.close()
            raise BusError(
                f"The panel's pins {pins.led}, {pins.buzzer} and {pins.button} cannot be used "
                f"({error}): give each its own free pin in the settings, or switch the panel off "
                "there."
            ) from None
        self._button.when_pressed = lambda: self._presses.put(None)

    @property
    def light(self) -> Light:
        """What the light says now."""
        return self._light

    def show(self, light: Light) -> None:
        """Let the light say this from now on."""
        if light is self._light:
            return
        self._light = light
        on_s, off_s = light.value
        if off_s is not None:
            self._led.blink(on_time=on_s, off_time=off_s)
        elif on_s > 0:
            self._led.on()
        else:
            self._led.off()

    def sound(self, sound: Sound) -> None:
        """Beep; a sound that is still going on is cut off by the newer one."""
        times, on_s, off_s = sound.value
        self._buzzer.beep(on_time=on_s, off_time=off_s, n=times)

    def pressed(self) -> bool:
        """Whether the button was pressed since the last call; several presses count as one."""
        pressed = False
        while not self._presses.empty():
            self._presses.get_nowait()
            pressed = True
        return pressed

    @property
    def held(self) -> bool:
        """Whether the button is down now."""
        return bool(self._button.is_pressed)

    def close(self) -> None:
        """Light and buzzer off, pins given back."""
        for device in reversed(self._devices):
            # A pin that is given back keeps its level until something else sets it.
            if isinstance(device, OutputDevice):
                device.off()
            device.close()
        self._devices.clear()
        self._factory.close()

    def _add(self, device: Any) -> Any:
        self._devices.append(device)
        return device


def is_raspberry_pi(model_file: Path = MODEL_FILE) -> bool:
    """Whether the kernel says that this machine is a Raspberry Pi."""
    try:
        return "Raspberry Pi" in model_file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def open_panel(pins: PanelPins, *, mock: bool, run: Path) -> Panel:
    """The panel on the Pi's pins, or (`mock`) on pins that exist in memory alone.

    `run` is a directory for the pin library's own file. Raises `BusError`.
    """
    if mock:
        memory = MockFactory()
        panel = Panel(pins, memory)
        for number in (pins.led, pins.buzzer, pins.button):
            pin = memory.pin(number)
            pin.states = deque(pin.states, MOCK_CHANGES_KEPT)
        return panel
    # lgpio puts a pipe into its working directory unless told another.
    os.environ.setdefault("LG_WD", str(run))
    try:
        from gpiozero.pins.lgpio import LGPIOFactory

        factory = LGPIOFactory()
    except ImportError as error:
        raise BusError(
            f"lgpio, which drives the panel's pins, is not installed ({error}): install the extra "
            "'pi' by `pip install 'pronemat[pi]'`, or switch the panel off in the settings."
        ) from None
    except Exception as error:
        # lgpio raises its own error, which has no other base.
        raise BusError(
            f"The panel's pins cannot be opened ({error}): add the user to the group gpio, or "
            "switch the panel off in the settings."
        ) from None
    return Panel(pins, factory)
