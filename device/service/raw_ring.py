"""The raw frames of the last minute, ready to be handed out as a recording, and left behind at the
end of the daemon, however it ends: what was, when it went wrong.

They are packed second by second, as members of one gzip file, so that handing them out takes the
loop a millisecond and not the tens that packing a whole minute would.
"""

from __future__ import annotations

import gzip
import logging
from collections import deque
from pathlib import Path

from device.core.mat import Mat
from device.core.types import Frame
from device.recording import frame_line, header_line

KEPT_S = 60.0
PIECE_S = 1.0
LEVEL = 6
LEFT_NAME = "last-minute.csv.gz"
"""In the run directory, which is in memory: no card is written for it."""

_log = logging.getLogger(__name__)


class RawRing:
    """Fed with every frame of one source."""

    def __init__(self, mat: Mat) -> None:
        self._header = gzip.compress(header_line(mat).encode(), LEVEL, mtime=0)
        self._pieces: deque[tuple[float, bytes]] = deque()
        self._lines: list[str] = []
        self._began_s: float | None = None
        self._last_s = 0.0

    def add(self, frame: Frame) -> None:
        """Keep a frame; what is older than a minute goes. Time that runs back begins anew."""
        if self._began_s is not None and frame.t_s <= self._last_s:
            self._pieces.clear()
            self._lines, self._began_s = [], None
        self._last_s = frame.t_s
        if self._began_s is None:
            self._began_s = frame.t_s
        elif frame.t_s - self._began_s >= PIECE_S:
            self._pieces.append((self._last_s, self._packed()))
            self._lines, self._began_s = [], frame.t_s
            while self._pieces[0][0] < frame.t_s - KEPT_S:
                self._pieces.popleft()
        self._lines.append(frame_line(frame))

    def recording(self) -> bytes:
        """The frames as a `.csv.gz` recording."""
        return b"".join((self._header, *(packed for _, packed in self._pieces), self._packed()))

    def leave(self, run: Path) -> None:
        """Write it into the run directory, in place of what an earlier daemon left there; the end
        of the daemon is not disturbed by a disk that refuses."""
        if self._began_s is None:
            return
        file = run / LEFT_NAME
        fresh = file.with_name(f"{file.name}.new")
        try:
            fresh.write_bytes(self.recording())
            fresh.replace(file)
        except OSError as error:
            _log.warning("the last minute cannot be left in %s: %s", run, error.strerror)

    def _packed(self) -> bytes:
        return gzip.compress("".join(self._lines).encode(), LEVEL, mtime=0)
