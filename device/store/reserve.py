"""A piece of disk held for the day it is full: given up, it lets the last sessions be written."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SIZE = 1 << 20
"""Room for about a thousand reps, a day of lifting; a 16 GB card does not miss a megabyte."""
SUFFIX = ".reserve"


class Reserve:
    """The file beside the database at `path`. Whoever else fills the disk may still be quicker."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + SUFFIX)
        self._held = False

    def hold(self) -> bool:
        """Take the room if it is not held yet; False if the disk does not have it."""
        if not self._held:
            try:
                self._held = self._take()
            except OSError:
                self._remove()
        return self._held

    def release(self) -> bool:
        """Give the room up; False if there was none to give."""
        released, self._held = self._held, False
        self._remove()
        return released

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _take(self) -> bool:
        if self._path.exists() and self._path.stat().st_size == SIZE:
            return True
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, SIZE)
        finally:
            os.close(file)
        return True
