"""The web process: its start, its errors and its end."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from device.errors import ConfigError
from tests.web.processes import WebProcess, free_port
from tests.web.test_stream import Listener
from web.__main__ import main


def test_it_ends_on_sigterm_though_pages_are_open(tmp_path: Path) -> None:
    web = WebProcess(tmp_path)
    with closing(Listener(web)) as listener:
        listener.until("lost")
        code, logged = web.end()
    assert (code, "Traceback" in logged) == (0, False)


def run_web(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_web("--run", str(tmp_path), "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"pronemat: port {port} is in use, perhaps by another pronemat; "
        "end that one or choose another port with --port.\n"
    )


def test_an_address_that_is_not_ours_is_one_sentence(tmp_path: Path) -> None:
    done = run_web("--run", str(tmp_path), "--host", "192.0.2.1", "--port", str(free_port()))
    assert done.returncode == 1
    assert "choose an address of this machine with --host" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("prot = 80", "line 2: unknown key 'prot' in .web."),
        ('language = "xx"', "'language' in .web. must be en or de, but is 'xx'"),
    ],
)
def test_settings_that_cannot_be_are_one_sentence(tmp_path: Path, line: str, said: str) -> None:
    settings = tmp_path / "pronemat.toml"
    settings.write_text(f"[web]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        main.main(["--config", str(settings), "--run", str(tmp_path)], standalone_mode=False)
