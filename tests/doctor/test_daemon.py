"""`pronemat doctor` beside a running daemon, and in a real terminal of 80x24."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.errors import RefusedError, StreamError
from device.mat_file import load_mat
from device.recording import read_recording
from device.stream.client import StreamClient
from tests.daemon.process import DEADLINE_S, Daemon, write_settings
from tests.terminal import Terminal

COLOUR = re.compile(r"\x1b\[3[0-9]m")
UNPLUGGED_S = 5.0
"""Half of what a simulated chip stays unplugged."""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demonstration on whose mat nobody lies."""
    started = Daemon(tmp_path_factory.mktemp("doctor"), "--source", "demo")
    started.ask("member", do="get_up")
    yield started
    started.process.kill()
    started.process.communicate()


def findings(config: Path) -> list[dict[str, str]]:
    """What it finds within a second."""
    options = ["doctor", "--config", str(config), "--json", "--seconds", "1"]
    rows: list[dict[str, str]] = json.loads(CliRunner().invoke(pronemat, options).stdout)[
        "findings"
    ]
    return rows


def test_it_asks_for_a_press_a_simulated_hand_obeys_and_the_page_fits(tmp_path: Path) -> None:
    options = ("--source", "demo", "--strip", "knee_left")
    with Terminal("doctor", "--config", write_settings(tmp_path), *options) as terminal:
        code, text = terminal.to_the_end()
    assert code in (0, 3, 4), text  # a busy machine has a slow frame rate, a full one no room
    assert "press knee_left: left, 45 cm below the line" in text
    asked, _, page = text.partition("answers; let go\n")
    assert "SIMULATED" in asked
    lines = page.splitlines()
    assert len(lines) <= 24
    assert max(map(len, text.splitlines())) <= 80
    assert any("strips" in line and "15 of 15" in line for line in lines), text
    assert "1 of 15 strips pressed" in page
    assert any(line.startswith("SIMULATED. ") for line in lines)


def test_through_the_daemon_a_press_is_asked_for_and_q_ends_the_asking(daemon: Daemon) -> None:
    options = ("--config", daemon.config, "--press", "--seconds", "1")
    with Terminal("doctor", *options, env={"NO_COLOR": "1"}) as terminal:
        terminal.until(lambda text: "press chest" in text)
        daemon.ask("member", do="press ribs_left 40")
        terminal.until(lambda text: "ribs_left moved; let go" in text)
        daemon.ask("member", do="press ribs_left 0")
        terminal.until(lambda text: "press ribs_left" in text)
        terminal.type("s")
        terminal.until(lambda text: "left out" in text)
        terminal.type("q")
        code, text = terminal.to_the_end()
    assert code == 4
    assert "pressing chest moves ribs_left" in text
    assert COLOUR.search(terminal.raw) is None


def test_the_connection_drops_while_it_asks_and_nobody_is_left_behind(daemon: Daemon) -> None:
    options = ("--config", daemon.config, "--press", "--seconds", "1")
    with Terminal("doctor", *options) as terminal:
        terminal.until(lambda text: "press chest" in text)
        terminal.hang_up()
        terminal.process.wait(DEADLINE_S)
    assert daemon.ask("status")["ok"]


def test_faults_are_named_with_their_cure_on_the_page_and_in_a_report_to_send(
    daemon: Daemon, tmp_path: Path
) -> None:
    report = tmp_path / "report.tar.gz"
    deadline = time.monotonic() + DEADLINE_S
    daemon.ask("member", do="brown_out_4a")
    while not (status := daemon.ask("status"))["chips"]["0x4a"]["resets"]:
        assert time.monotonic() < deadline, status
    unplugged_s = 0.0

    def stays_unplugged(text: str) -> bool:
        nonlocal unplugged_s
        if time.monotonic() > unplugged_s + UNPLUGGED_S:
            unplugged_s = time.monotonic()
            daemon.ask("member", do="unplug_49")
        return "0x49" in text

    stays_unplugged("")
    options = ("--config", daemon.config, "--seconds", "1", "--report", report)
    with Terminal("doctor", *options) as terminal:
        terminal.until(stays_unplugged)
        code, text = terminal.to_the_end()
    assert code == 4
    page = text.partition("report written to")[0].splitlines()
    assert max(map(len, page)) <= 80
    assert len(page) <= 24
    assert COLOUR.search(terminal.raw), "this terminal has colours"
    said = " ".join(text.split())
    assert "BAD chips The chip 0x49 does not answer (remote i/o error) check its plug" in said
    assert "WARN The chip 0x4a has lost its" in said.replace("WARN chips", "WARN")
    with tarfile.open(report) as archive:
        archive.extractall(tmp_path, filter="data")
    inside = tmp_path / "pronemat-report"
    assert {path.name for path in inside.iterdir()} == {
        "doctor.json",
        "frames.csv.gz",
        "log.txt",
        "settings.json",
        "status.json",
    }
    # More than was looked at: what the daemon has in memory of the minute before.
    t_s = read_recording(inside / "frames.csv.gz", load_mat()).t_s
    assert t_s[-1] - t_s[0] > 2.0
    found = json.loads((inside / "doctor.json").read_text())
    assert found["verdict"] == "bad"
    chips = {row["subject"]: row["state"] for row in found["findings"] if row["key"] == "chip"}
    assert chips == {"0x48": "ok", "0x49": "bad", "0x4a": "warn", "0x4b": "ok"}
    assert [row["state"] for row in found["findings"] if row["key"] == "daemon"] == ["ok"]


def test_the_report_after_the_daemons_end_holds_its_last_minute(tmp_path: Path) -> None:
    ended, report = Daemon(tmp_path, "--source", "demo"), tmp_path / "report.tar.gz"
    ended.until(lambda event: event.get("phase") == "settling")
    ended.end(signal.SIGTERM)
    options = ["doctor", "--config", str(ended.config), "--report", str(report)]
    assert CliRunner().invoke(pronemat, options).exit_code == 4, "there is no bus here"
    with tarfile.open(report) as archive:
        archive.extractall(tmp_path, filter="data")
    before = tmp_path / "pronemat-report" / "before" / "frames.csv.gz"
    t_s = read_recording(before, load_mat()).t_s
    assert t_s[-1] > t_s[0]


def test_a_long_look_shows_how_far_it_has_come(tmp_path: Path) -> None:
    options = ("--config", write_settings(tmp_path), "--source", "demo", "--seconds", "3.5")
    with Terminal("doctor", *options) as terminal:
        terminal.until(lambda text: "looking" in text and "%" in text)
        code, text = terminal.to_the_end()
    assert code in (0, 3, 4), text
    assert "100%" in text


def test_an_offset_is_told_and_gone_after_the_tare_that_it_asks_for(daemon: Daemon) -> None:
    def strip() -> dict[str, str]:
        return next(row for row in findings(daemon.config) if row["subject"] == "thigh_left")

    daemon.ask("member", do="press thigh_left 6")
    deadline = time.monotonic() + DEADLINE_S
    # While the hand comes down within the second that is looked at, the strip is noisy.
    while not (found := strip())["figure"].startswith("offset: "):
        assert time.monotonic() < deadline, found
    assert found["state"] == "warn"
    assert "pronemat tare" in found["remedy"]
    tare = ["tare", "--config", str(daemon.config)]
    while (tared := CliRunner().invoke(pronemat, tare)).exit_code:
        assert isinstance(tared.exception, RefusedError)
        assert time.monotonic() < deadline, tared.exception
    while (found := strip())["state"] != "ok":
        assert time.monotonic() < deadline, found


def test_in_safe_mode_it_says_what_the_daemon_does_without(tmp_path: Path) -> None:
    config = write_settings(tmp_path, "[bus]\nnumber = 31\n")
    safe = subprocess.Popen([sys.executable, "-m", "device", "safe", "--config", config])
    try:
        client = StreamClient(f"ipc://{tmp_path / 'run' / 'stream'}")
        deadline = time.monotonic() + DEADLINE_S
        while not answers(client):
            assert time.monotonic() < deadline
        rows = findings(config)
    finally:
        safe.kill()
        safe.wait()
    told = [row for row in rows if row["key"] == "daemon"]
    assert [row["state"] for row in told] == ["warn"] * len(told)
    assert any("/dev/i2c-31" in row["figure"] for row in told), told
    (bus,) = [row for row in rows if row["key"] == "i2c"]
    assert (bus["state"], bus["figure"]) == ("bad", "there is no bus i2c-31")


def answers(client: StreamClient) -> bool:
    try:
        return bool(client.command({"command": "status"})["ok"])
    except StreamError:
        return False


def test_what_is_bad_at_the_start_the_daemon_tells_the_page_until_it_is_well(tmp_path) -> None:
    """The one thing that is bad here without hardware is a damaged calibration."""
    calibration = tmp_path / "data" / "calibrations" / "current.json"
    calibration.parent.mkdir(parents=True)
    calibration.write_text("{}", encoding="utf-8")
    boot = ["doctor", "--config", str(write_settings(tmp_path)), "--boot", "--patience", "0"]
    assert CliRunner().invoke(pronemat, boot).exit_code == 0
    daemon = Daemon(tmp_path, "--source", "demo")
    try:
        told = about_calibration(daemon.ask("snapshot"))
        assert len(told) == 1
        assert "rollback" in told[0]
        findings(daemon.config)
        daemon.until(lambda event: event["event"] == "maintainer" and not about_calibration(event))
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def about_calibration(told: dict[str, list[str]]) -> list[str]:
    """On a busy machine the frame rate may be bad too."""
    return [text for text in told["maintainer"] if text.startswith("Calibration: the calibration ")]
