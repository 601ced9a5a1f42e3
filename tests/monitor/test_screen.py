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
from tests.pilot import run_view

MAT = load_mat()
DEADLINE_S = 20.0
LOOK_S = 0.05
Drive = Callable[[Pilot[None]], Awaitable[None]]


def watch(drive: Drive, folder: Path, size: tuple[int, int] = (80, 24)) -> Picture:
    """Run the monitor in a terminal of that size, driven by `drive`."""
    calibration = fit_calibration(MAT, dead_weight_points(MAT, 0), "simulated weights")
    picture = Picture(MAT)

    async def run() -> None:
        with closing(OwnEar(open_demo(MAT), calibration)) as ear:
            marks = Marks(folder / "marks.jsonl")
            screen = MonitorScreen(ear, picture, marks, Recorder(MAT, folder))
            async with screen.run_test(size=size) as pilot:
                await drive(pilot)

    run_view(run())
    return picture


def shown(pilot: Pilot[None]) -> str:
    """What stands on the screen, the keys below too."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


async def until(pilot: Pilot[None], *words: str) -> str:
    """The screen, once all these words stand on it."""
    for _ in range(round(DEADLINE_S / LOOK_S)):
        text = shown(pilot)
        if all(word in text for word in words):
            return text
        await pilot.pause(LOOK_S)
    raise AssertionError(f"{words} do not come: {shown(pilot)}")


def test_every_unit_is_a_key_away_and_freezing_is_seen(tmp_path: Path) -> None:
    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "demo SIMULATED", "0x4b ok", "newtons, tared", "noise", "T ", "R ")
        for key, words in (
            ("c", "counts of the converter"),
            ("v", "volts at the input"),
            ("g", "conductance, supply"),
            ("n", "newtons, tared"),
        ):
            await pilot.press(key)
            await until(pilot, words)
        await pilot.press("f")
        await until(pilot, "FROZEN")
        await pilot.press("f")
        assert "FROZEN" not in shown(pilot)

    watch(drive, tmp_path)


def test_marks_and_recordings_are_kept(tmp_path: Path) -> None:
    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "frames/s", "0x4b ok")
        await pilot.press("m", "r")
        await until(pilot, "mark 1", "REC ", " frames")
        for _ in range(200):
            if "REC " in shown(pilot) and "REC 0 frames" not in shown(pilot):
                break
            await pilot.pause(LOOK_S)
        await pilot.press("r")
        await until(pilot, "recorded ")
        assert "REC" not in shown(pilot)

    watch(drive, tmp_path)
    (mark,) = [json.loads(line) for line in (tmp_path / "marks.jsonl").read_text().splitlines()]
    assert len(mark["forces_n"]) == len(MAT.names)
    (file,) = tmp_path.glob("monitor-*.csv.gz")
    assert len(list(read_recording(file, MAT).frames())) > 0


def test_a_disk_that_refuses_is_said_and_the_view_goes_on(tmp_path: Path) -> None:
    (tmp_path / "marks.jsonl").mkdir()

    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "0x4b ok")
        await pilot.press("m")
        await until(pilot, "cannot be written")
        await pilot.press("c")
        await until(pilot, "counts of the converter")

    watch(drive, tmp_path)


def test_made_too_small_it_says_so_and_comes_back(tmp_path: Path) -> None:
    async def drive(pilot: Pilot[None]) -> None:
        await until(pilot, "0x4b ok")
        await pilot.resize_terminal(60, 20)
        text = await until(pilot, "the terminal is 60 by 20")
        assert "asis" not in text
        await pilot.resize_terminal(80, 24)
        await until(pilot, "asis")
        assert "the terminal is" not in shown(pilot)

    watch(drive, tmp_path)
