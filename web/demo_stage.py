"""The demonstration with a director: daemon, pages and Chromium, for pictures and measurements."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.errors import ConfigError, PronematError, StreamError
from device.stream.client import StreamClient

Browser = Any
Page = Any
"""Playwright's own, of the test extra: imported only where it is used, so that its absence can be
said in a sentence."""

START_WITHIN_S = 60.0
END_WITHIN_S = 5.0
CLEAR_WITHIN_S = 60.0
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Stage:
    """A demonstration that runs: where its page is, and what its member can be told."""

    address: str
    client: StreamClient
    processes: Mapping[str, int]
    """The ids of the daemon's and the pages' processes."""

    def order(self, *moves: str) -> None:
        """Tell the simulated member what to do next, one move after the other."""
        for move in moves:
            self.ask({"command": "member", "do": move})

    def clear(self) -> None:
        """Send the member off the mat, and wait until their visit is over."""
        self.order("get_up")
        deadline = time.monotonic() + CLEAR_WITHIN_S
        while (state := self.ask({"command": "status"}))["session"] or state["visit"] != "new":
            if time.monotonic() > deadline:
                raise PronematError(
                    f"the simulated member's visit did not end within {CLEAR_WITHIN_S:g} s; end "
                    f"other programs and try again."
                )
            time.sleep(0.1)

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The daemon's answer; raises `PronematError` with its sentence if it refuses."""
        answer = self.client.command(request)
        if not answer["ok"]:
            raise PronematError(answer["error"])
        return answer


@contextmanager
def open_stage(seed: int = 0) -> Iterator[Stage]:
    """Run daemon and pages on a free port with a folder of their own, until the block is left."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pronemat-stage-"))
        port = _free_port()
        place = ["--run", folder, "--data", folder]
        log = stack.enter_context((Path(folder) / "log").open("wb"))
        modules = {
            "daemon": ["device", "daemon", "--source", "demo", "--seed", str(seed), *place],
            "web": ["web", "--host", HOST, "--port", str(port), *place],
        }
        processes = {}
        for name, module in modules.items():
            child = subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
                [sys.executable, "-m", *module], stdout=log, stderr=log
            )
            stack.callback(_end, child)
            processes[name] = child.pid
        client = StreamClient(f"ipc://{folder}/stream")
        stage = Stage(f"http://{HOST}:{port}/", client, processes)
        _wait_for(stage, port)
        yield stage


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium as a kiosk runs it; raises `ConfigError` naming what is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ConfigError(
            "playwright is missing; install the test extra: pip install 'pronemat[test]'."
        ) from None
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        raise ConfigError("chromium is missing; install it with 'apt install chromium'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
                # A sound device where there is none: the pictures are of a kiosk that has one.
                "--use-fake-device-for-media-stream",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(stage: Stage, port: int) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            stage.ask({"command": "status"})
            socket.create_connection((HOST, port), timeout=1).close()
        except (StreamError, OSError):
            if time.monotonic() > deadline:
                raise PronematError(
                    "the demonstration did not start; see 'pronemat demo'."
                ) from None
            time.sleep(0.1)
        else:
            return


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
