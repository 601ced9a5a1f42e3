"""Through the running daemon: weights on the simulated mat, points by flags, and taken over."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from device.calibrations.feed import open_feed
from device.calibrations.merge import record_of_points
from device.calibrations.visit import history_of
from device.cli import pronemat as command_line
from device.config import load_settings
from device.core.mat import Mat
from tests.calibrations.conftest import MADE
from tests.daemon.process import DEADLINE_S, Daemon

HEAVY_N = 80.0
"""More than what makes a member of whoever lies there."""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demonstration eight times as quick as life, on whose mat nobody lies."""
    folder = tmp_path_factory.mktemp("calibrate")
    started = Daemon(folder, "--source", "demo", "--speed", "8")
    started.ask("member", do="get_up")
    yield started
    started.process.kill()
    started.process.communicate()


def await_status(daemon: Daemon, wanted: Callable[[dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not wanted(status := daemon.ask("status")):
        assert time.monotonic() < deadline, status


def pronemat(daemon: Daemon, *arguments: str) -> Result:
    """The command in this process: starting one for each takes longer than all of them."""
    return CliRunner().invoke(command_line, [*arguments, "--config", str(daemon.config)])


def test_a_strip_is_calibrated_by_flags_alone_and_taken_over_at_once(
    daemon: Daemon, mat: Mat
) -> None:
    before = daemon.ask("status")
    assert before["calibration"] == "simulated weights"
    quick = ("--settle", "1", "--read", "0.5", "--json")
    for weight in ("0", "20"):
        daemon.ask("member", do=f"press asis_left {weight}")
        done = pronemat(daemon, "calibrate", "point", "asis_left", weight, *quick)
        assert done.exit_code == 0, str(done.exception)
        assert json.loads(done.stdout)["force_n"] == float(weight)
    refused = pronemat(daemon, "calibrate", "point", "asis_left", "40", *quick)
    assert refused.exit_code == 1
    assert "is not monotone" in str(refused.exception) or "feels" in str(refused.exception)
    fits = json.loads(pronemat(daemon, "calibrate", "fit", "--json").stdout)
    assert fits["asis_left"]["points"] == 2
    kept = pronemat(daemon, "calibrate", "keep", "--yes")
    assert kept.exit_code == 0, str(kept.exception)
    assert "the running daemon has taken it over" in kept.stdout
    after = daemon.ask("status")
    assert after["calibration"] != before["calibration"]
    assert after["run"] != before["run"]
    history = history_of(load_settings(daemon.config), mat, simulated=True)
    in_force = history.in_force()
    assert in_force is not None
    assert in_force.simulated
    assert after["calibration"] == in_force.id
    assert not load_settings(daemon.config).calibration_path.exists()
    daemon.ask("member", do="press asis_left 0")


def test_the_whole_mat_is_taken_over_and_gone_back_from(daemon: Daemon, mat: Mat) -> None:
    history = history_of(load_settings(daemon.config), mat, simulated=True)
    points = np.array([0.0, 10.0]), np.array([1000.0, 9000.0])
    record = record_of_points(
        mat,
        dict.fromkeys(mat.names, points),
        "by hand",
        new_id="2026-01-05-anna-0001",
        made_utc=MADE[0],
        person="anna",
        conditions={},
    )
    history.put_in_force(record)
    await_status(daemon, lambda status: status["session"] is None)
    assert daemon.ask("reload_calibration") == {"ok": True, "calibration": "by hand"}
    assert daemon.ask("snapshot")["calibrated"]
    done = pronemat(daemon, "calibrate", "rollback", "factory", "--yes")
    assert done.exit_code == 0, str(done.exception)
    assert "has taken it over" in done.stdout
    assert not daemon.ask("snapshot")["calibrated"]
    whole = history.current.read_text()
    history.current.write_text("{")
    answer = daemon.ask("reload_calibration")
    history.current.write_text(whole)
    assert not answer["ok"]
    assert "rollback" in answer["error"]
    assert daemon.ask("status")["ok"]


class Hand(io.StringIO):
    """Reads what is asked for, and lays the weight."""

    def __init__(self, daemon: Daemon) -> None:
        super().__init__()
        self._daemon = daemon

    def write(self, text: str) -> int:
        if "Next: " in text:
            self._daemon.ask("member", do="press asis_left 20")
        return super().write(text)


def test_the_check_as_lines(daemon: Daemon) -> None:
    options = ("--strip", "asis_left", "--settle", "1", "--read", "0.5", "--plain", "--json")
    asked, told = Hand(daemon), io.StringIO()
    with redirect_stderr(asked), redirect_stdout(told), pytest.raises(SystemExit) as ended:
        command_line(["check", *options, "--config", str(daemon.config)], standalone_mode=False)
    daemon.ask("member", do="press asis_left 0")
    assert ended.value.code in (0, 3), asked.getvalue()
    checked = json.loads(told.getvalue())
    assert list(checked["strips"]) == ["asis_left"]
    assert "asis_left makes" in asked.getvalue()


def test_while_it_is_calibrated_weights_are_no_members_and_nobody_can_train(
    daemon: Daemon, mat: Mat
) -> None:
    with open_feed(load_settings(daemon.config), mat, person="anna"):
        said = "The mat is being calibrated by anna: stay off it."
        await_status(daemon, lambda status: said in status["problems"])
        daemon.ask("member", do="press thigh_left 60")
        daemon.ask("member", do="press asis_left 60")
        asis_left = mat.names.index("asis_left")
        with closing(daemon.client.events()) as messages:
            deadline = time.monotonic() + DEADLINE_S
            for message in messages:
                assert time.monotonic() < deadline
                if message.kind == "live" and message.body["weight_n"] > HEAVY_N:
                    assert message.body["phase"] == "empty"
                    assert message.body["forces_n"][asis_left] > HEAVY_N / 4
                    break
        for command in ("start", "identify"):
            refused = daemon.ask(command, member=None)
            assert not refused["ok"]
            assert "is being calibrated by anna" in refused["error"]
        status = daemon.ask("status")
        assert (status["phase"], status["visit"], status["session"]) == ("empty", "new", None)
        daemon.ask("member", do="press thigh_left 0")
        daemon.ask("member", do="press asis_left 0")
    await_status(daemon, lambda status: not status["problems"])
    assert daemon.ask("status")["session"] is None


def test_in_a_session_nothing_is_taken_over_and_nothing_is_measured(daemon: Daemon) -> None:
    await_status(daemon, lambda status: not status["problems"])
    daemon.ask("member", do="lie_down")
    await_status(daemon, lambda status: status["phase"] == "ready")
    if daemon.ask("start")["session"] is None:
        daemon.ask("acknowledge")
    assert daemon.ask("status")["session"] is not None
    refused = daemon.ask("reload_calibration")
    assert not refused["ok"]
    assert "a session is running" in refused["error"]
    done = pronemat(daemon, "calibrate", "point", "asis_left", "5")
    assert done.exit_code == 1
    assert "a session is running; end it with 'pronemat stop'" in str(done.exception)
    tared = pronemat(daemon, "tare")
    assert tared.exit_code != 0
    assert "a session is running" in str(tared.exception)
