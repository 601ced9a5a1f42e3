"""`pronemat monitor` over the running demonstration, in a real pseudo-terminal of 80x24."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.errors import PronematError
from device.service.lock import DirectoryLock
from tests.daemon.process import Daemon, write_settings
from tests.terminal import Terminal, this_terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*3[1-7][;m]")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    started = Daemon(tmp_path_factory.mktemp("monitor"), "--source", "demo")
    started.ask("status")
    yield started
    started.process.kill()
    started.process.communicate()


def ended_by(terminal: Terminal, number: signal.Signals) -> None:
    """However it ends, it is an end in order."""
    terminal.process.send_signal(number)
    code, text = terminal.to_the_end()
    assert code == 0
    assert "Traceback" not in text


def test_it_shows_the_mat_in_colours_and_obeys_its_keys(daemon: Daemon, tmp_path: Path) -> None:
    marks = tmp_path / "marks.jsonl"
    with Terminal("monitor", "--config", daemon.config, "--marks", marks) as terminal:
        terminal.until(lambda text: "SIMULATED" in text and "asis" in text and "0x4b ok" in text)
        assert COLOUR.search(terminal.raw)
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
        ended_by(terminal, signal.SIGTERM)
    assert daemon.ask("status")["ok"]


def test_there_are_no_colours_where_the_terminal_has_none(daemon: Daemon) -> None:
    with Terminal("monitor", "--config", daemon.config, env={"TERM": "vt100"}) as terminal:
        terminal.until(lambda text: "asis" in text)
        assert COLOUR.search(terminal.raw) is None
        ended_by(terminal, signal.SIGHUP)
    assert daemon.ask("status")["ok"]


def test_it_shows_a_simulated_mat_of_its_own(tmp_path: Path) -> None:
    config = write_settings(tmp_path)
    with Terminal("monitor", "--config", config, "--source", "demo") as terminal:
        terminal.until(lambda text: "SIMULATED" in text and "0x4b ok" in text)
        ended_by(terminal, signal.SIGINT)


def monitor(folder: Path) -> None:
    pronemat(["monitor", "--config", str(write_settings(folder))], standalone_mode=False)


def test_too_small_a_terminal_is_one_sentence(tmp_path: Path) -> None:
    with (
        this_terminal(columns=60, lines=20),
        pytest.raises(PronematError, match=r"^the terminal is 60 by 20, and .* `pronemat status`"),
    ):
        monitor(tmp_path)


def test_a_terminal_that_cannot_move_its_cursor_is_one_sentence(tmp_path: Path) -> None:
    with this_terminal(TERM="dumb"), pytest.raises(PronematError, match="TERM=dumb"):
        monitor(tmp_path)


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(pronemat, ["monitor", "--config", str(write_settings(tmp_path))])
    assert isinstance(done.exception, PronematError)
    assert "needs a terminal" in str(done.exception)


def test_without_a_daemon_it_opens_the_bus_and_says_where_there_is_none(tmp_path: Path) -> None:
    if Path("/dev/i2c-1").exists():
        pytest.skip("this machine has an I2C bus")
    with this_terminal(), pytest.raises(PronematError, match=r"^There is no I2C bus"):
        monitor(tmp_path)


def test_a_bus_that_a_starting_daemon_holds_is_left_to_it(tmp_path: Path) -> None:
    with (
        DirectoryLock(tmp_path / "run", "run"),
        this_terminal(),
        pytest.raises(PronematError, match="a daemon already runs"),
    ):
        monitor(tmp_path)
