"""Moments and stretches worth keeping: marks, and recordings of the raw frames."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from device.core.mat import Mat
from device.core.types import Frame
from device.errors import PronematError, StoreError
from device.monitor.picture import Picture
from device.recording import RecordingWriter


class Marks:
    """Moments worth keeping: in a file at once, and told at the end."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.lines: list[str] = []

    def add(self, picture: Picture) -> str:
        """Keep this moment; what to say of it. Raises `StoreError` if the disk refuses."""
        at = datetime.now().astimezone()
        shown: dict[str, Any] = {
            "mark": len(self.lines) + 1,
            "at": at.isoformat(timespec="milliseconds"),
            "t": picture.live.get("t"),
            "phase": picture.live.get("phase"),
            "forces_n": picture.live.get("forces_n"),
        }
        self.lines.append(json.dumps(shown))
        if self._path is not None:
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(self.lines[-1] + "\n")
            except OSError as error:
                raise StoreError(
                    f"the mark cannot be written to {self._path}: {error.strerror}; give --marks "
                    "another file."
                ) from None
        return f"mark {shown['mark']} at {at:%H:%M:%S}"


class Recorder:
    """Raw frames into a file that `pronemat replay` reads, from one key press to the next."""

    def __init__(self, mat: Mat, folder: Path) -> None:
        self._mat = mat
        self._folder = folder
        self._writer: RecordingWriter | None = None
        self._last_s = float("-inf")
        self.files: list[Path] = []

    @property
    def running(self) -> str | None:
        """What is recorded now, in words; None while nothing is."""
        if self._writer is None:
            return None
        return f"{self._writer.frames} frames"

    def toggle(self) -> str:
        """Begin or end; what to say of it. Raises `RecordingError` if the disk refuses."""
        if self._writer is not None:
            return self.close()
        name = f"monitor-{datetime.now().astimezone():%Y%m%d-%H%M%S}.csv.gz"
        self._writer = RecordingWriter(self._folder / name, self._mat)
        self._last_s = float("-inf")
        return f"recording into {self._writer.path}"

    def take(self, frame: Frame) -> None:
        """One raw frame; raises `RecordingError` if the disk refuses, and then nothing is recorded.

        A frame from before the last one, of a daemon that was started anew, ends the recording.
        """
        if self._writer is None:
            return
        if frame.t_s <= self._last_s or len(frame.counts) != len(self._mat.channels):
            self.close()
            return
        self._last_s = frame.t_s
        try:
            self._writer.write(frame)
        except PronematError:
            self._writer = None
            raise

    def close(self) -> str:
        """End what is recorded; what to say of it."""
        if self._writer is None:
            return "nothing is recorded"
        writer, self._writer = self._writer, None
        writer.close()
        self.files.append(writer.path)
        return f"recorded {writer.frames} frames into {writer.path}"
