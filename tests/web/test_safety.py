"""What a guest sees and touches before the first lift, and that every lift can be stopped."""

from __future__ import annotations

import queue

import pytest
from playwright.sync_api import Page, expect

from tests.web.fake_daemon import FakeDaemon
from tests.web.test_kiosk import SESSION, STARTED, lie_ready


def visit(daemon: FakeDaemon, state: str, by: str = "person") -> None:
    daemon.say({"event": "visit", "state": state, "by": by, "at": 1.0}, visit=state)


def test_the_safety_page_is_answered_by_one_touch(kiosk: Page, daemon: FakeDaemon) -> None:
    visit(daemon, "asked")
    expect(kiosk.get_by_role("heading", name="Before you lift")).to_be_visible()
    expect(kiosk.get_by_role("heading", name="Stop if it hurts")).to_be_visible()
    expect(kiosk.get_by_text("pain in your low back now")).to_be_visible()
    expect(kiosk.locator("#session-button")).to_be_hidden()
    kiosk.get_by_role("button", name="None of these: begin").click()
    assert daemon.told() == "acknowledge"
    visit(daemon, "cleared")
    daemon.say(STARTED, session=SESSION)
    expect(kiosk.get_by_role("heading", name="Lie down, face down")).to_be_visible()


def test_a_condition_ends_kindly(kiosk: Page, daemon: FakeDaemon) -> None:
    visit(daemon, "asked")
    kiosk.get_by_role("button", name="I have such a condition").press("Enter")
    assert daemon.told() == "decline"
    visit(daemon, "declined")
    expect(kiosk.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(kiosk.get_by_text("A doctor or physiotherapist can tell you")).to_be_visible()
    visit(daemon, "new")
    expect(kiosk.get_by_role("heading", name="Lie down and lift")).to_be_visible()


def test_a_page_that_is_loaded_again_still_asks(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.lie()
    daemon.phase("ready")
    visit(daemon, "asked")
    expect(kiosk.get_by_role("heading", name="Before you lift")).to_be_visible()
    kiosk.reload()
    expect(kiosk.get_by_role("heading", name="Before you lift")).to_be_visible()


def test_it_says_when_nobody_real_has_answered(kiosk: Page, daemon: FakeDaemon) -> None:
    visit(daemon, "asked")
    visit(daemon, "cleared", by="simulated")
    said = "The simulated visitor has read the page and agreed."
    expect(kiosk.locator("#cue-log li[data-kind=visit]")).to_have_text(said)
    expect(kiosk.locator("#note")).to_have_text(said)


@pytest.mark.parametrize("phase", ["settling", "ready", "lifting", "holding", "lowering"])
def test_a_touch_anywhere_stops_whoever_lies_in_a_session(
    kiosk: Page, daemon: FakeDaemon, phase: str
) -> None:
    lie_ready(daemon)
    daemon.phase(phase, "left")
    expect(kiosk.locator(f"body[data-phase={phase}]")).to_be_visible()
    kiosk.mouse.click(300, 300)
    assert daemon.told() == "stop"
    kiosk.keyboard.press("Escape")
    assert daemon.told() == "stop"


def test_a_touch_that_closes_the_volume_stops_nothing(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    expect(kiosk.locator("body[data-phase=ready]")).to_be_visible()
    kiosk.locator("#sound").click()
    expect(kiosk.locator("#sound-panel")).to_be_visible()
    kiosk.mouse.click(300, 300)
    expect(kiosk.locator("#sound-panel")).to_be_hidden()
    kiosk.locator("#session-button").click()
    assert daemon.told() == "stop"
    with pytest.raises(queue.Empty):
        daemon.commands.get_nowait()
