"""Whole visits in real Chromium with the real daemon: what is seen, and what is heard when."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen

import pytest
from playwright.sync_api import Browser, Page, expect

from device.stream.client import StreamClient
from tests.web.conftest import Watched
from tests.web.processes import WebProcess, real_daemon
from tests.web.visitor_stage import (
    FAST,
    LIFTED,
    REAL,
    SLOW,
    WITHIN_MS,
    await_cue,
    await_view,
    begin_visit,
    check_ear,
    heard,
    kinds,
    lie_down,
    train,
)
from web.demo_stage import Stage

SEED = 3
QUICK = ("cue-slower", "cue-fast_lift", "cue-fast_lower")
FIRST_COUNTED = "#count:text-is('1')"
SECOND_LIFT = "body:is([data-phase=lifting], [data-phase=holding]):has(#count:text-is('1'))"


class Mat:
    """The mat's own computer: its daemon can lose its power, and get it back."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._running: AbstractContextManager[Popen[bytes]] | None = None
        self.switch_on()

    def switch_on(self) -> None:
        self._running = real_daemon(self._run, SEED)
        self._process = self._running.__enter__()

    def cut_power(self) -> None:
        self._process.kill()
        self.switch_off()

    def switch_off(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    """A short path: a socket's name has at most 107 characters."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def mat(run: Path) -> Iterator[Mat]:
    """One mat for all visits of this file; they follow one another."""
    running = Mat(run)
    yield running
    running.switch_off()


@pytest.fixture(scope="module")
def stage(run: Path, mat: Mat) -> Iterator[Stage]:
    web = WebProcess(run)
    yield Stage(web.url, StreamClient(f"ipc://{run}/stream"), {})
    web.end()


@pytest.fixture(scope="module")
def wall(browser: Browser, stage: Stage) -> Iterator[Watched]:
    """The one page in front of that mat."""
    watched = Watched(browser)
    watched.page.goto(stage.address)
    yield watched
    watched.context.close()


@pytest.fixture
def screen(wall: Watched) -> Iterator[Page]:
    yield wall.page
    wall.check()


def test_a_first_timer_who_lies_askew_is_led_by_ear_through_a_clean_set(
    screen: Page, stage: Stage
) -> None:
    begin_visit(screen, stage)
    expect(screen.get_by_role("button", name="One leg")).to_have_attribute("aria-pressed", "true")
    stage.order("lie_askew", "lie_down", FAST)
    await_cue(screen, "cue-pose_askew_more")
    stage.order(SLOW)
    expect(screen.get_by_role("heading", name="Feet a little to the left")).to_be_visible()
    lie_down(screen, stage, "lie_straight")
    train(stage, "lift_left", "lift_right")
    await_view(screen, "summary")
    expect(screen.locator("#summary-score")).to_have_text("2 of 2")
    assert screen.evaluate("verdicts") == ["Hip", "Hip"]
    log = heard(screen)
    said = [one.kind for one in log]
    # Safety before anything else, the way to begin before the first lift, then every lift counted.
    steps = ["cue-hurts", "cue-pose_askew_more", "cue-ready", "tone-good"]
    assert [said.index(step) for step in steps] == sorted(said.index(step) for step in steps)
    assert [one.text for one in log if one.kind == "count"] == ["one", "two"]
    # Each lift has its own sound: that of a good one or, where it was too quick, that of a count
    # and the word on its tempo.
    assert said.count("tone-good") + said.count("tone-count") == 2
    assert said.count("tone-count") == len([kind for kind in said if kind in QUICK])
    assert "tone-warn" not in said
    check_ear(screen)


def test_who_arches_hears_it_in_the_lift_is_told_between_two_and_leaves_midway(
    screen: Page, stage: Stage
) -> None:
    begin_visit(screen, stage)
    lie_down(screen, stage)
    train(stage, "arch_left", "lift_right")
    await_view(screen, "summary")
    expect(screen.locator("#summary-score")).to_have_text("1 of 2")
    expect(screen.locator("#summary-facts")).to_contain_text("Left leg0 of 1")
    assert screen.evaluate("verdicts") == ["Back arched", "Hip"]
    log = heard(screen)
    warned = next(one for one in log if one.kind == "tone-warn")
    assert (warned.phase in LIFTED, warned.text) == (True, "left")
    first = next(one for one in log if one.kind == "count")
    assert warned.at_s < first.at_s
    phrases = [one for one in log if one.kind in ("cue-tilt", "cue-too_high", "cue-rotation")]
    assert len(phrases) == 1
    assert phrases[0].at_s >= first.at_s
    # Two of eight: nobody is called to the next lift, and whoever comes next begins anew.
    start = screen.get_by_role("button", name="Start")
    start.wait_for(timeout=WITHIN_MS)
    assert [one.kind for one in heard(screen) if one.phase == "empty"][-1:] == ["cue-goodbye"]
    check_ear(screen)
    stage.clear()
    stage.order(SLOW)
    start.click()
    expect(screen.get_by_role("heading", name="Before you lift")).to_be_visible()
    screen.get_by_role("button", name="I have such a condition").click()
    expect(screen.get_by_role("heading", name="Thank you for telling us")).to_be_visible()


def test_a_set_goes_on_after_the_daemon_lost_its_power(
    screen: Page, stage: Stage, mat: Mat
) -> None:
    begin_visit(screen, stage)
    lie_down(screen, stage)
    stage.order("lift_left", "brace")
    screen.locator(FIRST_COUNTED).wait_for(timeout=WITHIN_MS)
    stage.order(REAL, "lift_right")
    screen.locator(SECOND_LIFT).wait_for(timeout=WITHIN_MS)
    stage.order(SLOW)
    session = stage.ask({"command": "status"})["session"]["id"]
    screen.evaluate("window.notReloaded = true")
    mat.cut_power()
    lost = screen.get_by_role("heading", name="The mat is not answering")
    expect(lost).to_be_visible()
    # No old value is shown as live, and the tone over the lift has ended.
    expect(screen.locator("#count")).to_be_hidden()
    expect(screen.locator("#mat")).to_be_hidden()
    expect(screen.locator("body")).to_have_attribute("data-hum", "off")
    mat.switch_on()
    lost.wait_for(state="hidden")
    assert screen.evaluate("window.notReloaded") is True
    # The same session, with the lift from before: the mat is empty, so it is summed up.
    assert stage.ask({"command": "status"})["session"]["id"] == session
    stage.order("lie_down", "brace", "rest", "lift_right", "relax", "get_up", FAST)
    screen.locator("#summary-reps li:nth-child(2)").wait_for(timeout=WITHIN_MS)
    expect(screen.locator("#summary-reps li")).to_have_count(2)
    assert kinds(screen).count("count") == 2
