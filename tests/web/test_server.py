"""The web process: its start, its errors and its end."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.web.processes import WebProcess, free_port
from tests.web.test_stream import Listener


def run_web(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "web", *arguments], capture_output=True, text=True, timeout=30
    )


def test_it_ends_within_a_second_of_sigterm_though_pages_are_open(tmp_path: Path) -> None:
    web = WebProcess(tmp_path)
    with closing(Listener(web)) as listener:
        listener.until("lost")
        asked_s = time.monotonic()
        code, logged = web.end()
        assert (code, time.monotonic() - asked_s < 1.0) == (0, True)
    assert "Traceback" not in logged


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


def test_a_settings_key_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    settings = tmp_path / "pronemat.toml"
    settings.write_text("[web]\nprot = 80\n", encoding="utf-8")
    done = run_web("--config", str(settings))
    assert done.returncode == 1
    assert "line 2: unknown key 'prot' in [web]" in done.stderr
    assert "Traceback" not in done.stderr
