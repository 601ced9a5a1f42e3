"""The screen's sound: its test, its volume, and telling the daemon whether it can be heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from device.cli.sound import sound
from tests.web.ear import loudness, render
from tests.web.fake_daemon import FakeDaemon
from tests.web.processes import WebProcess, eventually
from tests.web.test_kiosk import lie_ready

TEST = "#cue-log li[data-kind=test]"


def test_the_page_has_a_sound_test(kiosk: Page) -> None:
    kiosk.get_by_role("button", name="Sound", exact=True).click()
    kiosk.get_by_role("button", name="Test sound").click()
    expect(kiosk.locator(TEST)).to_have_count(1)
    expect(kiosk.locator(TEST)).to_have_attribute("data-sound", "on")


def test_a_test_can_be_asked_for_from_elsewhere(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.say({"event": "sound_test"})
    expect(kiosk.locator(TEST)).to_have_count(1)
    # It was heard once; a page that is loaded later does not play it again.
    kiosk.reload()
    kiosk.locator(f"body[data-run={daemon.run}]").wait_for()
    expect(kiosk.locator(TEST)).to_have_count(0)


def test_the_volume_is_kept_on_this_screen(kiosk: Page) -> None:
    volume = kiosk.get_by_role("progressbar", name="Volume")

    def press(button: str, times: int = 1) -> None:
        for _ in range(times):
            kiosk.get_by_role("button", name=button).click()

    kiosk.get_by_role("button", name="Sound", exact=True).click()
    press("Louder", 5)
    expect(volume).to_have_js_property("value", 10)
    press("Quieter", 3)
    kiosk.reload()
    kiosk.get_by_role("button", name="Sound", exact=True).click()
    expect(volume).to_have_js_property("value", 7)
    press("Louder")
    expect(volume).to_have_js_property("value", 8)


def test_the_volume_is_at_hand_in_a_set_too(kiosk: Page, daemon: FakeDaemon) -> None:
    lie_ready(daemon)
    expect(kiosk.locator("body[data-view=set]")).to_be_visible()
    kiosk.get_by_role("button", name="Sound", exact=True).press("Enter")
    kiosk.get_by_role("button", name="Quieter").press("Enter")
    expect(kiosk.locator("#volume")).to_have_js_property("value", 7)
    kiosk.get_by_role("button", name="Louder").press("Enter")
    kiosk.keyboard.press("Escape")
    expect(kiosk.get_by_role("button", name="Louder")).to_be_hidden()
    assert daemon.commands.empty()


def test_who_turns_the_sound_off_does_so_for_this_visit_only(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    kiosk.get_by_role("button", name="Sound", exact=True).click()
    kiosk.get_by_role("button", name="Turn sound off").click()
    expect(kiosk.get_by_role("button", name="Turn sound on")).to_be_visible()
    for state in ("cleared", "new"):
        daemon.say({"event": "visit", "state": state, "by": "person", "at": 1.0}, visit=state)
    expect(kiosk.get_by_role("button", name="Turn sound off")).to_be_visible()


def test_louder_is_louder_and_nought_is_silence(kiosk: Page) -> None:
    def heard(level: float) -> float:
        play = f"sound.setVolume({level}); sound.play('count', null, 0.2)"
        return loudness(render(kiosk, play, 0.5))

    silent, soft, usual, loud = (heard(level) for level in (0.0, 0.4, 0.8, 1.0))
    assert silent < 1e-4
    assert 3.0 < usual / soft < 5.0
    assert 1.2 < loud / usual < 2.0


def test_a_page_that_sounds_says_so_to_the_daemon(kiosk: Page, daemon: FakeDaemon) -> None:
    kiosk.reload()
    eventually(lambda: "sound_on" in daemon.sounds)
    # Turned off by hand is a wish, not a fault: no buzzer takes over.
    kiosk.get_by_role("button", name="Sound", exact=True).click()
    kiosk.get_by_role("button", name="Turn sound off").click()
    kiosk.get_by_role("button", name="Turn sound on").click()
    assert "sound_off" not in daemon.sounds


def test_a_page_that_may_not_sound_hands_over_to_the_buzzer_until_a_touch(
    site: WebProcess, daemon: FakeDaemon, launch: Callable[..., Browser]
) -> None:
    strict = launch()
    page = strict.new_page()
    page.goto(site.url)
    blocked = page.get_by_text("No sound yet: touch the screen once. Until then the buzzer counts.")
    expect(blocked).to_be_visible()
    eventually(lambda: "sound_off" in daemon.sounds)
    with page.expect_request("**/sound/on"):
        page.mouse.click(5, 300)
    expect(blocked).to_be_hidden()
    strict.close()


def test_a_page_without_a_sound_device_says_so_and_hands_over(
    site: WebProcess, daemon: FakeDaemon, page: Page
) -> None:
    page.add_init_script("delete window.AudioContext")
    page.goto(site.url)
    expect(page.get_by_text("No sound here: listen to the buzzer at the mat.")).to_be_visible()
    eventually(lambda: "sound_off" in daemon.sounds)


def test_a_machine_without_a_loudspeaker_hands_over_to_the_buzzer(
    site: WebProcess, daemon: FakeDaemon, launch: Callable[..., Browser]
) -> None:
    deaf = launch("--autoplay-policy=no-user-gesture-required", device=False)
    page = deaf.new_page()
    page.goto(site.url)
    expect(page.get_by_text("No sound here: listen to the buzzer at the mat.")).to_be_visible()
    eventually(lambda: "sound_off" in daemon.sounds)
    deaf.close()


@pytest.mark.parametrize("by", ["page", "panel", "nobody"])
def test_the_command_says_who_is_heard(
    tmp_path: Path, run_directory: Path, daemon: FakeDaemon, by: str
) -> None:
    config = tmp_path / "pronemat.toml"
    config.write_text(f'[paths]\nrun = "{run_directory}"\n', encoding="utf-8")
    daemon.heard_by = by
    done = CliRunner().invoke(sound, ["--config", str(config)])
    if by == "nobody":
        assert "open the page and touch it once" in str(done.exception)
    else:
        assert (done.exit_code, by in done.output) == (0, True)
