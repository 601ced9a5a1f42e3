"""What the monitor draws of what it has heard, without a terminal."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from device.core.types import Frame
from device.mat_file import load_mat
from device.monitor.picture import Picture, Unit
from device.monitor.view import COLUMNS, draw, full_scale, least_lines
from device.stream.messages import Message

MAT = load_mat()


def live(**changes: Any) -> Message:
    body = {
        "t": 1.0,
        "phase": "lifting",
        "side": "left",
        "forces_n": [float(place) for place in range(1, len(MAT.names) + 1)],
        "missing": [],
        "weight_n": 640.0,
        "tilt_pct": 1.5,
        "roll_pct": None,
        "frames_per_s": 100.0,
    }
    return Message("live", body | changes)


def chip(**changes: Any) -> dict[str, Any]:
    return {"answering": True, "failed_reads": 0, "late_conversions": 0, "resets": 0} | changes


def status(**chips: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": "demo",
        "simulated": True,
        "calibrated": False,
        "late_frames": 3,
        "failed_reads": 4,
        "chips": {"0x48": chip(), **chips},
    }


def frame(counts: np.ndarray) -> Frame:
    return Frame(0, 0.0, counts, counts)


@pytest.fixture
def picture() -> Picture:
    picture = Picture(MAT)
    picture.ask(status())
    picture.hear(live())
    return picture


def lines(picture: Picture) -> list[str]:
    return draw(picture).plain.split("\n")


def test_every_strip_and_row_of_the_mat_is_there_with_its_newtons(picture) -> None:
    text = draw(picture).plain
    for row in MAT.rows:
        assert f" {row} " in text
    for place in range(1, len(MAT.names) + 1):
        assert f"{place}.0" in text


@pytest.mark.parametrize("unit", Unit)
def test_it_fits_80_by_24_whatever_is_wrong(picture, unit) -> None:
    picture.unit = unit
    picture.hear(Message("event", {"event": {"event": "problems", "problems": ["long " * 40] * 9}}))
    for number in range(9):
        picture.say(f"line {number} " * 20)
    drawn = lines(picture)
    # The keys below take the last line.
    assert len(drawn) == least_lines(MAT) - 1 == 23
    assert max(map(len, drawn)) <= COLUMNS == 80


def test_a_strip_that_is_lost_is_missing_not_as_it_was(picture) -> None:
    forces = [float(place) for place in range(1, len(MAT.names) + 1)]
    forces[MAT.names.index("asis_left")] = math.nan
    picture.hear(live(forces_n=forces, missing=["asis_left"]))
    (row,) = [line for line in lines(picture) if " asis " in line]
    assert "missing" in row
    picture.hear(Message("lost", {"error": "the daemon does not answer; start it."}))
    assert "does not answer" in lines(picture)[0]
    assert draw(picture).plain.count("missing") == len(MAT.names)


def test_it_says_simulated_and_uncalibrated_phase_and_chips(picture) -> None:
    picture.ask(status(**{"0x49": chip(answering=False, failed_reads=7, resets=2)}))
    drawn = lines(picture)
    assert "SIMULATED UNCALIBRATED" in drawn[0]
    assert "lifting left" in drawn[0]
    assert "T +1.5 %   R - %" in drawn[1]
    assert "0x49 SILENT 7 failed 2 resets" in drawn[2]


def test_frozen_it_stays_as_it_is(picture) -> None:
    picture.frozen = True
    before = picture.values()
    picture.hear(live(forces_n=[0.0] * len(MAT.names)))
    assert picture.values() == before
    assert "FROZEN" in lines(picture)[0]


def test_the_same_reading_in_counts_volts_and_conductance(picture) -> None:
    nominal = MAT.reference.nominal_v / MAT.electronics.volts_per_count
    counts = np.full(len(MAT.channels), nominal)
    for _ in range(60):
        picture.take(frame(counts))
    name = MAT.names[0]
    picture.unit = Unit.COUNTS
    assert picture.values()[name] == pytest.approx(nominal)
    picture.unit = Unit.VOLTS
    assert picture.values()[name] == pytest.approx(1.65)
    picture.unit = Unit.CONDUCTANCE
    assert picture.values()[name] == pytest.approx(1000.0)  # half the supply: 1 kOhm
    assert picture.noise_counts()[name] == 0.0


def test_conductance_does_not_follow_a_sagging_supply(picture) -> None:
    nominal = MAT.reference.nominal_v / MAT.electronics.volts_per_count
    picture.unit = Unit.CONDUCTANCE
    picture.take(frame(np.full(len(MAT.channels), 0.8 * nominal)))
    assert picture.values()[MAT.names[0]] == pytest.approx(1000.0)


def test_reps_and_warnings_are_said(picture) -> None:
    rep = {"event": "rep", "side": "left", "verdict": "arch", "faults": ["tilt"]}
    picture.hear(Message("event", {"event": rep}))
    warning = {"event": "warning", "side": "right", "fault": "rotation"}
    picture.hear(Message("event", {"event": warning}))
    text = draw(picture).plain
    assert "rep left: arch (tilt)" in text
    assert "warning right: rotation" in text


def test_bars_share_a_round_scale() -> None:
    assert full_scale(Unit.NEWTONS, {"a": math.nan}) == 20.0
    assert full_scale(Unit.NEWTONS, {"a": 21.0}) == 50.0
    assert full_scale(Unit.NEWTONS, {"a": 199.0}) == 200.0
    assert full_scale(Unit.NEWTONS, {"a": 501.0}) == 1000.0


def test_a_recording_that_runs_is_seen(picture) -> None:
    picture.recording = "12 frames"
    assert "REC 12 frames" in lines(picture)[0]
