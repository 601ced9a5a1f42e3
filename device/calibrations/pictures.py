"""`python -m device.calibrations.pictures FOLDER`: the pictures of hardware/calibration.md.

The views themselves, over a simulated mat in a time of its own; its hand does what they ask for.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from textual.pilot import Pilot

from device.athlete import SimulatedMat, dead_weight_points
from device.calibrations.check_screen import CheckScreen
from device.calibrations.drift import Check
from device.calibrations.history import History
from device.calibrations.merge import record_of_points
from device.calibrations.procedure import Procedure
from device.calibrations.screen import CalibrateScreen
from device.calibrations.visit import Plan, Visit
from device.core.mat import Mat
from device.core.types import Frame
from device.mat_file import load_mat

SEED = 3
FRAME_S, LOOK_S = 0.02, 0.5
"""From one look of a view to the next, half a second of the mat passes."""
SIZE = (80, 24)
PATIENCE = 3000
FOREIGN_FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""The library would fetch a font from elsewhere; the reader's own fixed one does."""
STRIP = "asis_left"


class QuickFeed:
    """What `device.calibrations.feed` offers, as quick as the machine is."""

    simulated = True
    source = "the simulated mat"

    def __init__(
        self, mat: Mat, seed: int, look_s: float = LOOK_S, frame_s: float = FRAME_S
    ) -> None:
        self._simulated = SimulatedMat(mat, seed)
        self._simulated.command("get_up")
        self._looked_frames = round(look_s / frame_s)
        self._frame_s = frame_s
        self._frames = 0

    def poll(self) -> list[Frame]:
        found = []
        for _ in range(self._looked_frames):
            self._frames += 1
            t_s = self._frames * self._frame_s
            counts = self._simulated.counts(t_s)
            found.append(Frame(self._frames, t_s, counts, np.full(len(counts), t_s)))
        return found

    def order(self, what: str) -> None:
        self._simulated.command(what)

    def in_force(self) -> str:
        return "a daemon that is started from now on takes it"


def make_pictures(folder: Path) -> list[Path]:
    """Write every picture as an SVG into `folder`; returns the files."""
    mat = load_mat()
    made = []

    def keep(pilot: Pilot[Any], name: str) -> None:
        file = folder / f"{name}.svg"
        drawn = pilot.app.export_screenshot(title=f"pronemat {name}")
        file.write_text(FOREIGN_FONT.sub("", drawn), encoding="utf-8")
        made.append(file)

    with tempfile.TemporaryDirectory() as data:
        history = History(Path(data), Path(data) / "current.json", mat)
        plan = Plan((STRIP, "asis_right"), "Anna")
        visit = Visit(mat, history, QuickFeed(mat, SEED), plan)
        asyncio.run(_calibrate(visit, keep))
    asyncio.run(_check(mat, keep))
    return made


Keep = Callable[[Pilot[Any], str], None]


async def _calibrate(visit: Visit, keep: Keep) -> None:
    async with CalibrateScreen(visit).run_test(size=SIZE) as pilot:
        procedure = visit.procedure
        await _until(pilot, lambda: bool(procedure.look.readings))
        visit.feed.order("press asis_right 2")
        await _until(pilot, lambda: procedure.look.notice is not None)
        keep(pilot, "wrong-strip")
        visit.feed.order("press asis_right 0")
        while procedure.look.fit is None:
            taken = len(procedure.look.readings)
            await pilot.press("h")
            await _until(pilot, partial(_more_readings, procedure, taken))
            if taken == len(procedure.course.weights_n) - 2:
                keep(pilot, "points")
        await pilot.pause(0.3)
        keep(pilot, "curve")
        await pilot.press("y")
        await _until(pilot, lambda: procedure.look.strip != STRIP)
        await pilot.press("f")
        await pilot.pause(0.3)
        keep(pilot, "replace")


async def _check(mat: Mat, keep: Keep) -> None:
    record = record_of_points(
        mat,
        dead_weight_points(mat, SEED + 1),
        "another mat's",
        new_id="2026-01-05-anna-3fa9",
        made_utc="2026-01-05T10:00:00Z",
        person="Anna",
        conditions={},
    )
    feed = QuickFeed(mat, SEED)
    check = Check(mat, record)
    async with CheckScreen(check, feed, record.id).run_test(size=SIZE) as pilot:
        for count in range(1, 6):
            await _until(pilot, lambda: check.look.step.value == "place")
            await pilot.press("h")
            await _until(pilot, partial(_has_measured, check, count))
            await pilot.press("h")
        await _until(pilot, lambda: check.look.step.value == "place")
        keep(pilot, "check")


def _more_readings(procedure: Procedure, than: int) -> bool:
    return len(procedure.look.readings) != than


def _has_measured(check: Check, count: int) -> bool:
    return len(check.drifts) == count


async def _until(pilot: Pilot[Any], wanted: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if wanted():
            await pilot.pause(0.3)
            return
        await pilot.pause(0.02)
    raise TimeoutError("the view does not come that far")


if __name__ == "__main__":
    for written in make_pictures(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")
