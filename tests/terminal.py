"""A command in a real pseudo-terminal of 80 columns and 24 lines."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType, TracebackType
from typing import Self
from unittest.mock import patch

DEADLINE_S = 60.0
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|[()=>][0-9A-B]?)")


@contextmanager
def this_terminal(columns: int = 80, lines: int = 24, **env: str) -> Iterator[None]:
    """Lets this very process sit at a pseudo-terminal, for what is decided before anything is
    drawn; what is written there is lost."""
    with ExitStack() as stack:
        end, child = _open(columns, lines)
        stack.callback(os.close, end)
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            file = stack.enter_context(os.fdopen(os.dup(child), mode))
            stack.enter_context(patch.object(sys, name, file))
        os.close(child)
        stack.enter_context(patch.dict(os.environ, {"TERM": "xterm-256color", **env}))
        yield


def _open(columns: int, lines: int) -> tuple[int, int]:
    """The two ends of a pseudo-terminal of that size."""
    end, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    return end, child


class Terminal:
    """Runs `pronemat OPTIONS` and collects what it writes: `text` without escapes, `raw` with."""

    def __init__(
        self,
        *options: object,
        columns: int = 80,
        lines: int = 24,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._end, child = _open(columns, lines)
        environ = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "device", *map(str, options)],
            stdin=child,
            stdout=child,
            stderr=child,
            env=environ | {"TERM": "xterm-256color", **env},
            start_new_session=True,
        )
        os.close(child)
        self.text = self.raw = ""

    def until(self, wanted: Callable[[str], bool]) -> str:
        """What was written so far, without escapes, once it is `wanted`."""
        deadline = time.monotonic() + DEADLINE_S
        while not wanted(self.text):
            assert time.monotonic() < deadline, f"this does not come: {self.text[-3000:]}"
            if not self._read():
                break
        assert wanted(self.text), f"it ended without: {self.text[-3000:]}"
        return self.text

    def to_the_end(self) -> tuple[int, str]:
        """Exit code and all that was written."""
        deadline = time.monotonic() + DEADLINE_S
        while self._read():
            assert time.monotonic() < deadline, f"it does not end: {self.text[-3000:]}"
        return self.process.wait(DEADLINE_S), self.text

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def forget(self) -> None:
        """Only what is written from here on counts."""
        self.text = ""

    def interrupt(self) -> None:
        """Ctrl-C, which reaches all processes that the command has started."""
        os.killpg(self.process.pid, signal.SIGINT)

    def hang_up(self) -> None:
        """The connection drops."""
        os.close(self._end)
        self._end = -1

    def _read(self) -> bool:
        """Take in what is there; False when nothing will come any more."""
        if not select.select([self._end], [], [], 0.1)[0]:
            return True
        try:
            data = os.read(self._end, 65536)
        except OSError:
            return False
        self.raw += data.decode("utf-8", "replace")
        self.text += ESCAPES.sub("", data.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        if self._end >= 0:
            os.close(self._end)
