"""Labelled recordings: read as they are, and one sentence where they are not what they claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from device.core.types import Fault, Side, Verdict
from device.errors import RecordingError
from device.scoring.labels import NEVER_S, read_folder, read_labels

REP = {
    "start": 12.31, "top": 13.9, "end": 16.2, "side": "left", "verdict": "arch",
    "pelvic_tilt_deg": 9.1, "pelvic_rotation_deg": 1.4, "faults": ["tilt"], "over_limit": 13.0,
}  # fmt: skip


def written(folder: Path, reps: Any, **more: Any) -> Path:
    (folder / "s1.csv").write_text("t\n", encoding="utf-8")
    path = folder / "s1.labels.json"
    path.write_text(json.dumps({"reps": reps, "mat": "mat_2", **more}), encoding="utf-8")
    return path


def test_a_rep_is_read_with_what_came_and_what_did_not(tmp_path: Path) -> None:
    (tmp_path / "mat_2.points.csv").write_text("", encoding="utf-8")
    session = read_labels(written(tmp_path, [REP], body="p07"))
    (rep,) = session.reps
    assert (rep.side, rep.verdict, rep.faults) == (Side.LEFT, Verdict.ARCH, {Fault.TILT})
    assert rep.over_limit_s == 13.0
    assert rep.over_quiet_s == NEVER_S
    assert session.body == "p07"
    assert session.points == tmp_path / "mat_2.points.csv"
    assert session.bad_sensor is None


@pytest.mark.parametrize(
    "reps", [[{**REP, "side": "middle"}], [{**REP, "start": None}], [{}], 3, [{**REP, "faults": 1}]]
)
def test_a_label_that_makes_no_sense_is_one_sentence(tmp_path: Path, reps: Any) -> None:
    with pytest.raises(RecordingError, match=r"s1\.labels\.json is not a labels file"):
        read_labels(written(tmp_path, reps))


def test_labels_without_their_recording_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    (tmp_path / "s1.csv").unlink()
    with pytest.raises(RecordingError, match="has no recording"):
        read_labels(path)


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="holds no labels"):
        read_folder(tmp_path)
    with pytest.raises(RecordingError, match="is not a folder"):
        read_folder(tmp_path / "none")


def test_a_damaged_labels_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RecordingError, match="is no JSON"):
        read_labels(path)
