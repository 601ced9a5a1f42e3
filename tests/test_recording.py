"""Recordings and points: read as written, and refused in one sentence that names file and line."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from device.core.calibration import fit_calibration
from device.core.mat import Mat
from device.core.types import Frame
from device.errors import CalibrationError, PronematError, RecordingError
from device.mat_file import load_mat
from device.recording import Recording, RecordingWriter, read_points, read_recording


@pytest.fixture(scope="module")
def mat() -> Mat:
    return load_mat()


def lines(mat: Mat, frames: int = 3) -> list[str]:
    header = ",".join(["t", *mat.channels])
    return [
        header,
        *(",".join([f"{index * 0.01:.4f}", *["1000"] * 15, "13200"]) for index in range(frames)),
    ]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="ascii")
    return path


def refused(path: Path, mat: Mat) -> str:
    with pytest.raises(RecordingError) as caught:
        read_recording(path, mat)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith(".")
    return message


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_what_is_written_is_read_again(tmp_path: Path, mat: Mat, name: str) -> None:
    counts = np.arange(16.0) * 100
    counts[3] = np.nan
    writer = RecordingWriter(tmp_path / name, mat)
    for sequence in range(5):
        t_s = 100.0 + sequence * 0.0101
        writer.write(Frame(sequence, t_s, counts + sequence, np.full(16, t_s)))
    writer.close()
    recording = read_recording(tmp_path / name, mat)
    assert recording.t_s == pytest.approx(100.0 + np.arange(5) * 0.0101)
    np.testing.assert_array_equal(recording.counts[2], counts + 2)
    assert [frame.sequence for frame in recording.frames()] == [0, 1, 2, 3, 4]


def test_columns_may_stand_in_any_order(tmp_path: Path, mat: Mat) -> None:
    header, first = (line.split(",") for line in lines(mat, 1))
    first[1:] = [str(value) for value in range(16)]
    straight = written(tmp_path / "a.csv", "\n".join([",".join(header), ",".join(first)]))
    backwards = written(
        tmp_path / "b.csv", "\n".join([",".join(header[::-1]), ",".join(first[::-1])])
    )
    np.testing.assert_array_equal(
        read_recording(straight, mat).counts, read_recording(backwards, mat).counts
    )


def test_a_missing_column_is_named(tmp_path: Path, mat: Mat) -> None:
    text = "\n".join(line.rsplit(",", 1)[0] for line in lines(mat))
    assert "the column 'reference' is missing" in refused(written(tmp_path / "a.csv", text), mat)


def test_an_unknown_sensor_is_named(tmp_path: Path, mat: Mat) -> None:
    text = "\n".join(lines(mat)).replace("pubis", "elbow")
    assert "the mat has no sensor 'elbow'" in refused(written(tmp_path / "a.csv", text), mat)


@pytest.mark.parametrize("cell", ["abc", "nan", "inf", "1,5e"])
def test_text_in_a_number_names_the_line(tmp_path: Path, mat: Mat, cell: str) -> None:
    rows = lines(mat)
    rows[2] = rows[2].replace("1000", cell, 1)
    assert "line 3" in refused(written(tmp_path / "a.csv", "\n".join(rows)), mat)


def test_a_count_beyond_sixteen_bits_names_the_line(tmp_path: Path, mat: Mat) -> None:
    rows = lines(mat)
    rows[2] = rows[2].replace("1000", "99999", 1)
    assert "no 16-bit count" in refused(written(tmp_path / "a.csv", "\n".join(rows)), mat)


def test_time_running_backwards_names_the_line(tmp_path: Path, mat: Mat) -> None:
    rows = lines(mat)
    rows[2], rows[3] = rows[3], rows[2]
    message = refused(written(tmp_path / "a.csv", "\n".join(rows)), mat)
    assert "line 4: time runs backwards" in message


def test_a_truncated_gzip_says_so(tmp_path: Path, mat: Mat) -> None:
    path = tmp_path / "a.csv.gz"
    whole = gzip.compress("\n".join(lines(mat, 500)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    assert "truncated or damaged gzip" in refused(path, mat)


def test_a_plain_file_named_gz_says_so(tmp_path: Path, mat: Mat) -> None:
    assert "is not a gzip file" in refused(written(tmp_path / "a.csv.gz", "t,chest\n"), mat)


def test_a_recording_without_rows_says_so(tmp_path: Path, mat: Mat) -> None:
    assert "has no frames" in refused(written(tmp_path / "a.csv", lines(mat)[0] + "\n"), mat)
    assert "is empty" in refused(written(tmp_path / "b.csv", ""), mat)


def test_a_cut_off_line_says_so(tmp_path: Path, mat: Mat) -> None:
    text = "\n".join(lines(mat))[:-20]
    assert "line 4" in refused(written(tmp_path / "a.csv", text), mat)


def test_binary_rubbish_says_so(tmp_path: Path, mat: Mat) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 10)
    assert "no CSV text" in refused(path, mat)


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path, mat: Mat) -> None:
    assert "does not exist" in refused(tmp_path / "none.csv", mat)
    assert "cannot be read" in refused(tmp_path, mat)


def test_a_recording_into_no_folder_says_so(tmp_path: Path, mat: Mat) -> None:
    with pytest.raises(RecordingError, match="cannot be written"):
        RecordingWriter(tmp_path / "none" / "a.csv", mat)


POINTS = "sensor,force_n,counts\n"


def points_refused(path: Path, mat: Mat, text: str) -> str:
    with pytest.raises(CalibrationError) as caught:
        fit_calibration(mat, read_points(written(path, text), mat), path.name)
    message = str(caught.value)
    assert "\n" not in message
    return message


def good_points(mat: Mat) -> str:
    return POINTS + "".join(
        f"{name},{force},{counts}\n"
        for name in mat.names
        for force, counts in ((0, 1000), (10, 9000), (80, 20000))
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("pubis,10,9000\npubis,80,20000\n", "", "pubis: 1 calibration point"),
        ("pubis,10,", "pubis,-10,", "the force -10 N is negative"),
        ("pubis,10,9000", "pubis,10,500", "pubis: counts fall from 1000 at 0 N to 500 at 10 N"),
        ("pubis,0,1000\n", "", "pubis: the point of the empty mat (0 N) is missing"),
        ("pubis,10,9000", "pubis,80,9000", "pubis: two points at 80 N"),
        ("pubis,10,9000", "pubis,ten,9000", "'ten' is not a number"),
        ("pubis,10,9000", "pubis,,9000", "a cell is empty"),
        ("pubis,10,9000", "elbow,10,9000", "the mat has no sensor 'elbow'"),
        ("pubis,80,20000", "pubis,80,32000", "pubis: 32000 counts are outside"),
        ("sensor,force_n,counts", "sensor,kg,counts", "the columns must be"),
    ],
)
def test_points_that_make_no_sense_name_the_sensor(
    tmp_path: Path, mat: Mat, old: str, new: str, says: str
) -> None:
    text = good_points(mat)
    assert old in text
    assert says in points_refused(tmp_path / "p.csv", mat, text.replace(old, new, 1))


def test_points_for_all_sensors_but_one_name_it(tmp_path: Path, mat: Mat) -> None:
    text = "".join(row for row in good_points(mat).splitlines(True) if "head" not in row)
    assert "no points for 'head'" in points_refused(tmp_path / "p.csv", mat, text)


def test_every_refusal_is_one_the_command_line_can_print() -> None:
    assert issubclass(RecordingError, PronematError)
    assert issubclass(CalibrationError, PronematError)


def test_a_recording_is_replayed_from_where_one_left_off() -> None:
    recording = Recording(np.array([5.0, 6.0, 7.5]), np.arange(6.0).reshape(3, 2))
    part = recording.after(1.0)
    assert (part.t_s.tolist(), part.counts.tolist()) == ([6.0, 7.5], [[2.0, 3.0], [4.0, 5.0]])
    with pytest.raises(RecordingError, match="lasts 2 s, so nothing of it is left after 3"):
        recording.after(3.0)
