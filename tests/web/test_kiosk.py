"""What a member sees on the kiosk page, state by state, in real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.fake_daemon import FakeDaemon, rep

STARTED = {"event": "session", "state": "started"}
ENDED = {"event": "session", "state": "ended", "reason": "asked"}
SESSION = {"id": 1, "count": 0, "clean": 0, "reps": []}


def lie_ready(daemon: FakeDaemon) -> None:
    daemon.lie()
    daemon.phase("settling")
    daemon.say(STARTED, session=SESSION)
    daemon.phase("ready")


def test_an_empty_mat_invites_and_says_how_to_begin(kiosk: Page) -> None:
    expect(kiosk.get_by_role("heading", name="Lie down and lift")).to_be_visible()
    expect(kiosk.get_by_text("Lie face down, both hip bones on the line")).to_be_visible()
    expect(kiosk.get_by_role("img", name="lifts one straight leg")).to_be_visible()


def test_it_says_simulated_and_uncalibrated(kiosk: Page) -> None:
    expect(kiosk.get_by_text("Simulated", exact=True)).to_be_visible()
    expect(kiosk.get_by_text("Uncalibrated", exact=True)).to_be_visible()


def test_each_phase_says_what_to_do_now(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.lie()
    for phase, words in (
        ("getting_on", "Hip bones on the line"),
        ("settling", "Lie still"),
        ("ready", "Belly in, then lift"),
        ("leaving", "Well done"),
    ):
        daemon.phase(phase)
        expect(kiosk.get_by_role("heading", name=words)).to_be_visible()


def test_the_lifting_leg_is_drawn_and_named(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    for side in ("left", "right", "both"):
        daemon.phase("ready")
        daemon.phase("lifting", side)
        expect(kiosk.get_by_role("heading", name="Lift slowly")).to_be_visible()
        expect(kiosk.locator("#now-word")).to_have_text(side.capitalize())
        for leg in ("left", "right"):
            up = side in (leg, "both")
            expect(kiosk.locator(f"#legs .{leg}.up")).to_have_count(1 if up else 0)


@pytest.mark.parametrize(
    ("verdict", "words", "shape", "reason"),
    [
        ("glute", "Hip", "#mark-glute", "The pelvis stayed still"),
        ("arch", "Back arched", "#mark-arch", "the low back made the height"),
        ("unsure", "Not sure", "#mark-unsure", "between still and arched"),
    ],
)
def test_a_rep_shows_count_verdict_shape_side_and_reason(
    kiosk: Page, daemon: FakeDaemon, verdict: str, words: str, shape: str, reason: str
) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "right", verdict), 1, 1 if verdict == "glute" else 0)
    expect(kiosk.locator("#count")).to_have_text("1")
    expect(kiosk.locator("#now-word")).to_have_text(words)
    expect(kiosk.locator("#verdict-mark use")).to_have_attribute("href", shape)
    expect(kiosk.locator("#now-side")).to_contain_text("Right")
    expect(kiosk.locator("#reason")).to_contain_text(reason)
    expect(kiosk.locator(f"#reps li[data-verdict={verdict}]")).to_have_count(1)
    expect(kiosk.locator("#announce")).to_contain_text(f"1 lift. Right, {words}")


def test_the_next_lift_clears_the_last_verdict(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.count(rep(1), 1, 1)
    expect(kiosk.locator("#reason")).not_to_be_empty()
    daemon.phase("lifting", "right")
    expect(kiosk.locator("#reason")).to_be_empty()
    expect(kiosk.locator("#verdict-mark")).to_be_hidden()
    expect(kiosk.locator("#count")).to_have_text("1")


def test_a_warning_says_what_and_on_which_side(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.phase("lifting", "left")
    daemon.say({"event": "warning", "side": "left", "fault": "tilt", "at": 1.0})
    expect(kiosk.get_by_role("heading", name="Back is arching")).to_be_visible()
    expect(kiosk.locator("#view-set")).to_have_attribute("data-warning", "left")
    expect(kiosk.locator("#alarm")).to_contain_text("Back is arching")
    daemon.count(rep(1, "left", "arch"), 1, 0)
    expect(kiosk.locator("#view-set[data-warning]")).to_have_count(0)


def test_the_load_is_drawn_strip_by_strip(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.lie(asis_left=4.0, foot_right=0.0)
    daemon.phase("ready")

    def height(strip: str) -> float:
        bar = kiosk.locator(f"#mat [data-strip={strip}] .mat-load").first
        return float(bar.get_attribute("height") or "0")

    expect(kiosk.locator("#mat [data-strip=foot_right] .mat-load").first).to_have_attribute(
        "opacity", "0"
    )
    expect(kiosk.locator("#mat [data-strip=asis_left] .mat-load").first).not_to_have_attribute(
        "opacity", "0"
    )
    assert height("asis_left") > height("asis_right") > height("foot_right")
    expect(kiosk.locator("#mat .mat-centre")).to_have_attribute("visibility", "visible")
    expect(kiosk.get_by_role("img", name="newtons in all")).to_be_visible()


def test_a_missing_strip_is_crossed_out_and_needs_the_maintainer(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    lie_ready(daemon)
    daemon.live = daemon.live | {"missing": ["pubis"]}
    daemon.say({"event": "strip", "sensor": "pubis", "problem": "no answer", "at": 1.0})
    expect(kiosk.get_by_text("The pubic bone strip does not answer")).to_be_visible()
    expect(kiosk.locator("#mat .missing[data-strip=pubis]")).to_have_count(1)
    daemon.say({"event": "strip", "sensor": "pubis", "problem": None, "at": 2.0})
    expect(kiosk.get_by_text("The pubic bone strip does not answer")).to_be_hidden()


def test_problems_the_daemon_knows_are_shown(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.snapshot["problems"] = ["The mat was pressed while it started; leave it once."]
    kiosk.reload()
    expect(kiosk.get_by_text("leave it once")).to_be_visible()


def test_the_summary_says_how_many_were_clean_and_the_one_thing(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    daemon.count(rep(2, "right", "arch", ("too_high",)), 2, 1)
    daemon.count(rep(3, "left"), 3, 2)
    daemon.phase("leaving")
    daemon.phase("empty")
    expect(kiosk.get_by_role("heading", name="Done")).to_be_visible()
    expect(kiosk.locator("#summary-score")).to_have_text("2 of 3")
    expect(kiosk.locator("#summary-facts")).to_contain_text("Left leg2 of 2Right leg0 of 1")
    expect(kiosk.locator("#one-thing")).to_have_text("Stop a little lower.")
    daemon.say(ENDED | {"reason": "left"}, session=None)
    daemon.phase("getting_on")
    expect(kiosk.get_by_role("heading", name="Hip bones on the line")).to_be_visible()
    expect(kiosk.locator("#count")).to_have_text("0")


def test_the_summary_names_the_best_and_the_weakest_lift(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    moved = (("glute", 2.0), ("arch", 9.0), ("glute", 1.0), ("arch", 12.0), ("unsure", 30.0))
    for number, (verdict, tilt_deg) in enumerate(moved, 1):
        numbers = {"tilt_deg": tilt_deg, "rotation_deg": 0.5}
        side = "left" if number % 2 else "right"
        daemon.count(rep(number, side, verdict) | {"numbers": numbers}, number, 1)
    daemon.phase("empty")
    expect(kiosk.locator("#summary-facts")).to_contain_text("Best lift3 · LeftWeakest4 · Right")
    ranks = kiosk.locator("#summary-reps li").evaluate_all("all => all.map(i => i.dataset.rank)")
    assert ranks == [None, None, "best", "weakest", None]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("nearly", "Once more like this, then a longer hold."),
        ("uneven", "Same again, until both legs do it equally well."),
        ("fell", "One step back, to do it well: one leg after the other."),
    ],
)
def test_the_summary_says_what_comes_next(
    kiosk: Page, daemon: FakeDaemon, reason: str, said: str
) -> None:
    lie_ready(daemon)
    daemon.say(rep(1, "left"))
    advice = {"reason": reason, "variation": "single", "leads_to": "long_hold"}
    counted = {"event": "count", "set": 1, "count": 1, "clean": 1, "side": "left"}
    daemon.say(counted | {"verdict": "glute", "advice": advice})
    daemon.phase("empty")
    expect(kiosk.locator("#what-next")).to_have_text(said)
    daemon.say(ENDED | {"reason": "left"}, session=None)
    expect(kiosk.locator("#what-next")).to_have_text(said)


def test_a_minute_after_the_last_member_nothing_personal_is_left(
    timed: Page, daemon: FakeDaemon
) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    daemon.phase("empty")
    expect(timed.get_by_role("heading", name="Done")).to_be_visible()
    timed.clock.fast_forward(50_000)
    expect(timed.get_by_role("heading", name="Done")).to_be_visible()
    timed.clock.fast_forward(11_000)
    expect(timed.get_by_role("heading", name="Lie down and lift")).to_be_visible()


def test_start_and_stop_reach_the_daemon(kiosk: Page, daemon: FakeDaemon) -> None:
    kiosk.get_by_role("button", name="Start").click()
    assert daemon.told() == "start"
    daemon.say(STARTED, session=SESSION)
    kiosk.get_by_role("button", name="Stop").press("Enter")
    assert daemon.told() == "stop"


def test_after_stop_the_page_says_how_to_go_on(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.say(ENDED, session=None)
    expect(kiosk.get_by_role("heading", name="Stopped")).to_be_visible()
    expect(kiosk.get_by_text("Touch Start to go on, or get up.")).to_be_visible()


def test_a_pause_ends_the_set_and_the_next_begins_at_one(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    daemon.say({"event": "set", "state": "ended", "set": 1, "count": 1, "clean": 1})
    expect(kiosk.get_by_text("Set 1: 1 of 1 from the hip.")).to_be_visible()
    daemon.phase("lifting", "left")
    expect(kiosk.locator("#count")).to_have_text("0")
    daemon.say(rep(2, "left"))
    daemon.say({"event": "set", "state": "started", "set": 2})
    expect(kiosk.locator("#count")).to_have_text("0")


def test_the_page_names_the_leg_that_is_next(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.say(rep(1, "left"))
    counted = {"event": "count", "set": 1, "count": 1, "clean": 1, "side": "left"}
    daemon.say(counted | {"verdict": "glute", "next": "right"})
    expect(kiosk.get_by_text("Breathe in, then the right leg.")).to_be_visible()


def test_a_finished_set_counts_the_rest_down(timed: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    ended = {"event": "set", "state": "ended", "set": 1, "count": 1, "clean": 1}
    daemon.say(ended | {"rest": 59.0, "left": 1})
    expect(timed.locator("#headline")).to_have_text(re.compile(r"Rest 5\d"))
    timed.clock.run_for(30_000)
    expect(timed.locator("#headline")).to_have_text(re.compile(r"Rest 2\d"))
    timed.clock.run_for(30_000)
    expect(timed.locator("#headline")).to_have_text("Rest as long as you like")


def test_after_the_last_set_all_is_done(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    ended = {"event": "set", "state": "ended", "set": 2, "count": 1, "clean": 1}
    daemon.say(ended | {"rest": 0.0, "left": 0})
    expect(kiosk.get_by_role("heading", name="All done")).to_be_visible()
    expect(kiosk.get_by_text("1 of 1 from the hip. Get up slowly.")).to_be_visible()


def cues(page: Page) -> list[str]:
    """What was heard, as the page's cue log has it."""
    return page.locator("#cue-log li").evaluate_all(
        "items => items.map((item) => `${item.dataset.kind}: ${item.textContent}`)"
    )


def test_reps_are_heard_and_warnings_come_from_the_side(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.phase("lifting", "left")
    daemon.say({"event": "warning", "side": "left", "fault": "tilt", "at": 1.0})
    daemon.say({"event": "cue", "cue": "warn_tilt", "text": "", "tone": "warn", "priority": 3})
    daemon.count(rep(1, "left", "arch", ("tilt",)), 1, 0)
    said = {"event": "cue", "cue": "tilt", "text": "Belly in.", "tone": "count", "priority": 2}
    daemon.say(said)
    expect(kiosk.locator("#cue-log li")).to_have_count(4)
    assert cues(kiosk) == [
        "tone-warn: left",
        "count: one",
        "tone-count: ",
        "cue-tilt: Belly in, and not so high.",
    ]
    expect(kiosk.locator("#note")).to_have_text("Belly in, and not so high.")
    sounds = kiosk.locator("#cue-log li").evaluate_all("items => items.map((i) => i.dataset.sound)")
    assert set(sounds) == {"on"}
