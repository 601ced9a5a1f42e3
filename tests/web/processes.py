"""Processes of the web side as a person starts them, and waiting for what they do."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from device.errors import StreamError
from device.stream.client import StreamClient

PATIENCE_S = 20.0
"""How long anything is waited for; a process starts within two on a free machine."""


def eventually(what: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """The first true value of `what`; fails after the deadline."""
    deadline = time.monotonic() + within_s
    while not (value := what()):
        assert time.monotonic() < deadline, f"not true within {within_s} s: {what}"
        time.sleep(0.01)
    return value


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class WebProcess:
    """`python -m web` on a port of its own."""

    def __init__(self, run: Path, port: int | None = None, config: Path | None = None) -> None:
        self.run = run
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        command = [sys.executable, "-m", "web", "--run", run, "--data", run]
        command += ["--port", str(self.port)]
        self.process = subprocess.Popen(
            command if config is None else [*command, "--config", config],
            stderr=subprocess.PIPE,
            text=True,
        )
        eventually(self.answers)

    def answers(self) -> bool:
        """Whether the page is served."""
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
        try:
            with urlopen(self.url, timeout=2) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End it without a chance to say anything."""
        self.process.kill()
        self.process.communicate()

    def end(self) -> tuple[int, str]:
        """End it as systemd does; its exit code and what it logged."""
        self.process.terminate()
        _, logged = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, logged


@contextmanager
def real_daemon(run: Path, seed: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    """`pronemat daemon` on the emulated mat; it answers within the block."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "device",
            "daemon",
            "--source=demo",
            f"--seed={seed}",
            f"--run={run}",
            f"--data={run}",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: answers(f"ipc://{run}/stream"))
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def answers(endpoint: str) -> bool:
    """Whether the daemon there answers."""
    try:
        return bool(StreamClient(endpoint).command({"command": "status"}, 0.2)["ok"])
    except StreamError:
        return False
