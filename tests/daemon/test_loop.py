"""The loop over real parts: what goes wrong is said on the stream and by the panel's light."""

from __future__ import annotations

import time
from typing import Any

from device.drivers.emulated.faults import NoAcknowledge
from device.drivers.panel import Light
from tests.daemon.rig import Rig
from tests.daemon.staged import StagedRig

LOOSE, UNPLUGGED = 0x4A, 0x49


def says(event: dict[str, Any], chip: int) -> bool:
    """Whether it names this chip among the problems."""
    return any(f"chip {chip:#x} does not answer" in text for text in event.get("problems", ()))


def test_a_chip_that_is_back_is_no_problem_any_more(rig: Rig) -> None:
    rig.until_light(Light.READY)
    now_s = time.monotonic()
    rig.demo.bus.order(NoAcknowledge(LOOSE, now_s, now_s + 1.0))
    rig.until(lambda event: says(event, LOOSE))
    rig.until(lambda event: event["event"] == "problems" and not says(event, LOOSE))
    assert rig.client.command({"command": "status"})["chips"][hex(LOOSE)]["answering"]


def test_an_unplugged_chip_is_a_sentence_and_a_light(rig: Rig) -> None:
    rig.until_light(Light.READY)
    rig.demo.bus.order(NoAcknowledge(UNPLUGGED, time.monotonic()))
    rig.until(lambda event: says(event, UNPLUGGED))
    rig.until_light(Light.TROUBLE)
    assert says(rig.client.command({"command": "snapshot"}), UNPLUGGED)
    assert not rig.client.command({"command": "status"})["chips"][hex(UNPLUGGED)]["answering"]


def test_the_one_button_starts_and_stops(rig: Rig) -> None:
    rig.until_light(Light.READY)
    rig.press()
    rig.until(lambda event: event.get("state") == "started")
    rig.until_light(Light.SET)
    rig.press()
    ended = rig.until(lambda event: event.get("state") == "ended")
    assert ended["reason"] == "asked"


def test_a_mat_without_a_calibration_of_its_own_says_so(rig: Rig) -> None:
    rig.until_light(Light.READY)
    snapshot = rig.client.command({"command": "snapshot"})
    assert not snapshot["calibrated"]
    assert snapshot["simulated"]
    assert rig.client.command({"command": "status"})["calibration"] == "data sheet"


def test_tare_is_refused_in_a_session_and_under_a_body(staged: StagedRig) -> None:
    staged.ask("start")
    staged.ask("acknowledge")
    refused = staged.client.command({"command": "tare"})
    assert not refused["ok"]
    assert "a session is running; end it with 'pronemat stop'" in refused["error"]
    staged.ask("stop")
    staged.stage.go()
    staged.until(lambda event: event.get("phase") == "settling")
    assert "clear it and tare again" in staged.client.command({"command": "tare"})["error"]
