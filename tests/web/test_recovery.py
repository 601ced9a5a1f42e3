"""The daemon or the server goes and comes back: the page says so, and heals without a reload; one
that is opened late draws all that was before it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.fake_daemon import FakeDaemon, rep
from tests.web.processes import WebProcess, free_port
from tests.web.test_kiosk import lie_ready

SESSION = {"id": "1", "set": 1, "in_set": True, "count": 0, "clean": 0, "reps": []}


def mark_page(page: Page) -> None:
    """A trace that a reload would wipe out."""
    page.evaluate("window.notReloaded = true")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.notReloaded") is True


def test_a_killed_daemon_is_said_and_its_return_heals_the_page(
    site: WebProcess, page: Page, run_directory: Path
) -> None:
    endpoint = f"ipc://{run_directory}/stream"
    first = FakeDaemon(endpoint, run="first", phase="ready", session=SESSION)
    try:
        first.lie()
        page.goto(site.url)
        first.count(rep(1), 1, 1)
        expect(page.locator("#count")).to_have_text("1")
        mark_page(page)
    finally:
        first.close()
    expect(page.get_by_role("heading", name="The mat is not answering.")).to_be_visible()
    # Nothing old is shown as if it were live: no count, no load, no button for what is gone.
    expect(page.locator("#count")).to_be_hidden()
    expect(page.locator("#mat")).to_be_hidden()
    expect(page.locator("#session-button")).to_be_hidden()
    expect(page.get_by_text("Simulated", exact=True)).to_be_visible()
    kept = SESSION | {"count": 3, "clean": 2, "reps": [rep(1), rep(2, "right", "arch"), rep(3)]}
    second = FakeDaemon(endpoint, run="second", phase="ready", session=kept)
    try:
        expect(page.locator("#count")).to_have_text("3")
        expect(page.locator("#count")).to_be_visible()
        expect(page.locator("#reps li[data-verdict]")).to_have_count(3)
        assert_not_reloaded(page)
    finally:
        second.close()


def test_a_daemon_that_hangs_is_not_shown_as_live(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.lie()
    daemon.phase("ready")
    expect(kiosk.locator("#mat [data-strip=asis_left] .mat-load").first).not_to_have_attribute(
        "opacity", "0"
    )
    daemon.publish_live = False
    expect(kiosk.get_by_role("heading", name="The mat is not answering.")).to_be_visible()
    daemon.publish_live = True
    expect(kiosk.get_by_role("heading", name="The mat is not answering.")).to_be_hidden()


def test_a_killed_server_is_said_and_what_was_missed_is_drawn(page: Page, tmp_path: Path) -> None:
    port = free_port()
    web = WebProcess(tmp_path, port)
    daemon = FakeDaemon(f"ipc://{tmp_path}/stream", phase="ready", session=SESSION)
    try:
        page.goto(web.url)
        daemon.count(rep(1), 1, 1)
        expect(page.locator("#count")).to_have_text("1")
        mark_page(page)
        web.kill()
        expect(page.get_by_role("heading", name="lost its connection")).to_be_visible()
        daemon.count(rep(2, "right", "arch"), 2, 1)
        web = WebProcess(tmp_path, port)
        expect(page.locator("#count")).to_have_text("2")
        expect(page.locator("#count")).to_be_visible()
        assert_not_reloaded(page)
        # The buttons work with the new server's token.
        page.get_by_role("button", name="Stop").click()
        assert daemon.told() == "stop"
    finally:
        daemon.close()
        web.end()


def test_a_page_opened_midway_draws_the_whole_set(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    daemon.count(rep(1, "left"), 1, 1)
    daemon.count(rep(2, "right", "arch"), 2, 1)
    expect(kiosk.locator("#count")).to_have_text("2")
    kiosk.reload()
    expect(kiosk.locator("#count")).to_have_text("2")
    expect(kiosk.locator("#reps li[data-verdict]")).to_have_count(2)
    expect(kiosk.locator("#now-word")).to_have_text("Back arched")
    # Drawn, but not heard: it is no news.
    expect(kiosk.locator("#cue-log li")).to_have_count(0)


def test_a_page_opened_in_a_later_set_sums_up_the_whole_session(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    # A stricter trainer does not let the third pass, whatever the mat says of it.
    first = [rep(1, "left") | {"clean": True}, rep(2, "right", "arch") | {"clean": False}]
    present = [rep(3, "left") | {"clean": False}]
    daemon.snapshot["session"] = {
        "id": "1", "set": 2, "in_set": True, "count": 1, "clean": 0, "reps": present,
        "earlier": [{"set": 1, "count": 2, "clean": 1, "reps": first}],
    }  # fmt: skip
    daemon.snapshot["maintainer"] = ["A new fact: with it pages are told the whole state."]
    daemon.lie()
    daemon.phase("ready")
    kiosk.reload()
    expect(kiosk.locator("#problem")).to_contain_text("A new fact")
    # The set that goes on is counted by itself.
    expect(kiosk.locator("#reps li[data-verdict]")).to_have_count(1)
    expect(kiosk.locator("#count")).to_have_text("1")
    daemon.phase("empty")
    expect(kiosk.locator("#summary-score")).to_have_text("1 of 3")
    expect(kiosk.locator("#summary-reps li")).to_have_count(3)
    expect(kiosk.locator("#summary-facts")).to_contain_text("Left leg1 of 2Right leg0 of 1")
