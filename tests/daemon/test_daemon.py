"""The daemon process: nothing finished is lost however it ends, and it ends when it is told."""

from __future__ import annotations

import json
import re
import resource
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from device.athlete import COMMANDS
from device.cli import pronemat
from device.coach.welcome import identify_request
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.daemon import Feed, demo_feed, mat_feed, run_daemon
from device.errors import (
    AlreadyRunningError,
    CalibrationError,
    RecordingError,
    StoreError,
    StreamError,
)
from device.store.database import open_database
from device.store.people import People
from device.store.queries import History, SessionSummary
from tests.daemon.process import DEADLINE_S, Daemon, Start, write_settings

Stored = Callable[[], list[SessionSummary]]
Options = tuple[str | Path, ...]
DEMO: Options = ("--source", "demo", "--speed", "10")
"""As fast as the machine can; where it cannot follow, the emulated world slows down."""


def reps_on_disk(stored: Stored, count: int) -> None:
    """Wait for them; how soon a rep is stored is for the tests of the writer to say."""
    deadline = time.monotonic() + DEADLINE_S
    while sum(session.reps for session in stored()) < count:
        assert time.monotonic() < deadline, f"{count} reps are not stored"
        time.sleep(0.01)


def ordered(daemon: Daemon) -> Daemon:
    """The simulated member comes and lifts both legs, sooner than by the script."""
    for move in ("lie_down", "lift_left", "lift_right"):
        assert daemon.ask("member", do=move)["ok"]
    return daemon


def test_killed_in_a_rep_and_between_reps_it_goes_on_with_every_finished_rep(
    start: Start, stored: Stored
) -> None:
    first = ordered(start(*DEMO))
    first.until_count(1)
    reps_on_disk(stored, 1)
    lifts = 0

    def second_lift(event: dict[str, Any]) -> bool:
        nonlocal lifts
        lifts += event.get("phase") == "lifting"
        return lifts == 2

    first.until(second_lift)
    before = first.ask("snapshot")
    assert before["session"]["count"] == 1
    first.end(signal.SIGKILL)
    assert [(one.state, one.reps) for one in stored()] == [("open", 1)]

    second = start(*DEMO)
    after = second.ask("snapshot")
    assert after["run"] != before["run"]
    assert after["session"] == before["session"]
    ordered(second).until(lambda event: event["event"] == "count")
    reps_on_disk(stored, 2)
    before = second.ask("snapshot")
    second.end(signal.SIGKILL)

    third = start(*DEMO)
    assert third.ask("snapshot")["session"] == before["session"]
    third.end(signal.SIGINT)
    assert [(one.state, one.reps) for one in stored()] == [("ended", 2)]


@dataclass(frozen=True)
class Days:
    """What was seen of a session that outlived a power cut and an update, and was left then."""

    member_id: UUID
    begun: dict[str, Any]
    after_power_cut: dict[str, Any]
    heard: list[bytes]
    stopping: bytes
    stopped_within_s: float
    exit_code: int
    error: str
    kept: list[SessionSummary]
    next_day: dict[str, Any]
    left: list[SessionSummary]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    """One daemon after the other over the same directories, the second under a service manager."""
    folder = tmp_path_factory.mktemp("days")

    def sessions() -> list[SessionSummary]:
        with closing(History(folder / "data" / "pronemat.db")) as history:
            return list(history.sessions())

    first = Daemon(folder, "--source", "demo")
    first.ask("status")
    with closing(People(folder / "data" / "pronemat.db")) as people:
        ada = people.create({"name": "Ada", "code": "1234"})
    # The simulated guest may have begun a session meanwhile.
    while not first.ask(**identify_request(ada.id, ada.name, acknowledged=True))["ok"]:
        first.ask("stop")
    assert first.ask("choose", plan={"variation": "single", "reps": 5})["ok"]
    begun = first.ask("start")["session"]
    deadline = time.monotonic() + DEADLINE_S
    while not sessions():
        assert time.monotonic() < deadline
    first.end(signal.SIGKILL)

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(folder / "notify"))
        manager.settimeout(DEADLINE_S)
        env = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "300000"}
        second = Daemon(folder, "--source", "demo", env=env)
        heard = [manager.recv(100) for _ in range(4)]
        after_power_cut = second.ask("snapshot")
        told_s = time.monotonic()
        exit_code, error = second.end(signal.SIGTERM)
        stopped_within_s = time.monotonic() - told_s
        while (stopping := manager.recv(100)) == b"WATCHDOG=1":
            pass
    kept = sessions()
    third = Daemon(folder, "--source", "demo", settings="[session]\nresume_within_s = 0\n")
    next_day = third.ask("snapshot")
    third.end(signal.SIGTERM)
    return Days(
        member_id=ada.id,
        begun=begun,
        after_power_cut=after_power_cut,
        heard=heard,
        stopping=stopping,
        stopped_within_s=stopped_within_s,
        exit_code=exit_code,
        error=error,
        kept=kept,
        next_day=next_day,
        left=sessions(),
    )


def test_after_a_power_cut_it_still_knows_whose_session_it_is_and_what_is_trained(
    days: Days,
) -> None:
    after = days.after_power_cut
    assert after["session"]["id"] == days.begun["id"]
    assert after["member"] == {"id": str(days.member_id), "name": "Ada"}
    assert (after["visit"], after["plan"]["reps"]) == ("cleared", 5)


def test_the_service_manager_hears_ready_alive_and_stopping(days: Days) -> None:
    assert days.heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert days.stopping == b"STOPPING=1"


def test_sigterm_ends_it_at_once_and_leaves_the_session_open(days: Days) -> None:
    assert days.exit_code == 0, days.error
    assert "everything finished is stored" in days.error
    assert [(str(one.id), one.state) for one in days.kept] == [(days.begun["id"], "open")]
    # A second is enough where nobody else needs the processor; a service manager gives ninety.
    assert days.stopped_within_s < 5.0


def test_a_session_left_for_too_long_is_interrupted(days: Days) -> None:
    assert days.next_day["session"] is None
    assert [(str(one.id), one.state) for one in days.left] == [(days.begun["id"], "interrupted")]


def test_a_replay_that_is_killed_loses_nothing_and_begins_anew_counts_all_and_ends(
    start: Start, stored: Stored, replay: Options
) -> None:
    first = start(*replay, "--speed", "20")
    first.until_count(3)
    reps_on_disk(stored, 3)
    first.end(signal.SIGKILL)
    code, error = start(*replay, "--speed", "max").wait()
    assert code == 0, error
    killed, whole = stored()
    assert killed.state == "interrupted"
    assert killed.reps >= 3
    assert (whole.state, whole.source, whole.simulated) == ("ended", "replay", True)
    assert whole.calibrated
    assert (whole.sets, whole.reps) == (1, 6)


def test_while_the_disk_is_full_it_goes_on_counting_and_stores_all_when_there_is_room(
    start: Start, stored: Stored, replay: Options
) -> None:
    daemon = start(*replay, "--speed", "12")
    daemon.until_count(1)
    reps_on_disk(stored, 1)
    _, unlimited = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (8192, unlimited))
    full = stored()[0].reps
    said = daemon.until(lambda event: event["event"] == "problems" and bool(event["problems"]))
    assert "check its space" in said["problems"][0] or "is full" in said["problems"][0]
    daemon.until_count(full + 2)
    status = daemon.ask("status")
    assert status["unwritten"] > 0
    assert "wait in memory" in status["problems"][0]
    assert stored()[0].reps < full + 2
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
    reps_on_disk(stored, full + 2)


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
    code, error = start(*DEMO, settings="[web]\nprot = 80\n").wait()
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


def test_a_command_without_a_daemon_says_how_to_start_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(pronemat, ["tare", "--config", str(write_settings(tmp_path))])
    assert isinstance(done.exception, StreamError)
    assert "start it with 'pronemat daemon'" in str(done.exception)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demonstration that several tests look at."""
    daemon = Daemon(tmp_path_factory.mktemp("demo"), "--source", "demo")
    daemon.ask("status")
    yield daemon
    daemon.end(signal.SIGTERM)


def test_a_second_daemon_is_refused_and_the_first_goes_on(running: Daemon, tmp_path: Path) -> None:
    settings = load_settings(running.config)
    with pytest.raises(AlreadyRunningError) as refused:
        run_daemon(settings, demo)
    assert f"already runs with {running.folder}/run (process {running.process.pid})" in str(
        refused.value
    )
    elsewhere = load_settings(running.config, {"paths.run": tmp_path})
    with pytest.raises(AlreadyRunningError, match="'data' under"):
        run_daemon(elsewhere, demo)
    assert running.ask("status")["ok"]


def test_start_and_stop_are_obeyed_and_what_is_unknown_is_refused(running: Daemon) -> None:
    running.ask("stop")
    running.ask("start")
    begun = running.ask("acknowledge")["session"]
    assert (begun["count"], begun["set"]) == (0, 0)
    assert running.ask("snapshot")["visit"] == "cleared"
    assert running.ask("start")["session"]["id"] == begun["id"]
    assert running.ask("stop")["session"] is None
    unknown = running.ask("dance")["error"]
    assert "knows no command 'dance'; it knows snapshot, events_since, status, start" in unknown
    for command in ("stop", "tare", "acknowledge", "decline", "identify", "choose", "frames"):
        assert f"{command}, " in unknown


def test_the_simulated_member_does_what_it_is_told(running: Daemon) -> None:
    assert running.ask("member", do=COMMANDS[0])["ok"]
    assert "does not know 'fly'" in running.ask("member", do="fly")["error"]
    assert running.ask("member", do=COMMANDS[-1])["ok"]


def test_the_commands_of_a_person_reach_the_daemon(running: Daemon) -> None:
    def said(*arguments: str) -> str:
        done = CliRunner().invoke(pronemat, [*arguments, "--config", str(running.config)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "no session is open" in said("stop")
    assert re.search("0 reps in its set so far|the safety page is shown", said("start"))
    assert "no session is open" in said("stop")
    shown = said("status")
    assert "SIMULATED" in shown
    assert "chip 0x48   answers" in shown
    status = json.loads(said("status", "--json"))
    assert (status["source"], status["calibrated"]) == ("demo", True)


def test_live_frames_come_60_times_a_second_at_most(running: Daemon) -> None:
    """By the frames' own time, so that a machine that is busy meanwhile proves nothing wrong."""
    times = []
    with closing(running.client.events()) as messages:
        for kind, body in messages:
            if kind == "live":
                times.append(body["t"])
                if len(times) == 40:
                    break
    assert 10 <= 39 / (times[-1] - times[0]) <= 61
