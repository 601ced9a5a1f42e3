"""Calibrate and check in a real terminal of 80x24, through a daemon over emulated chips."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.calibrations.history import History
from device.calibrations.unfinished import load_unfinished
from device.calibrations.visit import history_of
from device.cli import pronemat
from device.config import load_settings
from device.core.mat import Mat
from device.errors import AlreadyRunningError, PronematError
from tests.daemon.process import DEADLINE_S, Daemon, write_settings
from tests.terminal import Terminal, this_terminal

QUICK = ("--weights", "20", "--settle", "1", "--read", "0.5", "--person", "anna")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demonstration four times as quick as life."""
    started = Daemon(tmp_path_factory.mktemp("visit"), "--source", "demo", "--speed", "4")
    started.ask("member", do="get_up")
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture
def kept(daemon: Daemon, mat: Mat) -> History:
    return history_of(load_settings(daemon.config), mat, simulated=True)


def test_a_visit_from_the_empty_mat_to_the_curve_in_force(daemon: Daemon, kept: History) -> None:
    options = ("--config", daemon.config, "--strip", "asis_left", *QUICK)
    with Terminal("calibrate", *options) as terminal:
        for words in ("let 20 N", "take everything off.", "Is the curve"):
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


def test_the_connection_drops_the_points_are_kept_and_another_had_to_wait(
    daemon: Daemon, mat: Mat, kept: History
) -> None:
    options = ("--config", daemon.config, "--strip", "pubis", "--fresh", *QUICK)
    with Terminal("calibrate", *options) as terminal:
        terminal.until(lambda text: "let 20 N" in text)
        with (
            this_terminal(),
            pytest.raises(AlreadyRunningError, match="the mat is being calibrated by"),
        ):
            pronemat(["calibrate", *map(str, options)], standalone_mode=False)
        terminal.hang_up()
        terminal.process.wait(DEADLINE_S)
    left = load_unfinished(kept.folder, mat)
    assert left is not None
    assert [reading.force_n for reading in left.readings["pubis"]] == [0.0]


def test_the_check_on_the_full_screen(daemon: Daemon) -> None:
    options = ("--strip", "asis_left", "--settle", "1", "--read", "0.5", "--json")
    with Terminal("check", "--config", daemon.config, *options) as terminal:
        terminal.until(lambda text: "Next: asis_left" in text)
        terminal.type("h")
        terminal.until(lambda text: "asis_left makes" in text)
        terminal.type("q")
        code, text = terminal.to_the_end()
    daemon.ask("member", do="press asis_left 0")
    assert code in (0, 3), text
    assert "the verdicts" in text
    assert '"asis_left": {"grade"' in text


@pytest.mark.parametrize("command", ["calibrate", "check"])
def test_too_small_a_terminal_is_one_sentence(tmp_path: Path, command: str) -> None:
    options = [command, "--config", str(write_settings(tmp_path))]
    with (
        this_terminal(columns=70),
        pytest.raises(PronematError, match=r"^the terminal is 70 by 24.*(point|--plain)"),
    ):
        pronemat(options, standalone_mode=False)
