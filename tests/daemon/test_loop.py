"""The loop over real parts: what goes wrong is said on the stream and by the panel's light."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from device.coach.coach import Coach, Rules
from device.core.calibration import datasheet_calibration
from device.core.pipeline import Pipeline
from device.drivers.emulated.faults import NoAcknowledge
from device.drivers.panel import Light, Panel, PanelPins, open_panel
from device.mat_file import load_mat
from device.service.logbook import Logbook
from device.service.loop import Loop
from device.service.moments import now
from device.service.panel_view import CoachPanel
from device.service.scene import Scene
from device.service.systemd import Notifier
from device.sources.demo import DemoSource
from device.store.database import open_database
from device.store.writer import Writer
from device.stream.client import StreamClient
from device.stream.server import StreamServer
from tests.daemon.process import DEADLINE_S

BUTTON_PIN = 22
UNPLUGGED = 0x4A


class Rig:
    """A running loop, its client, its panel on mock pins and its emulated bus."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        mat = load_mat()
        self.source = DemoSource(mat, 0)
        endpoint = f"ipc://{folder / 'stream'}"
        engine = open_database(folder / "pronemat.db")
        pins = PanelPins(led=17, buzzer=27, button=BUTTON_PIN)
        self.panel: Panel = stack.enter_context(closing(open_panel(pins, mock=True, run=folder)))
        calibration = datasheet_calibration(mat)
        self.loop = Loop(
            scene=Scene("run", "demo", calibration),
            source=self.source,
            core=Pipeline(calibration),
            coach=Coach(Rules(45.0, 60.0, 300.0)),
            logbook=Logbook("demo", None),
            writer=stack.enter_context(closing(Writer(engine, folder / "pronemat.db"))),
            server=stack.enter_context(closing(StreamServer(endpoint, "run"))),
            panel=CoachPanel(self.panel),
            notifier=stack.enter_context(closing(Notifier({}))),
            now=now,
            order=self.source.command,
        )
        self.client = StreamClient(endpoint)
        self._thread = threading.Thread(target=self.loop.run)
        self._thread.start()
        stack.callback(self._end)

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event of the run that is `wanted`."""
        deadline = time.monotonic() + DEADLINE_S
        with closing(self.client.events(("run", 0))) as messages:
            for kind, body in messages:
                if kind == "event" and wanted(body["event"]):
                    event: dict[str, Any] = body["event"]
                    return event
                assert time.monotonic() < deadline, "this event does not come"
        raise AssertionError("the stream ended")

    def until_light(self, light: Light) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while self.panel.light is not light:
            assert time.monotonic() < deadline, f"the light never said {light}"
            time.sleep(0.01)

    def press(self) -> None:
        """Push the button for as long as a finger does."""
        pin = self.panel._button.pin
        pin.drive_low()
        time.sleep(0.1)
        pin.drive_high()

    def _end(self) -> None:
        self.loop.end(keep_session=False)
        self._thread.join(DEADLINE_S)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with ExitStack() as stack:
        yield Rig(tmp_path, stack)


def test_an_unplugged_chip_is_a_sentence_and_a_light_until_it_is_back(rig: Rig) -> None:
    rig.until_light(Light.READY)
    unplugged_s = time.monotonic()
    rig.source.bus.order(NoAcknowledge(UNPLUGGED, unplugged_s, unplugged_s + 1.5))
    said = rig.until(lambda event: event["event"] == "problems")
    assert time.monotonic() - unplugged_s < 1.5
    assert any("chip 0x4a does not answer" in text for text in said["problems"])
    rig.until_light(Light.TROUBLE)
    assert rig.client.command({"command": "snapshot"})["problems"] == said["problems"]
    chip = rig.client.command({"command": "status"})["chips"][hex(UNPLUGGED)]
    assert not chip["answering"]

    def well(event: dict[str, Any]) -> bool:
        problems = event.get("problems")
        return problems is not None and not any("chip 0x4a" in text for text in problems)

    rig.until(well)
    assert time.monotonic() - unplugged_s > 1.5
    assert rig.client.command({"command": "status"})["chips"][hex(UNPLUGGED)]["answering"]


def test_the_one_button_starts_and_stops(rig: Rig) -> None:
    rig.until_light(Light.READY)
    rig.press()
    rig.until(lambda event: event.get("state") == "started")
    rig.until_light(Light.SET)
    rig.press()
    ended = rig.until(lambda event: event.get("state") == "ended")
    assert ended["reason"] == "asked"


def test_a_mat_without_a_calibration_of_its_own_says_so(rig: Rig) -> None:
    rig.until_light(Light.READY)
    snapshot = rig.client.command({"command": "snapshot"})
    assert not snapshot["calibrated"]
    assert snapshot["simulated"]
    assert rig.client.command({"command": "status"})["calibration"] == "data sheet"


def test_tare_is_refused_in_a_session_and_under_a_body(rig: Rig) -> None:
    rig.until_light(Light.READY)
    rig.press()
    rig.until(lambda event: event.get("state") == "started")
    refused = rig.client.command({"command": "tare"})
    assert not refused["ok"]
    assert "a session is running; end it with 'pronemat stop'" in refused["error"]
    rig.client.command({"command": "stop"})
    rig.until(lambda event: event.get("phase") == "settling")
    assert "clear it and tare again" in rig.client.command({"command": "tare"})["error"]
