"""`pronemat doctor` as a person and a script run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat
from device.doctor.boot import sentence
from device.doctor.findings import CHECKS, Finding, State
from device.errors import StoreError, StreamError
from device.mat_file import load_mat
from device.recording import read_recording
from device.service.lock import DirectoryLock
from device.stream.client import StreamClient
from tests.daemon.process import DEADLINE_S, Daemon, write_settings
from tests.terminal import Terminal

COLOUR = re.compile(r"\x1b\[3[0-9]m")


def doctor(folder: Path, *options: str | Path, settings: str = "") -> Result:
    """The command, with everything inside `folder`."""
    config = write_settings(folder, settings)
    return CliRunner().invoke(pronemat, ["doctor", "--config", *map(str, (config, *options))])


def states(output: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in json.loads(output)["findings"]:
        found.setdefault(row["key"], set()).add(row["state"])
    return found


def test_the_page_fits_a_terminal_of_80_by_24(tmp_path: Path) -> None:
    with Terminal("doctor", "--config", write_settings(tmp_path), "--source", "demo") as terminal:
        code, text = terminal.to_the_end()
    lines = text.splitlines()
    assert code in (0, 3, 4), text  # a busy machine has a slow frame rate, a full one no room
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "SIMULATED" in text
    assert any("strips" in line and "15 of 15" in line for line in lines)
    assert any(line.startswith("unknown") for line in lines)
    assert any(line.startswith("SIMULATED. ") for line in lines)


def test_with_much_to_tell_it_is_still_one_page(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, "[bus]\nnumber = 31\n")
    with Terminal("doctor", "--config", settings) as terminal:
        code, text = terminal.to_the_end()
    assert code == 4
    assert len(text.splitlines()) <= 24, text
    assert "dtparam=i2c_arm=on" in text
    assert "version" in text
    assert COLOUR.search(terminal.raw), "this terminal has colours"
    *_, verdict, more = text.splitlines()
    assert verdict.startswith("The mat needs the maintainer")
    assert more.startswith("What else it may be: pronemat doctor --explain daemon i2c")


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=str)
def test_there_are_no_colours_where_the_terminal_has_none(tmp_path, env) -> None:
    settings = write_settings(tmp_path, "[bus]\nnumber = 31\n")
    with Terminal("doctor", "--config", settings, env=env) as terminal:
        terminal.to_the_end()
    assert "BAD" in terminal.text
    assert COLOUR.search(terminal.raw) is None


def test_on_a_tiny_terminal_it_is_longer_but_whole(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, "[bus]\nnumber = 31\n")
    with Terminal("doctor", "--config", settings, columns=40, lines=10) as terminal:
        code, text = terminal.to_the_end()
    assert code == 4
    assert "Traceback" not in text
    assert max(map(len, text.splitlines())) <= 40
    assert "The mat needs the maintainer" in text


def test_it_asks_for_presses_and_a_simulated_hand_obeys(tmp_path: Path) -> None:
    options = ("--source", "demo", "--strip", "knee_left", "--strip", "foot_right")
    with Terminal("doctor", "--config", write_settings(tmp_path), *options) as terminal:
        _, text = terminal.to_the_end()
    assert "SIMULATED" in text
    assert "press knee_left: left, 45 cm below the line" in text
    assert "2 of 15 strips pressed" in text
    assert max(map(len, text.splitlines())) <= 80


def test_through_the_daemon_a_press_is_asked_for_and_q_ends_the_asking(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    daemon = Daemon(tmp_path / "daemon", "--source", "demo")
    try:
        daemon.ask("member", do="get_up")
        options = ("--config", daemon.config, "--press", "--seconds", "1")
        with Terminal("doctor", *options) as terminal:
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
        # The connection drops while it asks: nobody is left behind, and the daemon goes on.
        with Terminal("doctor", *options) as terminal:
            terminal.until(lambda text: "press chest" in text)
            terminal.hang_up()
            terminal.process.wait(DEADLINE_S)
        assert daemon.ask("status")["ok"]
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def test_in_a_terminal_over_the_daemon_faults_are_named_with_their_cure(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    daemon = Daemon(tmp_path / "daemon", "--source", "demo")

    def page() -> str:
        with Terminal("doctor", "--config", daemon.config, "--seconds", "1") as terminal:
            code, text = terminal.to_the_end()
        assert code in (3, 4)
        assert max(map(len, text.splitlines())) <= 80
        assert len(text.splitlines()) <= 24
        return " ".join(text.split())

    try:
        daemon.ask("member", do="get_up")
        daemon.ask("member", do="brown_out_4a")
        daemon.until(lambda event: event["event"] == "problems" and bool(event["problems"]))
        daemon.until(lambda event: event["event"] == "problems" and not event["problems"])
        assert "WARN chips The chip 0x4a has lost its" in page()
        daemon.ask("member", do="unplug_49")
        said = "BAD chips The chip 0x49 does not answer (remote i/o error) check its plug"
        assert said in page()
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def test_an_offset_is_told_and_gone_after_the_tare_that_it_asks_for(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    daemon = Daemon(tmp_path / "daemon", "--source", "demo", "--speed", "3")

    def strip() -> dict[str, str]:
        done = doctor(tmp_path / "daemon", "--json", "--seconds", "1")
        rows = json.loads(done.stdout)["findings"]
        return next(row for row in rows if row["subject"] == "thigh_left")

    try:
        daemon.ask("member", do="get_up")
        daemon.ask("member", do="press thigh_left 6")
        deadline = time.monotonic() + DEADLINE_S
        # While the hand comes down within the second that is looked at, the strip is noisy.
        while not (found := strip())["figure"].startswith("offset: "):
            assert time.monotonic() < deadline, found
        assert found["state"] == "warn"
        assert "pronemat tare" in found["remedy"]
        while not (answer := daemon.ask("tare"))["ok"]:
            assert time.monotonic() < deadline, answer
        while (found := strip())["state"] != "ok":
            assert time.monotonic() < deadline, found
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def test_at_the_start_the_bus_is_left_alone_and_the_kiosk_is_told(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--boot", "--patience", "0")
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "run" / "findings.json").read_text())
    assert {tuple(row) for row in told} == {("check", "state", "sentence", "remedy")}
    rows = {row["check"]: row for row in told}
    assert list(rows) == list(CHECKS)
    assert rows["daemon"]["state"] == "bad"
    assert rows["daemon"]["sentence"] == "Daemon: does not run."
    assert (rows["i2c"]["state"], rows["chip"]["state"]) == ("unknown", "unknown")
    # Whoever looks later tells the kiosk what is true by then.
    doctor(tmp_path, "--json", settings="[bus]\nnumber = 31\n")
    told = json.loads((tmp_path / "run" / "findings.json").read_text())
    assert {row["check"]: row["state"] for row in told}["i2c"] == "bad"


def test_in_safe_mode_it_says_what_the_daemon_does_without(tmp_path: Path) -> None:
    config = write_settings(tmp_path, "[bus]\nnumber = 31\n")
    safe = subprocess.Popen([sys.executable, "-m", "device", "safe", "--config", config])
    try:
        client = StreamClient(f"ipc://{tmp_path / 'run' / 'stream'}")
        deadline = time.monotonic() + DEADLINE_S
        while not answers(client):
            assert time.monotonic() < deadline
        done = doctor(tmp_path, "--json", settings="[bus]\nnumber = 31\n")
    finally:
        safe.kill()
        safe.wait()
    rows = [row for row in json.loads(done.stdout)["findings"] if row["key"] == "daemon"]
    assert [row["state"] for row in rows] == ["warn"] * len(rows)
    assert any("/dev/i2c-31" in row["figure"] for row in rows), rows
    (bus,) = [row for row in json.loads(done.stdout)["findings"] if row["key"] == "i2c"]
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
    assert doctor(tmp_path, "--boot", "--patience", "0").exit_code == 0
    daemon = Daemon(tmp_path, "--source", "demo")
    try:
        told = about_calibration(daemon.ask("snapshot"))
        assert len(told) == 1
        assert "rollback" in told[0]
        doctor(tmp_path, "--json", "--seconds", "1")
        daemon.until(lambda event: event["event"] == "maintainer" and not about_calibration(event))
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def about_calibration(told: dict[str, list[str]]) -> list[str]:
    """On a busy machine the frame rate may be bad too."""
    return [text for text in told["maintainer"] if text.startswith("Calibration: the calibration ")]


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            Finding("strip", State.BAD, "open: 2 counts", "", "knee_left"),
            "Strips knee_left: open: 2 counts.",
        ),
        (Finding("chip", State.BAD, "The chip 0x49 is gone", "", "0x49"), "The chip 0x49 is gone."),
        (Finding("i2c", State.BAD, "hangs"), "I2C bus: hangs."),
    ],
)
def test_what_the_kiosk_is_told_is_a_sentence(finding, said) -> None:
    assert sentence(finding) == said


def test_findings_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    done = doctor(tmp_path, "--boot", "--patience", "0")
    assert isinstance(done.exception, StoreError)
    assert str(done.exception).startswith("the findings cannot be written to")


def test_it_explains_a_check_in_its_own_documents_words(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--explain", "chip", "card")
    assert done.exit_code == 0
    assert "does not answer (Errno 121)" in done.output
    assert "pronemat backup" in done.output
    assert "under-voltage" not in done.output
    assert "under-voltage" in doctor(tmp_path, "--explain").output


@pytest.mark.parametrize(
    "options", [("chip",), ("--boot", "--press"), ("--strip", "elbow"), ("--explain", "chips")]
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, options) -> None:
    assert doctor(tmp_path, *options).exit_code == 2


def test_through_the_running_daemon_with_a_report_to_send(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    daemon = Daemon(tmp_path / "daemon", "--source", "demo", "--speed", "3")
    try:
        daemon.ask("status")
        daemon.ask("member", do="unplug_49")
        daemon.until(lambda event: event["event"] == "problems" and bool(event["problems"]))
        report = tmp_path / "report.tar.gz"
        done = doctor(tmp_path / "daemon", "--json", "--seconds", "1", "--report", report)
    finally:
        daemon.process.kill()
        daemon.process.communicate()
    assert done.exit_code == 4, done.output
    assert states(done.stdout)["daemon"] == {"ok"}
    assert states(done.stdout)["chip"] == {"ok", "bad"}
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
    assert json.loads((inside / "doctor.json").read_text())["verdict"] == "bad"


def test_without_a_bus_it_says_so_and_calls_nothing_of_the_mat_well(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", settings="[bus]\nnumber = 31\n")
    assert done.exit_code == 4, done.output
    found = states(done.stdout)
    assert found["i2c"] == {"bad"}
    for key in ("bus_clock", "chip", "supply", "rate", "strip"):
        assert found[key] == {"unknown"}
    assert not (tmp_path / "run").exists()


def test_a_silent_daemon_keeps_the_bus(tmp_path: Path) -> None:
    """Two owners would spoil each other's readings: who holds the lock is left alone."""
    with DirectoryLock(tmp_path / "run", "run"):
        done = doctor(tmp_path, "--json")
    assert done.exit_code == 4
    rows = {row["key"]: row for row in json.loads(done.stdout)["findings"]}
    assert str(os.getpid()) in rows["daemon"]["figure"]
    assert rows["i2c"]["state"] == "unknown"


def test_a_report_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "report.tar.gz"
    done = doctor(tmp_path, "--source", "demo", "--json", "--report", place)
    assert isinstance(done.exception, StoreError)
    assert str(done.exception).startswith(f"the report {place} cannot be written: No such file")
