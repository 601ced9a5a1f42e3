"""The live view on the full screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from device.core.types import Frame
from device.errors import PronematError
from device.fullscreen import FullScreen
from device.monitor.ear import Ear
from device.monitor.marks import Marks, Recorder
from device.monitor.picture import Picture, Unit
from device.monitor.view import COLUMNS, draw, least_lines
from device.stream.messages import Message

DRAWN_EVERY_S = 0.1

UNITS: Mapping[str, Unit] = MappingProxyType(
    {"n": Unit.NEWTONS, "c": Unit.COUNTS, "v": Unit.VOLTS, "g": Unit.CONDUCTANCE}
)


class MonitorScreen(FullScreen[None]):
    """Shows what its ear hears until it is left."""

    WHAT = "the monitor"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "unit('n')", "newtons"),
        Binding("c", "unit('c')", "counts"),
        Binding("v", "unit('v')", "volts"),
        Binding("g", "unit('g')", "conductance"),
        Binding("f", "freeze", "freeze"),
        Binding("m", "mark", "mark"),
        Binding("r", "record", "record"),
        Binding("q", "leave", "quit"),
    ]
    CSS = f"{FullScreen.CSS} #mat {{ width: 80; height: auto; }}"

    def __init__(self, ear: Ear, picture: Picture, marks: Marks, recorder: Recorder) -> None:
        super().__init__()
        self._ear = ear
        self._picture = picture
        self._marks = marks
        self._recorder = recorder

    @property
    def least(self) -> tuple[int, int]:
        """A line for each row of the mat beside what every mat has."""
        return COLUMNS, least_lines(self._picture.mat)

    def content(self) -> ComposeResult:
        yield Static(id="mat")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(DRAWN_EVERY_S, self._tick)
        self._tick()

    def action_unit(self, key: str) -> None:
        """Show the strips in another unit."""
        self._picture.unit = UNITS[key]
        self._draw()

    def action_freeze(self) -> None:
        """Stop the picture, or let it go on; a recording is not stopped."""
        self._picture.frozen = not self._picture.frozen
        self._draw()

    def action_mark(self) -> None:
        """Keep this moment."""
        self._try(lambda: self._marks.add(self._picture))

    def action_record(self) -> None:
        """Begin a recording, or end it."""
        self._try(self._recorder.toggle)

    def _try(self, do: Callable[[], str]) -> None:
        """Say what came of it, be it an error: the view goes on."""
        try:
            said = do()
        except PronematError as error:
            said = str(error)
        self._picture.say(said)
        self._draw()

    def _tick(self) -> None:
        for heard in self._ear.poll():
            if isinstance(heard, Frame):
                self._picture.take(heard)
                try:
                    self._recorder.take(heard)
                except PronematError as error:
                    self._picture.say(str(error))
            elif isinstance(heard, Message):
                self._picture.hear(heard)
            else:
                self._picture.ask(heard)
        self._picture.recording = self._recorder.running
        self._draw()

    def _draw(self) -> None:
        self.put("mat", draw(self._picture))
