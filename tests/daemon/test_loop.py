"""The loop over real parts: what goes wrong is said on the stream and by the panel's light."""

from __future__ import annotations

import time
from typing import Any

from device.drivers.emulated.faults import NoAcknowledge
from device.drivers.panel import Light
from tests.daemon.rig import Rig
from tests.daemon.staged import StagedRig

UNPLUGGED = 0x4A


def test_an_unplugged_chip_is_a_sentence_and_a_light_until_it_is_back(rig: Rig) -> None:
    rig.until_light(Light.READY)
    unplugged_s = time.monotonic()
    rig.demo.bus.order(NoAcknowledge(UNPLUGGED, unplugged_s, unplugged_s + 1.5))
    said = rig.until(lambda event: event["event"] == "problems")
    assert any("chip 0x4a does not answer" in text for text in said["problems"])
    rig.until_light(Light.TROUBLE)
    assert rig.client.command({"command": "snapshot"})["problems"] == said["problems"]
    chip = rig.client.command({"command": "status"})["chips"][hex(UNPLUGGED)]
    assert not chip["answering"]

    def well(event: dict[str, Any]) -> bool:
        problems = event.get("problems")
        return problems is not None and not any("chip 0x4a" in text for text in problems)

    rig.until(well)
    assert time.monotonic() - unplugged_s > 1.5
    assert rig.client.command({"command": "status"})["chips"][hex(UNPLUGGED)]["answering"]


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
