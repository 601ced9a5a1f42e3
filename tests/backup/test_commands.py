"""`pronemat backup`, `restore` and `export` as a maintainer calls them."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat as commands
from device.errors import PronematError
from device.store.people import People
from tests.backup.conftest import Place
from tests.daemon.process import Daemon


def process(place: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own in the directory of the settings."""
    environ = dict(os.environ) | {"PRONEMAT_CONFIG": str(place / "pronemat.toml")}
    return subprocess.run(
        [sys.executable, "-m", "device", *map(str, arguments)],
        cwd=place,
        env=environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
    )


def pronemat(place: Path, *arguments: str) -> Result:
    """The command within this process, which is sooner."""
    environ = {"PRONEMAT_CONFIG": str(place / "pronemat.toml")}
    return CliRunner().invoke(commands, arguments, env=environ)


@pytest.fixture
def folder(here: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings are, and where one is."""
    monkeypatch.chdir(here.config.parent)
    return here.config.parent


def test_a_backup_is_taken_and_put_back(here: Place, folder: Path) -> None:
    taken = pronemat(folder, "backup", "monday.pronemat")
    assert taken.exit_code == 0
    assert "checked; put it back with 'pronemat restore monday.pronemat'" in taken.stdout
    here.trained("Bea")
    restored = pronemat(folder, "restore", "monday.pronemat", "--yes")
    assert restored.exit_code == 0
    assert "restored with its settings; start the daemon again." in restored.stdout
    assert "What was here before: " in restored.stdout
    assert here.people() == ["Anna"]


def test_scripts_get_json(here: Place, folder: Path) -> None:
    taken = json.loads(pronemat(folder, "backup", "monday.pronemat", "--json").stdout)
    assert taken["bytes"] == (folder / "monday.pronemat").stat().st_size
    assert "database" in [part["name"] for part in taken["parts"]]
    restored = json.loads(
        pronemat(folder, "restore", "monday.pronemat", "--without-settings", "--json").stdout
    )
    assert (restored["with_settings"], restored["damaged"]) == (False, False)
    assert Path(restored["kept"]).exists()


def test_trouble_is_one_sentence_and_exit_code_1(here: Place, folder: Path) -> None:
    (folder / "nonsense").write_text("nonsense")
    for arguments, words in (
        (["backup", "pronemat.toml"], "exists already"),
        (["backup", "/nowhere/monday"], "choose a place where you may write"),
        (["restore", "nonsense", "--yes"], "is no whole backup of pronemat"),
        (["export", "sessions.xls"], "neither .csv nor .json"),
        (["export", "pronemat.toml.csv", "--member", "9999"], "no member has the code 9999"),
        (["export", "/nowhere/reps.csv"], "choose a place with room"),
    ):
        with pytest.raises(PronematError, match=words):
            raise pronemat(folder, *arguments).exception or AssertionError(arguments)
    refused = process(folder, "backup", "pronemat.toml")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1].startswith("pronemat: pronemat.toml exists already;")
    assert pronemat(folder, "restore").exit_code == 2


def test_nothing_to_finish_is_said(here: Place, folder: Path) -> None:
    assert "there was nothing to finish" in pronemat(folder, "restore", "--finish").stdout


def test_a_member_is_asked_for_and_no_is_no(here: Place, folder: Path) -> None:
    pronemat(folder, "backup", "monday.pronemat")
    here.trained("Bea")
    # Nobody is at the terminal to say yes.
    assert pronemat(folder, "restore", "monday.pronemat").exit_code == 1
    assert here.people() == ["Anna", "Bea"]


def test_reps_and_sessions_are_exported_between_two_days(here: Place, folder: Path) -> None:
    with closing(People(here.settings.database)) as people:
        (anna,) = people.search()
        people.change(anna.id, {"code": "0427"})
    assert "reps.csv: 3 reps" in pronemat(folder, "export", "reps.csv").stdout
    with (folder / "reps.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["set"], row["rep"], row["verdict"]) for row in rows] == [
        ("1", "1", "glute"),
        ("1", "2", "glute"),
        ("1", "3", "glute"),
    ]
    assert rows[0]["member_id"] == str(anna.id)
    assert rows[0]["ended_utc"] == "2026-05-01T12:00:01.000+00:00"
    assert "Anna" not in (folder / "reps.csv").read_text()
    assert (folder / "reps.csv").stat().st_mode & 0o777 == 0o600

    by_session = ["--table", "sessions", "--names", "--member", "0427", "--since", "2026-05-01"]
    pronemat(folder, "export", "sessions.csv", *by_session, "--until", "2026-05-02")
    with (folder / "sessions.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["reps"], row["clean"], row["member_name"]) == ("3", "3", "Anna")

    pronemat(folder, "export", "all.json", "--names")
    (document,) = json.loads((folder / "all.json").read_text())
    assert (document["reps"], document["member_name"]) == (3, "Anna")
    assert document["rep_list"][0]["numbers"] == {"tilt": 1.5, "roll": None}

    assert (
        "none.csv: 0 reps" in pronemat(folder, "export", "none.csv", "--since", "2026-05-03").stdout
    )
    assert json.loads((folder / "all.json").read_text())


def test_a_running_daemon_is_backed_up_and_not_restored_over(tmp_path: Path) -> None:
    def restore() -> Result:
        return pronemat(tmp_path, "restore", str(tmp_path / "monday.pronemat"), "--yes")

    daemon = Daemon(tmp_path, "--source", "demo")
    try:
        daemon.ask("status")
        taken = process(tmp_path, "backup", "monday.pronemat")
        assert taken.returncode == 0, taken.stderr
        with pytest.raises(PronematError, match=r"a daemon uses .* stop it first"):
            raise restore().exception or AssertionError
    finally:
        daemon.end(signal.SIGTERM)
    assert restore().exit_code == 0


def test_a_daemon_that_starts_finishes_a_restore_that_was_cut_short(
    here: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pronemat(folder, "backup", "monday.pronemat")
    here.trained("Bea")
    # So that the calibration in force does not keep this mat's daemon from starting.
    (here.settings.calibrations_folder / "current.json").unlink()

    def power_cut(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("device.backup.finish._replace_database", power_cut)
        assert pronemat(folder, "restore", "monday.pronemat", "--yes").exit_code != 0
    assert here.people() == ["Anna", "Bea"]
    daemon = Daemon(folder, "--source", "demo")
    try:
        daemon.ask("status")
        assert here.people() == ["Anna"]
    finally:
        _, said = daemon.end(signal.SIGTERM)
    assert "a restore that was cut short is finished now" in said
