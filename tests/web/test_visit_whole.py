"""Whole visits in real Chromium with the real daemon: what is seen, and what is heard when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Watched
from tests.web.visitor_stage import (
    LIFTED,
    SPEED,
    WITHIN_MS,
    await_cue,
    await_view,
    begin_visit,
    check_ear,
    heard,
    kinds,
    train,
)
from web.demo_stage import Stage, open_stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One demonstration for all visits of this file; they follow one another."""
    with open_stage(seed=3, speed=SPEED) as running:
        running.clear()
        yield running


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


def test_a_first_timer_is_led_by_ear_through_a_clean_set(screen: Page, stage: Stage) -> None:
    begin_visit(screen, stage)
    expect(screen.get_by_role("button", name="One leg")).to_have_attribute("aria-pressed", "true")
    train(screen, stage, "lift_left", "lift_right", "lift_left")
    expect(screen.locator("#count")).to_have_text("1", timeout=WITHIN_MS)
    expect(screen.locator("#now-word")).to_have_text("Hip")
    await_view(screen, "summary")
    expect(screen.locator("#summary-score")).to_have_text("3 of 3")
    log = heard(screen)
    said = [one.kind for one in log]
    # Safety before anything else, the way to begin before the first lift, then every lift counted.
    assert said.index("cue-hurts") < said.index("cue-ready") < said.index("tone-good")
    counts = [one for one in log if one.kind == "count"]
    assert [one.text for one in counts] == ["one", "two", "three"]
    assert said.count("tone-good") == 3
    assert "tone-warn" not in said
    check_ear(screen)


def test_who_arches_hears_it_in_the_lift_and_is_told_between_two(
    screen: Page, stage: Stage
) -> None:
    begin_visit(screen, stage)
    train(screen, stage, "arch_left", "lift_right")
    await_cue(screen, "tone-warn")
    expect(screen.locator("#count")).to_have_text("1", timeout=WITHIN_MS)
    expect(screen.locator("#now-word")).to_have_text("Back arched")
    await_view(screen, "summary")
    expect(screen.locator("#summary-score")).to_have_text("1 of 2")
    expect(screen.locator("#summary-facts")).to_contain_text("Left leg0 of 1")
    log = heard(screen)
    warned = next(one for one in log if one.kind == "tone-warn")
    assert (warned.phase in LIFTED, warned.text) == (True, "left")
    first = next(one for one in log if one.kind == "count")
    assert warned.at_s < first.at_s
    phrases = [one for one in log if one.kind in ("cue-tilt", "cue-too_high", "cue-rotation")]
    assert len(phrases) == 1
    assert phrases[0].at_s >= first.at_s
    check_ear(screen)


def test_who_lies_askew_is_told_how_to_move_and_goes_on(screen: Page, stage: Stage) -> None:
    begin_visit(screen, stage)
    stage.order("lie_askew", "lie_down")
    await_cue(screen, "cue-pose_askew_more")
    expect(screen.get_by_role("heading", name="Feet a little to the left")).to_be_visible()
    stage.order("lie_straight")
    train(screen, stage, "lift_left")
    expect(screen.locator("#count")).to_have_text("1", timeout=WITHIN_MS)
    await_view(screen, "summary")
    said = kinds(screen)
    assert said.index("cue-pose_askew_more") < said.index("count")
    check_ear(screen)


def test_who_leaves_midway_is_summed_up_then_forgotten(screen: Page, stage: Stage) -> None:
    begin_visit(screen, stage)
    train(screen, stage, "lift_left")
    await_view(screen, "summary")
    expect(screen.locator("#summary-score")).to_have_text("1 of 1")
    # Nobody is called to the next lift, and whoever comes next begins anew.
    screen.get_by_role("button", name="Start").wait_for(timeout=WITHIN_MS)
    assert [one.kind for one in heard(screen) if one.phase == "empty"][-1:] == ["cue-goodbye"]
    check_ear(screen)
    screen.get_by_role("button", name="Start").click()
    expect(screen.get_by_role("heading", name="Before you lift")).to_be_visible()
    screen.get_by_role("button", name="I have such a condition").click()
    expect(screen.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
