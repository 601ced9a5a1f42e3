"""The panel on gpiozero's mock pins: what the light, the buzzer and the button do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from device.drivers.panel import (
    Light,
    Panel,
    PanelPins,
    Sound,
    is_raspberry_pi,
    open_panel,
)
from device.errors import BusError

PINS = PanelPins(led=17, buzzer=27, button=22)


@pytest.fixture
def factory() -> MockFactory:
    return MockFactory()


@pytest.fixture
def panel(factory: MockFactory) -> Iterator[Panel]:
    panel = Panel(PINS, factory)
    yield panel
    panel.close()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


def press(factory: MockFactory, pin: int = PINS.button) -> None:
    factory.pin(pin).drive_low()
    factory.pin(pin).drive_high()


def test_ready_is_a_steady_light_and_off_is_dark(panel, factory) -> None:
    panel.show(Light.READY)
    assert factory.pin(PINS.led).state
    panel.show(Light.OFF)
    assert not factory.pin(PINS.led).state


@pytest.mark.parametrize("light", [Light.SET, Light.WAIT, Light.TROUBLE])
def test_other_states_blink(panel, factory, light) -> None:
    panel.show(light)
    assert panel.light is light
    wait_for(lambda: [s.state for s in factory.pin(PINS.led).states[1:4]] == [True, False, True])


def test_saying_the_same_again_does_not_disturb_the_blinking(panel, factory) -> None:
    panel.show(Light.TROUBLE)
    wait_for(lambda: factory.pin(PINS.led).state)
    threads = threading.active_count()
    for _ in range(100):
        panel.show(Light.TROUBLE)
    assert threading.active_count() == threads


def test_a_sound_does_not_hold_up_the_scan(panel, factory) -> None:
    panel.sound(Sound.STOP)
    # It has just begun: a call that waited for it would find all of its beeps over.
    assert len(factory.pin(PINS.buzzer).states) < 1 + 2 * Sound.STOP.value[0]


@pytest.mark.parametrize("sound", list(Sound))
def test_each_sound_beeps_as_often_as_it_says_and_ends(panel, factory, sound) -> None:
    times = sound.value[0]
    panel.sound(sound)
    states = factory.pin(PINS.buzzer).states
    wait_for(lambda: len(states) >= 1 + 2 * times)
    assert [state.state for state in states] == [False] + [True, False] * times


def test_a_light_that_exists_in_memory_alone_does_not_fill_it(tmp_path: Path) -> None:
    panel = open_panel(PINS, mock=True, run=tmp_path)
    try:
        for _ in range(1000):
            panel.show(Light.READY)
            panel.show(Light.OFF)
        assert 2 < len(panel._led.pin.states) <= 100
    finally:
        panel.close()


def test_a_press_is_told_once(panel, factory) -> None:
    assert not panel.pressed()
    press(factory)
    assert panel.pressed()
    assert not panel.pressed()


def test_presses_that_nobody_asked_for_yet_count_as_one(panel, factory) -> None:
    press(factory)
    press(factory)
    assert panel.pressed()
    assert not panel.pressed()


def test_pins_come_from_the_settings(factory) -> None:
    panel = Panel(PanelPins(led=5, buzzer=6, button=13), factory)
    panel.show(Light.READY)
    press(factory, 13)
    assert factory.pin(5).state
    assert panel.pressed()
    panel.close()


@pytest.mark.parametrize("pins", [PanelPins(17, 17, 22), PanelPins(17, 27, 99)])
def test_pins_that_cannot_be_are_one_sentence_and_leave_nothing_open(factory, pins) -> None:
    with pytest.raises(BusError, match=r"The panel's pins .* cannot be used .*: give each its own"):
        Panel(pins, factory)
    Panel(PINS, MockFactory()).close()


def test_closing_switches_everything_off(factory) -> None:
    panel = Panel(PINS, factory)
    panel.show(Light.TROUBLE)
    panel.sound(Sound.START)
    led, buzzer = factory.pin(PINS.led), factory.pin(PINS.buzzer)
    panel.close()
    assert not led.state
    assert not buzzer.state
    assert not [t for t in threading.enumerate() if "blink" in t.name.lower()]


def test_mock_pins_are_chosen_by_name_only(tmp_path: Path) -> None:
    panel = open_panel(PINS, mock=True, run=tmp_path)
    panel.show(Light.READY)
    panel.close()
    if not is_raspberry_pi():
        with pytest.raises(BusError, match="switch the panel off"):
            open_panel(PINS, mock=False, run=tmp_path)


def test_a_pi_is_told_by_its_device_tree(tmp_path: Path) -> None:
    model = tmp_path / "model"
    assert not is_raspberry_pi(model)
    model.write_bytes(b"Raspberry Pi 5 Model B Rev 1.0\0")
    assert is_raspberry_pi(model)
