"""What a running daemon is told, by a page or a person, and what it answers and streams."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.athlete import COMMANDS
from device.cli import pronemat
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.daemon import Feed, demo_feed, run_daemon
from device.errors import AlreadyRunningError, StreamError
from device.mat_file import load_mat
from device.tare_file import keep_tare, tare_document
from tests.daemon.process import Daemon, Start, write_settings


def demo(settings: Settings, mat: Mat) -> Feed:
    return demo_feed(settings, mat, 0, 1.0)


def test_a_command_without_a_daemon_says_how_to_start_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(pronemat, ["stop", "--config", str(write_settings(tmp_path))])
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


def test_the_zero_of_a_tare_holds_over_a_restart(start: Start, tmp_path: Path) -> None:
    settings = load_settings(write_settings(tmp_path))
    mat = load_mat(settings.mat.file)
    feed = demo_feed(settings, mat, 0, 1.0)
    assert feed.tare is not None
    strip = mat.names.index("thigh_left")
    zero_n = [4.0 if place == strip else 0.0 for place in range(len(mat.names))]
    keep_tare(feed.tare, tare_document(feed.calibration, zero_n))
    daemon = start("--source", "demo")
    daemon.ask("member", do="get_up")
    with closing(daemon.client.events()) as messages:
        told = (body["forces_n"][strip] for kind, body in messages if kind == "live")
        first_n = next(force_n for force_n in told if force_n is not None)
    assert first_n == pytest.approx(-4.0, abs=0.5)
