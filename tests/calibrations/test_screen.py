"""The guided visit and the check, driven by the library's own pilot over a simulated mat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from device.calibrations.check_screen import CheckScreen
from device.calibrations.drift import Check, Grade
from device.calibrations.history import History
from device.calibrations.pictures import QuickFeed
from device.calibrations.record import Record
from device.calibrations.screen import CalibrateScreen
from device.calibrations.unfinished import load_unfinished
from device.calibrations.visit import Plan, Visit
from device.core.mat import Mat
from device.errors import PronematError
from device.fullscreen import FullScreen
from tests.calibrations.hands import FRAME_S
from tests.pilot import press, run_view, until, until_ended

PLAN = Plan(("asis_left",), "anna", (5.0, 20.0), 1.0, 0.5)
Drive = Callable[[Pilot[object]], Awaitable[None]]


def feed(mat: Mat) -> QuickFeed:
    """From one look of the view to the next, two seconds of the mat pass."""
    return QuickFeed(mat, 1, look_s=2.0, frame_s=FRAME_S)


async def points(pilot: Pilot[object]) -> None:
    """Let the simulated hand lay everything, until the curve is there."""
    for words in ("let 5 N", "let 20 N", "until 5 N", "take everything off.", "Is the curve"):
        await until(pilot, words)
        press(pilot, "h")


def run(screen: FullScreen[str | PronematError], drive: Drive) -> object:
    """What it returns, once it was driven to its end."""

    async def inside() -> object:
        async with screen.run_test(size=(80, 24)) as pilot:
            await drive(pilot)
            await until_ended(pilot)
        return screen.return_value

    return run_view(inside())


@pytest.fixture
def visit(mat: Mat, history: History) -> Visit:
    return Visit(mat, history, feed(mat), PLAN)


def test_a_strip_is_calibrated_and_replaced_once_it_is_agreed(
    visit: Visit, history: History, tmp_path: Path
) -> None:
    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "SIMULATED", "strip 1 of 1", "anna")
        await points(pilot)
        await until(pilot, "curve less weight (N)", "residuals N", "curve is right")
        assert history.in_force() is None
        press(pilot, "y")
        await until(pilot, "Replace factory by these curves?", "asis_left", "UNCALIBRATED")
        press(pilot, "y")

    said = run(CalibrateScreen(visit), drive)
    in_force = history.in_force()
    assert in_force is not None
    assert said == f"{in_force.id} is in force; a daemon that is started from now on takes it"
    assert in_force.taken["asis_left"].person == "anna"
    assert len(in_force.readings["asis_left"]) == 5
    assert load_unfinished(history.folder, visit.mat) is None


def test_left_halfway_its_points_are_there_and_it_goes_on(
    visit: Visit, mat: Mat, history: History
) -> None:
    async def leave(pilot: Pilot[object]) -> None:
        await until(pilot, "let 5 N")
        press(pilot, "h")
        await until(pilot, "let 20 N")
        press(pilot, "q")

    assert run(CalibrateScreen(visit), leave) is None
    left = load_unfinished(history.folder, mat)
    assert left is not None
    assert [r.force_n for r in left.readings["asis_left"]] == [0.0, 5.0]
    assert history.in_force() is None

    async def go_on(pilot: Pilot[object]) -> None:
        await until(pilot, "A calibration was not finished", "2 points")
        press(pilot, "g")
        await until(pilot, "let 20 N")
        press(pilot, "q")

    run(CalibrateScreen(Visit(mat, history, feed(mat), PLAN), left), go_on)

    async def anew(pilot: Pilot[object]) -> None:
        await until(pilot, "A calibration was not finished")
        press(pilot, "n")
        await until(pilot, "let 5 N")
        press(pilot, "q")

    run(CalibrateScreen(Visit(mat, history, feed(mat), PLAN), left), anew)
    assert list(history.folder.glob("unfinished-*.discarded")), "set aside, not thrown away"


def test_not_agreed_nothing_is_replaced_and_the_points_are_kept(
    visit: Visit, mat: Mat, history: History
) -> None:
    async def drive(pilot: Pilot[object]) -> None:
        await points(pilot)
        press(pilot, "y")
        await until(pilot, "Replace factory")
        press(pilot, "escape")

    assert run(CalibrateScreen(visit), drive) is None
    assert history.in_force() is None
    left = load_unfinished(history.folder, mat)
    assert left is not None
    assert left.accepted == ("asis_left",)


def test_a_wrong_strip_and_a_skipped_one_are_said(visit: Visit, history: History) -> None:
    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "let 5 N")
        visit.feed.order("press asis_right 5")
        await until(pilot, "the weight lies on asis_right")
        press(pilot, "s")

    said = run(CalibrateScreen(visit), drive)
    assert said == "no strip was calibrated; the calibration in force is as it was."
    assert history.in_force() is None


def test_a_disk_that_refuses_ends_it_with_one_sentence(visit: Visit, history: History) -> None:
    history.folder.mkdir(parents=True)
    (history.folder / "unfinished.json.new").mkdir()

    said = run(CalibrateScreen(visit), until_ended)
    assert isinstance(said, PronematError)
    assert "cannot be written" in str(said)


def test_the_check_names_what_it_measured(mat: Mat, records: tuple[Record, ...]) -> None:
    check = Check(mat, records[0], strips=("asis_left", "pubis"), settle_s=2.0, read_s=0.5)

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "against 2026-01-05", "Next: asis_left")
        press(pilot, "h")
        await until(pilot, "asis_left makes")
        press(pilot, "h")
        await until(pilot, "Next: pubis")
        press(pilot, "h")
        await until(pilot, "the verdicts hold")
        press(pilot, "q")

    assert run(CheckScreen(check, feed(mat), records[0].id), drive) is None
    assert {drift.grade for drift in check.drifts.values()} == {Grade.SOUND}
