"""Calibrate and check in a real terminal of 80x24, through a daemon over emulated chips."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from device.calibrations.history import History
from device.calibrations.unfinished import load_unfinished
from device.calibrations.visit import history_of
from device.config import load_settings
from device.core.mat import Mat
from tests.daemon.process import DEADLINE_S, Daemon
from tests.terminal import Terminal

QUICK = ("--weights", "5,20", "--settle", "2", "--read", "0.5", "--person", "anna")


def leave_empty(daemon: Daemon) -> None:
    """Take the weight off and wait until nobody's visit is left: in one a weight of 30 N, which
    the simulated visitor takes for a body, may begin a session."""
    daemon.ask("member", do="press asis_left 0")
    deadline = time.monotonic() + DEADLINE_S
    while (status := daemon.ask("status"))["phase"] != "empty" or status["visit"] != "new":
        daemon.ask("stop")
        assert time.monotonic() < deadline, status


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demonstration six times as quick as life."""
    started = Daemon(tmp_path_factory.mktemp("visit"), "--source", "demo", "--speed", "6")
    started.ask("member", do="get_up")
    leave_empty(started)
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture
def kept(daemon: Daemon, mat: Mat) -> History:
    return history_of(load_settings(daemon.config), mat, simulated=True)


def test_a_visit_from_the_empty_mat_to_the_curve_in_force(daemon: Daemon, kept: History) -> None:
    options = ("--config", daemon.config, "--strip", "asis_left", *QUICK)
    with Terminal("calibrate", *options) as terminal:
        for words in ("let 5 N", "let 20 N", "until 5 N", "take everything off.", "Is the curve"):
            terminal.until(lambda text, words=words: words in text)
            terminal.forget()
            terminal.type("h")
        terminal.type("y")
        terminal.until(lambda text: "Replace factory" in text)
        terminal.type("y")
        code, text = terminal.to_the_end()
    assert code == 0, text
    assert "the daemon has it in force already" in text
    in_force = kept.in_force()
    assert in_force is not None
    assert daemon.ask("status")["calibration"] == in_force.id


@pytest.mark.parametrize("how", ["hang up", signal.SIGHUP])
def test_however_it_ends_the_points_are_kept_and_another_may_go_on(
    daemon: Daemon, mat: Mat, kept: History, how: str | signal.Signals
) -> None:
    options = ("--config", daemon.config, "--strip", "pubis", "--fresh", *QUICK)
    daemon.ask("member", do="press pubis 0")
    with Terminal("calibrate", *options) as terminal:
        terminal.until(lambda text: "let 5 N" in text)
        with Terminal("calibrate", *options) as other:
            code, text = other.to_the_end()
            assert code == 1
            assert "the mat is being calibrated by" in text
        if isinstance(how, str):
            terminal.hang_up()
            terminal.process.wait(DEADLINE_S)
        else:
            terminal.process.send_signal(how)
            _, text = terminal.to_the_end()
            assert "Traceback" not in text
    left = load_unfinished(kept.folder, mat)
    assert left is not None
    assert [reading.force_n for reading in left.readings["pubis"]] == [0.0]


def test_the_check_in_a_terminal_and_as_lines(daemon: Daemon, mat: Mat) -> None:
    leave_empty(daemon)
    options = ("--config", daemon.config, "--strip", "asis_left", "--settle", "2", "--read", "0.5")
    with Terminal("check", *options) as terminal:
        terminal.until(lambda text: "Next: asis_left" in text)
        terminal.type("h")
        terminal.until(lambda text: "asis_left makes" in text)
        terminal.type("q")
        code, text = terminal.to_the_end()
    assert code in (0, 3), text
    assert "the verdicts" in text
    leave_empty(daemon)
    with Terminal("check", "--plain", "--json", *options) as terminal:
        terminal.until(lambda text: "Next: " in text)
        daemon.ask("member", do="press asis_left 20")
        code, text = terminal.to_the_end()
    daemon.ask("member", do="press asis_left 0")
    assert code in (0, 3), text
    assert '"asis_left": {"grade"' in text


def test_too_small_a_terminal_is_one_sentence(daemon: Daemon) -> None:
    for command in ("calibrate", "check"):
        with Terminal(command, "--config", daemon.config, columns=70, lines=24) as terminal:
            code, text = terminal.to_the_end()
        assert code == 1
        assert text.startswith("pronemat: the terminal is 70 by 24")
        assert "point" in text or "--plain" in text
