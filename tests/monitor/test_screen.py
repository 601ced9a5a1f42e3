"""The monitor driven by the library's own pilot, over a simulated mat's emulated chips."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from textual.pilot import Pilot

from device.athlete import dead_weight_points
from device.core.calibration import fit_calibration
from device.mat_file import load_mat
from device.monitor.ear import OwnEar
from device.monitor.marks import Marks, Recorder
from device.monitor.picture import Picture
from device.monitor.screen import MonitorScreen
from device.recording import read_recording
from device.sources.demo import open_demo
from tests.pilot import press, run_view, shown, until

MAT = load_mat()
CALIBRATION = fit_calibration(MAT, dead_weight_points(MAT, 0), "simulated weights")
Drive = Callable[[Pilot[None]], Awaitable[None]]


def watch(drive: Drive, folder: Path) -> None:
    """Run the monitor in a terminal of 80x24, driven by `drive`."""

    async def run() -> None:
        with closing(OwnEar(open_demo(MAT), CALIBRATION)) as ear:
            marks = Marks(folder / "marks.jsonl")
            screen = MonitorScreen(ear, Picture(MAT), marks, Recorder(MAT, folder))
            async with screen.run_test(size=(80, 24)) as pilot:
                await drive(pilot)

    run_view(run())


def test_every_unit_is_a_key_away_freezing_is_seen_and_so_is_too_little_room(
    tmp_path: Path,
) -> None:
    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "demo SIMULATED", "0x4b ok", "newtons, tared", "noise", "T ", "R ")
        for key, words in (
            ("c", "counts of the converter"),
            ("v", "volts at the input"),
            ("g", "conductance, supply"),
            ("n", "newtons, tared"),
        ):
            press(pilot, key)
            await until(pilot, words)
        press(pilot, "f")
        await until(pilot, "FROZEN")
        press(pilot, "f")
        await until(pilot, "asis", gone="FROZEN")
        await pilot.resize_terminal(60, 20)
        await until(pilot, "the terminal is 60 by 20", gone="asis")
        await pilot.resize_terminal(80, 24)
        await until(pilot, "asis", gone="the terminal is")

    watch(drive, tmp_path)


def test_marks_and_recordings_are_kept(tmp_path: Path) -> None:
    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "frames/s", "0x4b ok")
        press(pilot, "m", "r")
        await until(pilot, "mark 1", "REC ", " frames", gone="REC 0 frames")
        press(pilot, "r")
        await until(pilot, "recorded ", gone="REC")

    watch(drive, tmp_path)
    (mark,) = [json.loads(line) for line in (tmp_path / "marks.jsonl").read_text().splitlines()]
    assert len(mark["forces_n"]) == len(MAT.names)
    (file,) = tmp_path.glob("monitor-*.csv.gz")
    assert len(list(read_recording(file, MAT).frames())) > 0


def test_a_disk_that_refuses_is_said_and_the_view_goes_on(tmp_path: Path) -> None:
    (tmp_path / "marks.jsonl").mkdir()

    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "0x4b ok")
        press(pilot, "m")
        await until(pilot, "cannot be written")
        press(pilot, "c")
        await until(pilot, "counts of the converter")
        assert "cannot be written" in shown(pilot)

    watch(drive, tmp_path)
