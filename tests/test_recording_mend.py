"""A recording that broke off is made whole, and gone on with."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from device.core.types import Frame
from device.errors import RecordingError
from device.mat_file import load_mat
from device.recording import RecordingWriter, read_recording
from device.recording_mend import mend

MAT = load_mat()


def write(path: Path, first: int, last: int, *, append: bool = False) -> None:
    with closing(RecordingWriter(path, MAT, append=append)) as writer:
        for number in range(first, last):
            counts = np.full(len(MAT.channels), float(number))
            counts[3] = np.nan
            writer.write(Frame(number, number / 100, counts, counts))
            if number % 100 == 0:
                writer.flush()


@pytest.mark.parametrize("name", ["whole.csv", "whole.csv.gz"])
def test_a_whole_recording_stays_as_it_is_and_is_gone_on_with(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, 0, 50)
    assert mend(path, MAT) == pytest.approx(0.49)
    write(path, 50, 80, append=True)
    recording = read_recording(path, MAT)
    assert recording.t_s.tolist() == [number / 100 for number in range(80)]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["cut.csv", "cut.csv.gz"])
def test_what_the_interruption_cut_off_goes_and_nothing_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, 0, 500)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 37])
    last_s = mend(path, MAT)
    recording = read_recording(path, MAT)
    assert last_s == recording.t_s[-1]
    assert len(recording.t_s) >= 400
    assert (recording.counts[:, 0] == np.arange(len(recording.t_s))).all()


def test_what_is_no_recording_of_this_mat_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("t,knee\n1,2\n")
    with pytest.raises(RecordingError, match="is no recording of this mat"):
        mend(path, MAT)
    assert path.read_text() == "t,knee\n1,2\n"
    with pytest.raises(RecordingError, match="cannot be gone on with"):
        mend(tmp_path / "gone.csv", MAT)


def test_what_was_interrupted_before_its_first_line_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv.gz"
    write(path, 0, 5)
    path.write_bytes(path.read_bytes()[:12])
    assert mend(path, MAT) == float("-inf")
    write(path, 5, 8, append=True)
    assert len(read_recording(path, MAT).t_s) == 3


def test_another_file_that_is_named_like_a_recording_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photo.csv.gz"
    path.write_bytes(b"no gzip at all")
    with pytest.raises(RecordingError, match="cannot be gone on with"):
        mend(path, MAT)
    assert path.read_bytes() == b"no gzip at all"


def test_an_empty_recording_is_gone_on_with_from_its_header(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    write(path, 0, 0)
    assert mend(path, MAT) == float("-inf")
