"""`pronemat doctor` as a person and a script run it, where no daemon runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat
from device.doctor.boot import sentence
from device.doctor.findings import CHECKS, Finding, State
from device.errors import StoreError
from device.service.lock import DirectoryLock
from tests.daemon.process import write_settings

NO_BUS = "[bus]\nnumber = 31\n"


def doctor(folder: Path, *options: str | Path, settings: str = "") -> Result:
    """The command, with everything inside `folder`."""
    config = write_settings(folder, settings)
    return CliRunner().invoke(pronemat, ["doctor", "--config", *map(str, (config, *options))])


def states(output: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in json.loads(output)["findings"]:
        found.setdefault(row["key"], set()).add(row["state"])
    return found


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
    doctor(tmp_path, "--json", settings=NO_BUS)
    told = json.loads((tmp_path / "run" / "findings.json").read_text())
    assert {row["check"]: row["state"] for row in told}["i2c"] == "bad"


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


def test_without_a_bus_it_says_so_and_calls_nothing_of_the_mat_well(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", settings=NO_BUS)
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
    done = doctor(tmp_path, "--json", "--report", place, settings=NO_BUS)
    assert isinstance(done.exception, StoreError)
    assert str(done.exception).startswith(f"the report {place} cannot be written: No such file")
