"""`pronemat monitor` over the running demonstration, in a real pseudo-terminal of 80x24."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.service.lock import DirectoryLock
from tests.daemon.process import DEADLINE_S, Daemon, write_settings
from tests.terminal import Terminal


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    started = Daemon(tmp_path_factory.mktemp("monitor"), "--source", "demo")
    started.ask("status")
    yield started
    started.process.kill()
    started.process.communicate()


def test_it_shows_the_mat_and_obeys_its_keys(daemon: Daemon, tmp_path: Path) -> None:
    marks = tmp_path / "marks.jsonl"
    with Terminal("monitor", "--config", daemon.config, "--marks", marks) as terminal:
        terminal.until(lambda text: "SIMULATED" in text and "asis" in text and "0x4b ok" in text)
        for key, word in (("c", "counts of"), ("v", "volts at"), ("g", "conductance,")):
            terminal.forget()
            terminal.type(key)
            terminal.until(lambda text, word=word: word in text)
        terminal.type("n")
        terminal.forget()
        terminal.type("mf")
        terminal.until(lambda text: "mark 1" in text and "FROZEN" in text)
        terminal.type("q")
        code, text = terminal.to_the_end()
    assert code == 0
    assert "Traceback" not in text
    (mark,) = [json.loads(line) for line in marks.read_text().splitlines()]
    assert len(mark["forces_n"]) == 15
    assert mark["phase"]


@pytest.mark.parametrize("how", ["hang up", signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_however_it_ends_the_daemon_goes_on(daemon: Daemon, how: str | signal.Signals) -> None:
    with Terminal("monitor", "--config", daemon.config) as terminal:
        terminal.until(lambda text: "asis" in text)
        if isinstance(how, str):
            terminal.hang_up()
            terminal.process.wait(DEADLINE_S)
        else:
            terminal.process.send_signal(how)
            _, text = terminal.to_the_end()
            assert "Traceback" not in text
    assert terminal.process.returncode == 0
    assert daemon.ask("status")["ok"]


def test_a_daemon_that_falls_silent_is_said_its_values_go_and_come_back(daemon: Daemon) -> None:
    with Terminal("monitor", "--config", daemon.config) as terminal:
        terminal.until(lambda text: "asis" in text)
        daemon.process.send_signal(signal.SIGSTOP)
        try:
            terminal.forget()
            terminal.until(lambda text: "does not answer" in text and "missing" in text)
        finally:
            daemon.process.send_signal(signal.SIGCONT)
        terminal.forget()
        terminal.until(lambda text: "SIMULATED" in text and "missing" not in text[-1500:])
        terminal.type("q")
        assert terminal.to_the_end()[0] == 0


def test_too_small_a_terminal_is_one_sentence(daemon: Daemon) -> None:
    with Terminal("monitor", "--config", daemon.config, columns=60, lines=20) as terminal:
        code, text = terminal.to_the_end()
    assert code == 1
    assert text.startswith("pronemat: the terminal is 60 by 20")
    assert "Traceback" not in text


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "device", "monitor", "--config", write_settings(tmp_path)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr


def test_without_a_daemon_it_opens_the_bus_and_says_where_there_is_none(tmp_path: Path) -> None:
    if Path("/dev/i2c-1").exists():
        pytest.skip("this machine has an I2C bus")
    with Terminal("monitor", "--config", write_settings(tmp_path)) as terminal:
        code, text = terminal.to_the_end()
    assert code == 1
    assert text.startswith("pronemat: There is no I2C bus")


def test_a_bus_that_starting_daemon_holds_is_left_to_it(tmp_path: Path) -> None:
    config = write_settings(tmp_path)
    with (
        DirectoryLock(tmp_path / "run", "run"),
        Terminal("monitor", "--config", config) as terminal,
    ):
        code, text = terminal.to_the_end()
    assert code == 1
    assert "a daemon already runs" in text


def test_it_shows_a_simulated_mat_of_its_own(tmp_path: Path) -> None:
    config = write_settings(tmp_path)
    with Terminal("monitor", "--config", config, "--source", "demo") as terminal:
        terminal.until(lambda text: "SIMULATED" in text and "0x4b ok" in text)
        terminal.type("q")
        assert terminal.to_the_end()[0] == 0


@pytest.mark.parametrize(("term", "coloured"), [("xterm-256color", True), ("vt100", False)])
def test_colours_only_where_the_terminal_has_them(
    daemon: Daemon, term: str, coloured: bool
) -> None:
    with Terminal("monitor", "--config", daemon.config, env={"TERM": term}) as terminal:
        terminal.until(lambda text: "asis" in text)
        colour = re.search(r"\x1b\[[0-9;]*3[1-7][;m]", terminal.raw)
        terminal.type("q")
        assert terminal.to_the_end()[0] == 0
    assert (colour is not None) is coloured


def test_a_terminal_that_cannot_move_its_cursor_is_one_sentence(daemon: Daemon) -> None:
    with Terminal("monitor", "--config", daemon.config, env={"TERM": "dumb"}) as terminal:
        code, text = terminal.to_the_end()
    assert code == 1
    assert "TERM=dumb" in text
