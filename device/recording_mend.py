"""A recording that was interrupted made whole again, so that it can be gone on with."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from device.core.mat import Mat
from device.errors import RecordingError
from device.recording import header_line, opened


def mend(path: Path, mat: Mat) -> float:
    """Cut off what the interruption left of a line or of a compressed block, and return the time of
    the last frame, in seconds (minus infinity without one).

    The file is replaced as a whole or not at all. Raises `RecordingError` where it is no recording
    of this mat.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    header, last = header_line(mat), ""
    try:
        lines = _whole_lines(path)
        if next(lines, header) != header:
            raise RecordingError(
                f"{path} is no recording of this mat; give another name, or its mat with --mat."
            )
        with fresh.open("wb") as raw:
            # The name inside a compressed file would be the passing one's.
            out = gzip.GzipFile("", "wb", fileobj=raw) if path.suffix == ".gz" else raw
            out.write(header.encode())
            for line in lines:
                if line.count(",") != header.count(","):
                    break
                out.write(line.encode())
                last = line
            if out is not raw:
                out.close()
            raw.flush()
            os.fsync(raw.fileno())
        fresh.replace(path)
    except OSError as error:
        raise RecordingError(f"{path} cannot be gone on with: {error.strerror or error}.") from None
    finally:
        fresh.unlink(missing_ok=True)
    try:
        return float(last.partition(",")[0]) if last else float("-inf")
    except ValueError:
        raise RecordingError(f"{path}: the time of its last line is no number.") from None


def _whole_lines(path: Path) -> Iterator[str]:
    """The lines up to where the file breaks off."""
    with opened(path) as file:
        while True:
            try:
                line = file.readline()
            except (EOFError, zlib.error, UnicodeDecodeError):
                return
            if not line.endswith("\n"):
                return
            yield line
