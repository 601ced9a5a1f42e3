"""A whole visit in front of a real page: the real daemon on emulated chips, the simulated member
told what to do, and what the page made heard, read back from its log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from web.demo_stage import Stage

SLOW, REAL, FAST = "pace_slow", "pace_real", "pace_fast"
"""Paces of the emulated world. It is slow whenever the page is touched or looked at, however busy
the machine is: its mat forgets a visitor after three seconds. What is heard lasts as long as ever.
"""
WITHIN_MS = 40_000
"""Machines that run tests are busy."""
LIFTED = ("lifting", "holding", "lowering")
WATCH = """() => {
  window.overlaps = [];
  window.verdicts = [];
  if (window.watched) return;
  window.watched = true;
  const word = document.getElementById("now-word");
  new MutationObserver(() => {
    if (word.className) window.verdicts.push(word.textContent);
  }).observe(word, { childList: true });
  const lifted = ["lifting", "holding", "lowering"];
  let since = null;
  const look = () => {
    const { phase, speech } = document.body.dataset;
    const both = lifted.includes(phase) && speech === "on";
    if (both && since === null) since = performance.now();
    if (!both && since !== null) {
      window.overlaps.push(performance.now() - since);
      since = null;
    }
  };
  new MutationObserver(look).observe(document.body, {
    attributeFilter: ["data-phase", "data-speech"],
  });
}"""
"""Notes for how many milliseconds words were heard while a leg was up, each time it happened, and
what was shown of each lift."""
FADED_MS = 500
"""Words that are cut off fade within 80 ms; a busy machine draws the phase late."""


@dataclass(frozen=True)
class Heard:
    """One line of the page's log: what, which words, when by the mat's clock, in which phase."""

    kind: str
    text: str
    at_s: float
    phase: str
    sound: str


def heard(page: Page) -> list[Heard]:
    """Everything that this page has sounded or said, in order."""
    lines: list[dict[str, Any]] = page.locator("#cue-log li").evaluate_all(
        "items => items.map((item) => ({ ...item.dataset, text: item.textContent }))"
    )
    return [
        Heard(line["kind"], line["text"], float(line["t"] or "nan"), line["phase"], line["sound"])
        for line in lines
    ]


def kinds(page: Page) -> list[str]:
    """What was heard, without the words."""
    return [one.kind for one in heard(page)]


def await_cue(page: Page, kind: str) -> None:
    """Wait until it is heard."""
    heard_now = page.locator(f"#cue-log li[data-kind={kind}]").first
    heard_now.wait_for(state="attached", timeout=WITHIN_MS)


def await_view(page: Page, view: str) -> None:
    """Wait until the page shows this view."""
    page.locator(f"body[data-view={view}]").wait_for(timeout=WITHIN_MS)


def begin_visit(page: Page, stage: Stage) -> None:
    """From an empty mat over the safety page, by touch, to today's set."""
    stage.order(FAST)
    stage.clear()
    stage.order(SLOW, "lie_straight")
    start = page.get_by_role("button", name="Start")
    start.wait_for(timeout=WITHIN_MS)
    page.evaluate("document.getElementById('cue-log').replaceChildren()")
    page.evaluate(WATCH)
    start.click()
    page.get_by_role("button", name="None of these: begin").click()
    await_view(page, "choose")


def lie_down(page: Page, stage: Stage, *first: str) -> None:
    """After these moves lie down, until it says "ready"."""
    stage.order(*first, "lie_down", "brace", FAST)
    await_cue(page, "cue-ready")


def train(stage: Stage, *lifts: str) -> None:
    """Make these lifts one after the other, and get up."""
    for lift in lifts:
        stage.order(lift, "brace")
    stage.order("relax", "get_up")


def check_ear(page: Page) -> None:
    """What holds for every visit: no words over a lift, and everything could be heard."""
    log = heard(page)
    words = [one for one in log if one.kind == "count" or one.kind.startswith("cue-")]
    assert [one for one in words if one.phase in LIFTED] == []
    assert {one.sound for one in log} == {"on"}
    assert [ms for ms in page.evaluate("overlaps") if ms > FADED_MS] == []
    at_s = [one.at_s for one in log]
    assert at_s == sorted(at_s)
