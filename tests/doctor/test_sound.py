"""`pronemat sound`: who is heard, with the daemon and without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from gpiozero.pins.mock import MockFactory

from device.cli import pronemat
from device.cli.sound import beep
from device.config import PanelSettings, Settings
from device.drivers.panel import Panel, PanelPins
from tests.daemon.process import Daemon


def test_without_the_daemon_the_buzzer_is_what_can_be_heard() -> None:
    factory = MockFactory()
    states: list[bool] = []

    @contextmanager
    def pins(wired: PanelSettings) -> Iterator[Panel]:
        factory.pin(wired.buzzer_pin)
        panel = Panel(PanelPins(wired.led_pin, wired.buzzer_pin, wired.button_pin), factory)
        yield panel
        states.extend(state.state for state in factory.pin(wired.buzzer_pin).states)
        panel.close()

    assert beep(Settings(), pins) == "buzzer"
    assert any(states)
    assert beep(Settings(panel=PanelSettings(enabled=False)), pins) == "nobody"


def test_with_it_a_script_learns_who_is_heard(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, "--source", "demo")
    try:
        daemon.ask("status")
        command = ["sound", "--config", str(daemon.config)]
        done = CliRunner().invoke(pronemat, [*command, "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout) == {"heard_by": "panel"}
        assert "buzzer beeps" in CliRunner().invoke(pronemat, command).output
        daemon.ask("sound_on")
        assert "page plays" in CliRunner().invoke(pronemat, command).output
    finally:
        daemon.process.kill()
        daemon.process.communicate()
