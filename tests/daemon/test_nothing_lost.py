"""However the daemon ends, and while the disk is full, nothing finished is lost."""

from __future__ import annotations

import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from device.coach.welcome import identify_request
from device.store.people import People
from device.store.queries import History, SessionSummary
from tests.daemon.process import DEADLINE_S, Daemon, Start

Stored = Callable[[], list[SessionSummary]]
Options = tuple[str | Path, ...]
DEMO: Options = ("--source", "demo", "--speed", "10")
"""As fast as the machine can; where it cannot follow, the emulated world slows down."""


def reps(stored: Stored) -> int:
    return sum(session.reps for session in stored())


def reps_on_disk(stored: Stored, count: int) -> None:
    """Wait for them; how soon a rep is stored is for the tests of the writer to say."""
    deadline = time.monotonic() + DEADLINE_S
    while reps(stored) < count:
        assert time.monotonic() < deadline, f"{count} reps are not stored"
        time.sleep(0.01)


def lifted(daemon: Daemon, *moves: str) -> Daemon:
    """The simulated member comes and makes these moves, sooner than by script, then rests."""
    for move in ("lie_down", *moves):
        assert daemon.ask("member", do=move)["ok"]
    return daemon


def whose(snapshot: dict[str, Any]) -> tuple[str, int]:
    """Which session is open, and its reps in all its sets."""
    session = snapshot["session"]
    return session["id"], sum(one["count"] for one in (session, *session["earlier"]))


def test_killed_in_a_rep_and_between_reps_it_goes_on_with_every_finished_rep(
    start: Start, stored: Stored
) -> None:
    first = lifted(start(*DEMO), "lift_left", "lift_right")
    first.until_count(1)
    reps_on_disk(stored, 1)
    lifts = 0

    def second_lift(event: dict[str, Any]) -> bool:
        nonlocal lifts
        lifts += event.get("phase") == "lifting"
        return lifts == 2

    first.until(second_lift)
    run = first.ask("snapshot")["run"]
    first.end(signal.SIGKILL)
    # One, but for a machine so busy that the second leg was down again before the signal came.
    (kept,) = stored()
    assert (kept.state, kept.reps in (1, 2)) == ("open", True)

    second = start(*DEMO)
    after = second.ask("snapshot")
    assert after["run"] != run
    assert whose(after) == (str(kept.id), kept.reps)
    lifted(second, "lift_left")
    reps_on_disk(stored, kept.reps + 1)
    second.end(signal.SIGKILL)

    third = start("--source", "demo")
    assert whose(third.ask("snapshot")) == (str(kept.id), kept.reps + 1)
    third.end(signal.SIGINT)
    assert [(one.state, one.reps) for one in stored()] == [("ended", kept.reps + 1)]


@dataclass(frozen=True)
class Days:
    """What was seen of a session that outlived a power cut and an update, and was left then."""

    member_id: UUID
    begun: dict[str, Any]
    after_power_cut: dict[str, Any]
    heard: list[bytes]
    stopping: bytes
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
        assert time.monotonic() < deadline, "the session is not stored"
        time.sleep(0.01)
    first.end(signal.SIGKILL)

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(folder / "notify"))
        manager.settimeout(DEADLINE_S)
        env = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "300000"}
        second = Daemon(folder, "--source", "demo", env=env)
        heard = [manager.recv(100) for _ in range(4)]
        after_power_cut = second.ask("snapshot")
        exit_code, error = second.end(signal.SIGTERM)
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


def test_sigterm_ends_it_and_leaves_the_session_open(days: Days) -> None:
    assert days.exit_code == 0, days.error
    assert "everything finished is stored" in days.error
    assert [(str(one.id), one.state) for one in days.kept] == [(days.begun["id"], "open")]


def test_a_session_left_for_too_long_is_interrupted(days: Days) -> None:
    assert days.next_day["session"] is None
    assert [(str(one.id), one.state) for one in days.left] == [(days.begun["id"], "interrupted")]


def test_a_replay_that_is_killed_loses_nothing_and_begins_anew_counts_all_and_ends(
    start: Start, stored: Stored, replay: Options
) -> None:
    first = start(*replay, "--speed", "10")
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
    daemon.ask("status")
    _, unlimited = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (8192, unlimited))
    full = reps(stored)
    said = daemon.until(lambda event: event["event"] == "problems" and bool(event["problems"]))
    assert "check its space" in said["problems"][0] or "is full" in said["problems"][0]
    daemon.until_count(full + 2)
    status = daemon.ask("status")
    assert status["unwritten"] > 0
    assert "wait in memory" in status["problems"][0]
    assert reps(stored) < full + 2
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
    reps_on_disk(stored, full + 2)
