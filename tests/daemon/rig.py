"""A running loop over real parts: its client, its panel on mock pins and its emulated bus."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from device.coach.coach import Coach, Rules
from device.core.calibration import datasheet_calibration
from device.core.pipeline import Pipeline
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
