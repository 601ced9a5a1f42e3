"""A running loop over real parts: its client, its panel on mock pins and its emulated bus."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from device.coach.coach import Coach
from device.coach.pauses import Rules
from device.core.calibration import Calibration, datasheet_calibration
from device.core.pipeline import Pipeline
from device.drivers.panel import Light, Panel, PanelPins, open_panel
from device.mat_file import load_mat
from device.model_file import load_model
from device.service.boot_findings import BootFindings
from device.service.logbook import Logbook
from device.service.loop import Loop
from device.service.moments import now
from device.service.opening import open_show
from device.service.panel_view import CoachPanel
from device.service.scene import Scene
from device.service.systemd import Notifier
from device.service.traces import TraceKeeper
from device.sources.base import Source
from device.sources.demo import DemoSource
from device.store.database import open_database
from device.store.writer import Writer
from device.stream.client import StreamClient
from device.stream.server import StreamServer
from tests.daemon.process import DEADLINE_S

BUTTON_PIN = 22


@dataclass(frozen=True)
class Staged:
    """Another source than the demonstration, with what belongs to it."""

    source: Source
    calibration: Calibration
    rules: Rules


class Rig:
    """A running loop, its client, its panel on mock pins and its emulated bus."""

    def __init__(self, folder: Path, stack: ExitStack, staged: Staged | None = None) -> None:
        """`staged` stands in for the demonstration, with its own calibration and rules."""
        mat = load_mat()
        self.demo = DemoSource(mat, 0)
        self.database = folder / "pronemat.db"
        endpoint = f"ipc://{folder / 'stream'}"
        engine = open_database(self.database)
        pins = PanelPins(led=17, buzzer=27, button=BUTTON_PIN)
        self.panel: Panel = stack.enter_context(closing(open_panel(pins, mock=True, run=folder)))
        calibration, rules = datasheet_calibration(mat), Rules(45.0, 60.0, 300.0)
        if staged is not None:
            calibration, rules = staged.calibration, staged.rules
        traces = TraceKeeper(mat)
        model = load_model() if staged is not None else None
        self.writer: Writer = stack.enter_context(closing(Writer(engine, self.database)))
        self.loop = Loop(
            scene=Scene("run", "demo", calibration),
            source=self.demo if staged is None else staged.source,
            core=Pipeline(calibration, model, traces.take),
            coach=Coach(rules),
            logbook=Logbook("demo", None),
            writer=self.writer,
            server=stack.enter_context(closing(StreamServer(endpoint, "run"))),
            panel=CoachPanel(self.panel),
            notifier=stack.enter_context(closing(Notifier({}))),
            now=now,
            order=self.demo.command,
            traces=traces,
            findings=BootFindings(folder),
            open_show=partial(open_show, load_model()),
        )
        self.client = StreamClient(endpoint)
        self._thread = threading.Thread(target=self.loop.run)
        self._thread.start()
        stack.callback(self._end)

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        """A command's answer, which must be a yes."""
        answer = self.client.command({"command": command, **more}, DEADLINE_S)
        assert answer["ok"], answer
        return answer

    def until_so(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first snapshot that is `wanted`."""
        deadline = time.monotonic() + DEADLINE_S
        while not wanted(snapshot := self.ask("snapshot")):
            assert time.monotonic() < deadline, "it never is so"
            time.sleep(0.01)
        return snapshot

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
