"""What every full-screen view in the terminal shares: room, colours, and how it ends."""

from __future__ import annotations

import asyncio
import curses
import os
import select
import signal
import sys
from abc import abstractmethod
from contextlib import suppress
from typing import ClassVar, TypeVar

from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.widgets import Footer, Static

from device.errors import PronematError

Result = TypeVar("Result")

LEAST = (80, 24)
"""What every terminal has at least, and most connections by SSH begin with."""
FEWEST_COLOURS = 8
LOOK_S = 0.5
"""How often it is looked whether the terminal is still there."""
ENDING_SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def check_terminal(columns: int, lines: int, what: str, instead: str) -> None:
    """Raise `PronematError` where there is no terminal, or one with too little room."""
    # The library draws on the standard error, so that a program's output can be piped.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise PronematError(f"{what} needs a terminal; for scripts {instead}.")
    size = os.get_terminal_size(sys.stdout.fileno())
    if size.columns < columns or size.lines < lines:
        raise PronematError(
            f"{room(size.columns, size.lines, columns, lines, what)}, or {instead}."
        )
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        raise PronematError(f"the terminal cannot move its cursor (TERM=dumb); {instead}.")
    if not has_colours():
        # The library knows this sign; by the name of the terminal alone it colours any.
        os.environ["NO_COLOR"] = "1"


def room(columns: int, lines: int, least_columns: int, least_lines: int, what: str) -> str:
    """The sentence for a terminal that is too small, without its end."""
    return (
        f"the terminal is {columns} by {lines}, and {what} needs {least_columns} by "
        f"{least_lines}: enlarge it"
    )


def has_colours() -> bool:
    """Whether the terminal has colours, by the system's own data base, and they are wanted."""
    if os.environ.get("NO_COLOR"):
        return False
    try:
        curses.setupterm(fd=sys.stdout.fileno())
    except (curses.error, OSError):
        return False
    return curses.tigetnum("colors") >= FEWEST_COLOURS


class QuietDriver(LinuxDriver):
    """The library's driver, for a terminal that may vanish: then there is nothing to restore."""

    def stop_application_mode(self) -> None:
        with suppress(OSError):
            super().stop_application_mode()

    def run_input_thread(self) -> None:
        with suppress(OSError):
            super().run_input_thread()

    def write(self, data: str) -> None:
        with suppress(OSError):
            super().write(data)


class FullScreen(App[Result]):
    """A view in the terminal's own colours, that ends at q, Ctrl-C, a signal, or a hang-up."""

    WHAT: ClassVar[str] = "this view"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave", "leave", show=False, priority=True),
        Binding("ctrl+q", "leave", "leave", show=False, priority=True),
    ]
    CSS = "Screen { background: ansi_default; }"
    DEFAULT_CSS = """
    #too-small { display: none; }
    .-small > * { display: none; }
    .-small > #too-small { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(driver_class=QuietDriver)
        self.theme = "ansi-dark"
        self._shown: dict[str, object] = {}

    @property
    def least(self) -> tuple[int, int]:
        """Columns and lines that it needs."""
        return LEAST

    def compose(self) -> ComposeResult:
        yield Static(id="too-small")
        yield from self.content()
        yield Footer()

    # The library's metaclass is no ABCMeta: it is the type check that holds every view to it.
    @abstractmethod
    def content(self) -> ComposeResult:
        """What stands above the keys."""

    def on_mount(self) -> None:
        """Signals end the view as q does; what was measured stays."""
        loop = asyncio.get_running_loop()
        with suppress(ValueError, RuntimeError):  # only a main thread has signals
            for number in ENDING_SIGNALS:
                loop.add_signal_handler(number, self.action_leave)
        if not self.is_headless:
            self.set_interval(LOOK_S, self._look_for_terminal)

    def on_resize(self, event: Resize) -> None:
        """Too small: one sentence in place of everything."""
        columns, lines = self.least
        small = event.size.width < columns or event.size.height < lines
        sentence = room(event.size.width, event.size.height, columns, lines, self.WHAT)
        base = self.screen_stack[0]
        base.set_class(small, "-small")
        base.query_one("#too-small", Static).update(f"{sentence}.")

    def put(self, name: str, content: Text | Table | str) -> None:
        """Let the view's widget of that name show this; what stays the same is not sent again."""
        shown = content if isinstance(content, str | Text) else repr(content)
        if self._shown.get(name) == shown:
            return
        # While the view is taken down its widgets go one by one.
        for widget in self.screen_stack[0].query(f"#{name}").results(Static):
            self._shown[name] = shown
            widget.update(content)

    def action_leave(self) -> None:
        """End the view."""
        self.exit()

    def _look_for_terminal(self) -> None:
        """A terminal that hung up sends no signal to a view that is not its session's leader."""
        poll = select.poll()
        poll.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
        if any(state & (select.POLLHUP | select.POLLERR) for _, state in poll.poll(0)):
            self.action_leave()
