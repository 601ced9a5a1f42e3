"""Keys of a terminal one by one, without waiting, and the terminal put back as it was."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from types import TracebackType
from typing import Self

GONE = "gone"
"""In place of a key: the terminal has hung up."""


class Keyboard:
    """While entered, keys come at once and unseen; Ctrl-C stays what it is."""

    def __enter__(self) -> Self:
        self._file = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._file)
        tty.setcbreak(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)
        except termios.error:
            return  # the terminal has gone, and its setting with it

    def key(self) -> str | None:
        """The next key that was pressed, None if there is none."""
        if not select.select([self._file], [], [], 0.0)[0]:
            return None
        try:
            pressed = os.read(self._file, 1)
        except OSError:
            return GONE
        return pressed.decode("ascii", "replace") if pressed else GONE
