"""The daemon as a process of its own, started as a service manager or a person starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from device.errors import StreamError
from device.stream.client import StreamClient

DEADLINE_S = 30.0
FOREIGN = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "STATE_DIRECTORY", "RUNTIME_DIRECTORY")


class Daemon:
    """`pronemat daemon` over the directories of `folder`, which several may follow one another
    in. `settings` is added to its settings file."""

    def __init__(
        self,
        folder: Path,
        *options: str | Path,
        settings: str = "",
        env: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.config = write_settings(folder, settings)
        environ = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "device", "daemon", "--config", self.config, *options],
            env=environ | (env or {}),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.client = StreamClient(f"ipc://{folder / 'run' / 'stream'}")

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        """A command's answer, once the daemon answers."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                return self.client.command({"command": command, **more})
            except StreamError:
                assert self.process.poll() is None, self.error()
                assert time.monotonic() < deadline, "the daemon does not answer"

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event from the run's beginning on that is `wanted`."""
        snapshot = self.ask("snapshot")
        deadline = time.monotonic() + DEADLINE_S
        with closing(self.client.events((snapshot["run"], 0))) as messages:
            for kind, body in messages:
                if kind == "event" and wanted(body["event"]):
                    event: dict[str, Any] = body["event"]
                    return event
                assert time.monotonic() < deadline, "this event does not come"
        raise AssertionError("the stream ended")

    def until_count(self, count: int) -> None:
        self.until(lambda event: event["event"] == "count" and event["count"] >= count)

    def end(self, number: signal.Signals, within_s: float = DEADLINE_S) -> tuple[int, str]:
        """Send a signal; exit code and standard error of the end."""
        self.process.send_signal(number)
        _, error = self.process.communicate(timeout=within_s)
        return self.process.returncode, error

    def wait(self) -> tuple[int, str]:
        """Exit code and standard error of an end by itself."""
        _, error = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, error

    def error(self) -> str:
        """What it said before it ended by mistake."""
        return self.wait()[1]


def write_settings(folder: Path, more: str = "") -> Path:
    """A settings file that keeps everything inside `folder`."""
    config = folder / "pronemat.toml"
    config.write_text(f'[paths]\ndata = "data"\nrun = "run"\n{more}', encoding="utf-8")
    return config


Start = Callable[..., Daemon]
