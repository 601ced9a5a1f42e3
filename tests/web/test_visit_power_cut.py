"""The daemon's power is cut in the middle of a set: the page says so, heals, and counts on."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from device.stream.client import StreamClient
from tests.web.processes import WebProcess, answers, eventually, real_daemon
from tests.web.test_recovery import HEALED_WITHIN_S
from tests.web.visitor_stage import SPEED, WITHIN_MS, await_cue, await_view, begin_visit, heard
from web.demo_stage import Stage

SECOND_LIFT = "body:is([data-phase=lifting], [data-phase=holding]):has(#count:text-is('1'))"


def test_a_set_goes_on_after_the_daemon_lost_its_power(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder)
        web = WebProcess(run)
        stage = Stage(web.url, StreamClient(f"ipc://{run}/stream"))
        try:
            with real_daemon(run, SPEED) as daemon:
                eventually(lambda: answers(f"ipc://{run}/stream"), 30)
                page.goto(web.url)
                begin_visit(page, stage)
                stage.order("lie_down", "brace")
                await_cue(page, "cue-ready")
                stage.order("lift_left", "brace", "lift_right")
                # Looked for at every frame drawn: at this speed a lift is soon over.
                page.locator(SECOND_LIFT).wait_for(timeout=WITHIN_MS)
                session = stage.ask({"command": "status"})["session"]["id"]
                page.evaluate("window.notReloaded = true")
                daemon.kill()
                lost = page.get_by_role("heading", name="The mat is not answering")
                expect(lost).to_be_visible()
                # No old value is shown as live, and the tone over the lift has ended.
                expect(page.locator("#count")).to_be_hidden()
                expect(page.locator("#mat")).to_be_hidden()
                expect(page.locator("body")).to_have_attribute("data-hum", "off")
            with real_daemon(run, SPEED):
                eventually(lambda: answers(f"ipc://{run}/stream"), 30)
                back_s = time.monotonic()
                expect(lost).to_be_hidden()
                assert time.monotonic() - back_s < HEALED_WITHIN_S
                assert page.evaluate("window.notReloaded") is True
                # The same session, with the lift from before: the mat is empty, so it is summed up.
                assert stage.ask({"command": "status"})["session"]["id"] == session
                stage.order("lie_down", "brace", "rest", "lift_right", "relax", "get_up")
                await_view(page, "summary")
                expect(page.locator("#summary-reps li")).to_have_count(2, timeout=WITHIN_MS)
                assert [one.kind for one in heard(page)].count("count") == 2
        finally:
            web.end()
