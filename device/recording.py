"""Recordings and calibration points as plain CSV files, as a spreadsheet opens them."""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray, Frame
from device.errors import CalibrationError, RecordingError
from device.quick_table import quick_table

TIME = "t"
COUNTS_LIMIT = 32768
"""Counts are signed 16-bit numbers."""
FIRST_LINE = 2
"""Where the frames begin, below the header."""
POINTS_COLUMNS = ("sensor", "force_n", "counts")


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording: times `(frames,)` in seconds, counts `(frames, channels)` in the order of
    `Mat.channels` with NaN for a reading that failed."""

    t_s: FloatArray
    counts: FloatArray

    def after(self, seconds: float) -> Recording:
        """The part that begins so many seconds after the first frame; `RecordingError` where there
        is none."""
        first = int(np.searchsorted(self.t_s, self.t_s[0] + seconds))
        if first == len(self.t_s):
            raise RecordingError(
                f"the recording lasts {self.t_s[-1] - self.t_s[0]:.0f} s, so nothing of it is left "
                f"after {seconds:g}; begin earlier."
            )
        return Recording(self.t_s[first:], self.counts[first:])

    def frames(self) -> Iterator[Frame]:
        """The frames one by one, as a source yields them."""
        channels = self.counts.shape[1]
        for sequence, (t_s, counts) in enumerate(zip(self.t_s, self.counts, strict=True)):
            yield Frame(sequence, float(t_s), counts, np.full(channels, t_s))


def read_recording(path: Path, mat: Mat) -> Recording:
    """Read and check a whole recording; `RecordingError` names file, line and remedy."""
    try:
        with opened(path) as file:
            quick = quick_table(file)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        quick = None
    header, rows = quick or _careful_table(path)
    table = rows[:, _column_order(path, header, mat)]
    t_s, counts = table[:, 0], np.ascontiguousarray(table[:, 1:])
    _check_times(path, t_s)
    _check_counts(path, counts)
    return Recording(np.ascontiguousarray(t_s), counts)


def _careful_table(path: Path) -> tuple[list[str], FloatArray]:
    """Header and numbers, read cell by cell; `RecordingError` for whatever is wrong with them."""
    header: list[str] = []
    rows: list[list[float]] = []
    for number, row in _rows(path):
        if number == 1:
            header = row
            continue
        if len(row) != len(header):
            raise RecordingError(
                f"{path}, line {number}: {len(row)} cells where the header has {len(header)}; the "
                "line is cut off or has a stray comma, so remove or mend it."
            )
        rows.append([_cell(path, number, text) for text in row])
    if not rows:
        raise RecordingError(f"{path} has no frames; record it again.")
    return header, np.array(rows)


def _check_times(path: Path, t_s: FloatArray) -> None:
    missing = np.flatnonzero(~np.isfinite(t_s))
    if missing.size:
        raise RecordingError(
            f"{path}, line {missing[0] + FIRST_LINE}: the time is missing; remove the line."
        )
    backwards = np.flatnonzero(np.diff(t_s) <= 0)
    if backwards.size:
        place = int(backwards[0])
        raise RecordingError(
            f"{path}, line {place + 1 + FIRST_LINE}: time runs backwards, from {t_s[place]:g} to "
            f"{t_s[place + 1]:g} s; split the recording there."
        )


def _check_counts(path: Path, counts: FloatArray) -> None:
    beyond = np.flatnonzero((np.abs(counts) > COUNTS_LIMIT).any(axis=1))
    if beyond.size:
        row = np.nan_to_num(counts[beyond[0]])
        worst = row[np.argmax(np.abs(row))]
        raise RecordingError(
            f"{path}, line {beyond[0] + FIRST_LINE}: {worst:g} is no 16-bit count; correct or "
            "empty it."
        )


def read_points(path: Path, mat: Mat) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Calibration points as `{sensor: (force_n, counts)}`, for `fit_calibration`."""
    points: dict[str, tuple[list[float], list[float]]] = {}
    for number, row in _rows(path, CalibrationError):
        if number == 1:
            if sorted(row) != sorted(POINTS_COLUMNS):
                raise CalibrationError(
                    f"{path}, line 1: the columns must be {', '.join(POINTS_COLUMNS)}, but are "
                    f"{', '.join(row)}."
                )
            header = row
            continue
        cells = dict(zip(header, row, strict=False))
        if len(row) != len(header):
            raise CalibrationError(f"{path}, line {number}: write sensor, force and counts.")
        sensor = cells["sensor"]
        if sensor not in mat.names:
            raise CalibrationError(
                f"{path}, line {number}: the mat has no sensor '{sensor}'; its sensors are "
                f"{', '.join(mat.names)}."
            )
        force_n = _cell(path, number, cells["force_n"], CalibrationError)
        if force_n < 0:
            raise CalibrationError(f"{path}, line {number}: the force {force_n:g} N is negative.")
        forces, counts = points.setdefault(sensor, ([], []))
        forces.append(force_n)
        counts.append(_cell(path, number, cells["counts"], CalibrationError))
    return {name: (np.array(forces), np.array(counts)) for name, (forces, counts) in points.items()}


def header_line(mat: Mat) -> str:
    """The first line of a recording."""
    return ",".join((TIME, *mat.channels)) + "\n"


def frame_line(frame: Frame) -> str:
    """A frame as a line of a recording."""
    # A count is unequal to itself where its reading failed.
    cells = ["" if count != count else f"{count:.0f}" for count in frame.counts.tolist()]
    return f"{frame.t_s:.4f},{','.join(cells)}\n"


class RecordingWriter:
    """Writes frames as they come; what was written is readable even if the end is never reached.

    A name ending in `.gz` is compressed. Flushing is the caller's rhythm, by `flush`. With
    `append` it goes on with a whole recording of the same mat; see `device.recording_mend`.
    """

    def __init__(self, path: Path, mat: Mat, *, append: bool = False) -> None:
        self.path = path
        self.frames = 0
        mode: Literal["at", "wt"] = "at" if append else "wt"
        try:
            self._file: TextIO = (
                gzip.open(path, mode, encoding="ascii", newline="")  # noqa: SIM115
                if path.suffix == ".gz"
                else path.open(mode, encoding="ascii", newline="")
            )
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {error.strerror}.") from None
        if not append:
            self._write(header_line(mat))

    def write(self, frame: Frame) -> None:
        self._write(frame_line(frame))
        self.frames += 1

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from None

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            raise self._failed(error) from None

    def _write(self, line: str) -> None:
        try:
            self._file.write(line)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> RecordingError:
        return RecordingError(
            f"{self.path} cannot be written on: {error.strerror}; free space and record again "
            f"({self.frames} frames were written)."
        )


def _rows(
    path: Path, error_class: type[RecordingError] | type[CalibrationError] = RecordingError
) -> Iterator[tuple[int, list[str]]]:
    """The CSV's rows with their line numbers, header first; every file trouble as one sentence."""
    number = 0
    try:
        with opened(path) as file:
            for row in csv.reader(file, strict=True):
                if row:
                    number += 1
                    yield number, [cell.strip() for cell in row]
    except FileNotFoundError:
        raise error_class(f"{path} does not exist; check the name.") from None
    except (EOFError, zlib.error):
        raise error_class(
            f"{path} is a truncated or damaged gzip file, readable only to line {number}; copy it "
            "again from where it came."
        ) from None
    except gzip.BadGzipFile:
        raise error_class(f"{path} is not a gzip file though it is named one.") from None
    except OSError as error:
        raise error_class(f"{path} cannot be read: {error.strerror or error}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise error_class(f"{path}, line {number + 1}: this is no CSV text.") from None
    if number == 0:
        raise error_class(f"{path} is empty; record it again.")


def opened(path: Path) -> TextIO:
    """The text of a recording, compressed or not."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return io.TextIOWrapper(path.open("rb"), encoding="utf-8-sig", newline="")


def _column_order(path: Path, header: Sequence[str], mat: Mat) -> list[int]:
    wanted = (TIME, *mat.channels)
    for name in header:
        if name not in wanted:
            raise RecordingError(
                f"{path}, line 1: the mat has no sensor '{name}'; give the mat it was recorded on "
                "with --mat."
            )
        if header.count(name) > 1:
            raise RecordingError(f"{path}, line 1: the column '{name}' stands there twice.")
    for name in wanted:
        if name not in header:
            raise RecordingError(
                f"{path}, line 1: the column '{name}' is missing; give the mat it was recorded on "
                "with --mat."
            )
    return [header.index(name) for name in wanted]


def _cell(
    path: Path,
    number: int,
    text: str,
    error_class: type[RecordingError] | type[CalibrationError] = RecordingError,
) -> float:
    if not text:
        if error_class is RecordingError:
            return math.nan
        raise error_class(f"{path}, line {number}: a cell is empty; write a number.")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise error_class(f"{path}, line {number}: '{text}' is not a number; correct or empty it.")
    return value
