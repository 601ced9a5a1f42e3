"""Every state fits every screen, is accessible by axe-core's rules, and works by touch and keys."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from device.coach.welcome import offer_json, offered
from tests.web.fake_daemon import FakeDaemon, rep
from tests.web.test_kiosk import lie_ready
from tests.web.test_visitors import GOOD, begin

SCREENS = {
    "pi touch display": (800, 480),
    "laptop": (1280, 800),
    "television": (1920, 1080),
    "portrait": (1080, 1920),
}
TOUCH_PX = 48

OVERFLOWING = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const out = [];
  for (const element of document.querySelectorAll("h1, p, li, dt, dd, button, svg, figure")) {
    if (!shown(element) || element.closest(".unseen, [hidden], .symbols")) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      out.push(`${element.tagName}.${element.id || element.className} leaves the screen`);
    if (element.matches("h1, p, li, button") && element.scrollWidth > element.clientWidth + 1)
      out.push(`${element.tagName}.${element.id || element.className} is too wide`);
  }
  for (const section of document.querySelectorAll("main > section:not([hidden])"))
    if (section.scrollHeight > section.clientHeight + 1) out.push(`${section.id} is too high`);
  return out;
}"""

HARD_TO_TOUCH = """(least) => {
  const shown = (button) => button.checkVisibility({ visibilityProperty: true });
  const size = ({ width, height }) => Math.min(width, height);
  return [...document.querySelectorAll("button, [role=button]")]
    .filter((button) => shown(button) && size(button.getBoundingClientRect()) < least)
    .map((button) => button.outerHTML);
}"""

OVERLAPPING = """() => {
  const parts = ["#headline", "#hint", "#count", "#count-label", "#legs", "#verdict-mark",
    "#now-word", "#now-side", ".level", "#reason", "#reps", ".mat", "#problem"];
  const boxes = parts.map((name) => [name, document.querySelector(name).getBoundingClientRect()]);
  const out = [];
  for (const [a, one] of boxes) for (const [b, two] of boxes) {
    if (a >= b) continue;
    const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const tall = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (wide > 2 && tall > 2) out.push(`${a} and ${b}`);
  }
  return out;
}"""


def idle(daemon: FakeDaemon) -> str:
    daemon.phase("empty")
    return "Lie down and lift"


def keypad(daemon: FakeDaemon) -> str:
    return "Your four-digit code"


def sound_panel(daemon: FakeDaemon) -> str:
    daemon.phase("empty")
    return "Lie down and lift"


def maintainer(daemon: FakeDaemon) -> str:
    """Every badge, and what only the maintainer can mend."""
    sentence = "The strip 'pubis' reads nothing although its chip answers: press its plug home."
    daemon.snapshot["source"] = "replay"
    daemon.say({"event": "maintainer", "maintainer": [sentence]}, maintainer=[sentence])
    return "Lie down and lift"


def choose(daemon: FakeDaemon) -> str:
    """The longest name, and a step of each kind."""
    offer = offer_json(offered((GOOD, GOOD), None))
    name = "Maximiliane-Anastasia von Hohenstein-Wiesenthal"
    begin(daemon, plan=offer["today"], member={"id": "x", "name": name}, offer=offer)
    return f"Hello {name}, today's set"


def rest(daemon: FakeDaemon) -> str:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    ended = {"event": "set", "state": "ended", "set": 1, "count": 8, "clean": 7, "at": 1.0}
    daemon.say(ended | {"rest": 599.0, "left": 1})
    return "Rest"


def safety(daemon: FakeDaemon) -> str:
    daemon.say({"event": "visit", "state": "asked", "by": "person", "at": 1.0}, visit="asked")
    return "Before you lift"


def declined(daemon: FakeDaemon) -> str:
    daemon.say({"event": "visit", "state": "declined", "by": "person", "at": 1.0})
    return "Thank you for telling us"


def warning(daemon: FakeDaemon) -> str:
    lie_ready(daemon)
    daemon.phase("lifting", "right")
    daemon.say({"event": "warning", "side": "right", "fault": "rotation", "at": 1.0})
    return "Hip is rolling up"


def long_set(daemon: FakeDaemon) -> str:
    """The widest of everything, and a strip that needs the maintainer."""
    lie_ready(daemon)
    for number in range(1, 24):
        one = rep(number, "both" if number % 5 == 0 else "right", "arch", ("tilt",))
        one["reason"] = (
            "The pelvis tipped forward about 17 degrees, 0.8 s into the lift: the lower ribs and "
            "belly took 21 % of body weight more and the pubis gave up 13 %."
        )
        daemon.count(one, number, 0)
    daemon.say({"event": "strip", "sensor": "abdomen_right", "problem": "stuck", "at": 1.0})
    return "Rest, then lift"


def summary(daemon: FakeDaemon) -> str:
    long_set(daemon)
    one = rep(24, "left")
    advice = {"reason": "practise", "variation": "single", "leads_to": "long_hold"}
    counted = {"event": "count", "set": 1, "count": 24, "clean": 1, "side": "left"}
    daemon.say(one)
    daemon.say(counted | {"verdict": "glute", "advice": advice})
    daemon.phase("empty")
    return "Done"


STATES: tuple[Callable[[FakeDaemon], str], ...] = (
    idle,
    keypad,
    sound_panel,
    maintainer,
    choose,
    rest,
    safety,
    declined,
    warning,
    long_set,
    summary,
)


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes']]}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_fits_every_screen_and_breaks_no_rule(
    kiosk: Page, daemon: FakeDaemon, axe: str, state: Callable[[FakeDaemon], str]
) -> None:
    kiosk.emulate_media(reduced_motion="reduce")
    heading = kiosk.get_by_role("heading", name=state(daemon), exact=state is not rest)
    opened = {keypad: "#code", sound_panel: "#sound"}.get(state)
    if opened:
        kiosk.locator(opened).click()
    for name, (width, height) in SCREENS.items():
        kiosk.set_viewport_size({"width": width, "height": height})
        expect(heading).to_be_visible()
        assert (name, kiosk.evaluate(OVERFLOWING)) == (name, [])
        if state in (warning, long_set):
            assert (name, kiosk.evaluate(OVERLAPPING)) == (name, [])
        assert (name, kiosk.evaluate(HARD_TO_TOUCH, TOUCH_PX)) == (name, [])
    assert violations(kiosk, axe) == []
    kiosk.keyboard.press("Escape")


def test_lost_breaks_no_rule(kiosk: Page, daemon: FakeDaemon, axe: str) -> None:
    daemon.close()
    expect(kiosk.get_by_role("heading", name="The mat is not answering.")).to_be_visible()
    assert violations(kiosk, axe) == []


def test_every_control_is_reached_and_seen_by_keyboard(kiosk: Page) -> None:
    kiosk.reload()
    expect(kiosk.locator("#session-button")).to_be_visible()
    reached = []
    for _ in range(3):
        kiosk.keyboard.press("Tab")
        reached.append(kiosk.evaluate("document.activeElement.id"))
        outline = kiosk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    assert reached == ["sound", "session-button", "code"]


def test_nothing_moves_for_those_who_asked_for_less_motion(kiosk: Page) -> None:
    kiosk.emulate_media(reduced_motion="reduce")
    # What had begun to move before goes on to its end; nothing goes on for ever.
    kiosk.wait_for_function("document.getAnimations().length === 0")
