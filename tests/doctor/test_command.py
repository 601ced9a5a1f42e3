"""`pronemat doctor` as a person and a script run it."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

from click.testing import CliRunner, Result

from device.cli import pronemat
from device.errors import StoreError
from device.mat_file import load_mat
from device.recording import read_recording
from device.service.lock import DirectoryLock
from tests.daemon.process import Daemon, write_settings
from tests.terminal import Terminal


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
    *_, verdict, more = text.splitlines()
    assert verdict.startswith("The mat needs the maintainer")
    assert more.startswith("What else it may be: pronemat doctor --explain daemon i2c")


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
    assert len(read_recording(inside / "frames.csv.gz", load_mat()).t_s) > 50
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
