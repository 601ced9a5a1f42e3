"""`pronemat monitor`: the mat live in the terminal, through the running daemon."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from device.cli.options import FILE, config_option
from device.config import load_settings
from device.errors import PronematError, StoreError, StreamError
from device.mat_file import load_mat
from device.monitor.keyboard import GONE, Keyboard
from device.monitor.picture import Picture, Unit
from device.monitor.view import draw, too_small
from device.stream.client import StreamClient

DRAWN_EVERY_S = 0.1
ASKED_EVERY_S = 1.0
STEP_S = 0.03
"""How long one look at the stream may take: keys are heard as often."""

UNITS: Mapping[str, Unit] = MappingProxyType(
    {"n": Unit.NEWTONS, "c": Unit.COUNTS, "v": Unit.VOLTS, "g": Unit.CONDUCTANCE}
)


@click.command(epilog="Example: pronemat monitor --marks marks.jsonl")
@config_option
@click.option("--marks", type=FILE, help="Add each mark to this file, a JSON object a line.")
def monitor(config: Path | None, marks: Path | None) -> None:
    """Watch every strip, chip and phase live; the daemon must run, and is not disturbed.

    Keys: n newtons, c counts, v volts, g conductance, f freeze, m mark, q quit.
    """
    settings = load_settings(config)
    client = StreamClient(settings.endpoint)
    console = Console(highlight=False)
    picture = Picture(load_mat(settings.mat.file))
    if not (sys.stdin.isatty() and console.is_terminal):
        raise PronematError("the monitor needs a terminal; for scripts use `pronemat status`.")
    if (sentence := too_small(picture, *console.size)) is not None:
        raise PronematError(sentence)
    status = client.command({"command": "status"})
    if not status["ok"]:
        raise PronematError(status["error"])
    picture.ask(status)
    watch = _Watch(client, console, picture, _Marks(marks))
    # The terminal may vanish at any moment; nothing here is worth a word then.
    with suppress(BrokenPipeError, KeyboardInterrupt):
        watch.run()
    watch.marks.tell()


class _Marks:
    """Moments worth keeping: in a file at once, and told at the end."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: list[str] = []

    def add(self, picture: Picture) -> str:
        at = datetime.now().astimezone()
        shown: dict[str, Any] = {
            "mark": len(self._lines) + 1,
            "at": at.isoformat(timespec="milliseconds"),
            "t": picture.live.get("t"),
            "phase": picture.live.get("phase"),
            "forces_n": picture.live.get("forces_n"),
        }
        self._lines.append(json.dumps(shown))
        if self._path is not None:
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(self._lines[-1] + "\n")
            except OSError as error:
                raise StoreError(
                    f"the mark cannot be written to {self._path}: {error.strerror}; give --marks "
                    "another file."
                ) from None
        return f"mark {shown['mark']} at {at:%H:%M:%S}"

    def tell(self) -> None:
        with suppress(OSError):
            for line in self._lines:
                click.echo(line)


class _Watch:
    """Hears, draws and reads keys in turn, in one thread."""

    def __init__(
        self, client: StreamClient, console: Console, picture: Picture, marks: _Marks
    ) -> None:
        self.marks = marks
        self._client = client
        self._console = console
        self._picture = picture
        self._ended = False

    def run(self) -> None:
        """Until q, Ctrl-C, the terminal's end or SIGTERM."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        screen = Live(console=self._console, screen=True, auto_refresh=False)
        try:
            with Keyboard() as keyboard, screen:
                self._watch(keyboard, screen)
        except OSError:
            return  # the terminal has gone while something was written to it

    def _end(self, _number: int, _frame: object) -> None:
        self._ended = True

    def _watch(self, keyboard: Keyboard, screen: Live) -> None:
        drawn_s = asked_s = 0.0
        with (
            closing(self._client.events(timeout_s=STEP_S)) as messages,
            closing(self._client.frames(timeout_s=0.0)) as frames,
        ):
            for message in messages:
                self._picture.hear(message)
                while (frame := next(frames)) is not None:
                    self._picture.take(frame)
                while (key := keyboard.key()) is not None and not self._ended:
                    self._pressed(key)
                if self._ended:
                    return
                now_s = time.monotonic()
                if now_s >= asked_s + ASKED_EVERY_S and self._picture.lost is None:
                    asked_s = now_s
                    with suppress(StreamError):
                        self._picture.ask(self._client.command({"command": "status"}, STEP_S))
                if now_s >= drawn_s + DRAWN_EVERY_S:
                    drawn_s = now_s
                    sentence = too_small(self._picture, *self._console.size)
                    view = draw(self._picture) if sentence is None else Text(sentence)
                    screen.update(view, refresh=True)

    def _pressed(self, key: str) -> None:
        if key in (GONE, "q"):
            self._ended = True
        elif key in UNITS:
            self._picture.unit = UNITS[key]
        elif key == "f":
            self._picture.frozen = not self._picture.frozen
        elif key == "m":
            self._picture.say(self.marks.add(self._picture))
