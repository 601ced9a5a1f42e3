"""What keeps the daemon from starting: one sentence says what to do, and nothing is touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.daemon import Feed, demo_feed, mat_feed, run_daemon
from device.errors import CalibrationError, RecordingError, StoreError, StreamError
from device.store.database import open_database
from tests.daemon.process import Start, write_settings


def demo(settings: Settings, mat: Mat) -> Feed:
    return demo_feed(settings, mat, 0, 1.0)


def settings_in(folder: Path) -> Settings:
    return load_settings(write_settings(folder))


def test_a_damaged_database_keeps_it_from_starting_and_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "pronemat.db"
    database.write_bytes(b"no database at all" * 500)
    with pytest.raises(StoreError, match="is damaged; stop the daemon, move the file aside"):
        run_daemon(settings_in(tmp_path), demo)
    assert database.read_bytes() == b"no database at all" * 500


def test_a_locked_database_keeps_it_from_starting(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_database(settings.database).dispose()
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="is locked by another program"):
            run_daemon(settings, demo)


def test_a_socket_that_cannot_be_made_keeps_it_from_starting(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "stream.events").write_text("in the way")
    with pytest.raises(StreamError, match="is in the way of the daemon's socket; remove it"):
        run_daemon(settings_in(tmp_path), demo)
    deep = load_settings(write_settings(tmp_path), {"paths.run": tmp_path / ("x" * 100)})
    with pytest.raises(StreamError, match="set a shorter directory as 'run'"):
        run_daemon(deep, demo)


def test_a_directory_that_cannot_be_written_keeps_it_from_starting(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match="'data' under"):
        run_daemon(settings_in(tmp_path), demo)


def test_a_damaged_calibration_keeps_it_from_starting(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "calibrations"
    folder.mkdir(parents=True)
    (folder / "current.json").write_text("{")
    with pytest.raises(CalibrationError, match="go back to the one before by 'pronemat calibrate"):
        run_daemon(settings_in(tmp_path), mat_feed)


def test_what_keeps_it_from_starting_is_one_sentence_and_an_exit_code(start: Start) -> None:
    code, error = start("--source", "demo", settings="[web]\nprot = 80\n").wait()
    assert code == 1
    assert error.startswith("pronemat: ")
    assert len(error.splitlines()) == 1
    assert "line 5: unknown key 'prot' in [web]; allowed are host, port" in error


def test_a_recording_that_is_not_there_keeps_it_from_starting(tmp_path: Path) -> None:
    options = ["--source", "replay", "--file", "gone.csv"]
    config = str(write_settings(tmp_path))
    done = CliRunner().invoke(pronemat, ["daemon", "--config", config, *options])
    assert isinstance(done.exception, RecordingError)
    assert "gone.csv does not exist" in str(done.exception)
