"""The kiosk's session: when its watchdog is fed, and what the browser shows while it waits."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.system.staged import SYSTEMD

KIOSK = SYSTEMD / "kiosk"
PORT_HEX = "210C"
ME = os.getuid()
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
LISTENS = f"   0: 0100007F:{PORT_HEX} 00000000:0000 0A 0:0 0:0 0 995 0 1\n"
OURS = f"   1: 0100007F:B3D2 0100007F:{PORT_HEX} 01 0:0 0:0 0 {ME} 0 1\n"
SOMEBODYS = f"   2: 0100007F:B3D4 0100007F:{PORT_HEX} 01 0:0 0:0 0 {ME + 1} 0 1\n"
CLOSING = f"   3: 0100007F:B3D6 0100007F:{PORT_HEX} 06 0:0 0:0 0 {ME} 0 1\n"
TIMES = 10
"""Turns of the watch, a second each in service; at every fifth it tells systemd something."""


def watch(folder: Path, connections: str) -> tuple[list[str], bool]:
    """What `watch` tells systemd of these connections; whether it says that pages are served."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "systemd-notify").write_text(f'#!/bin/sh\necho "$@" >> {folder}/told\n')
    # Each turn begins with a sleep: it fails after some, which ends the watch, and takes no time.
    turns = folder / "turns"
    (programs / "sleep").write_text(
        f'#!/bin/sh\necho >> {turns}\n[ "$(wc -l < {turns})" -le {TIMES} ]\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    table = folder / "tcp"
    table.write_text(HEAD + connections)
    environ = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
    served = folder / "served.js"
    command = [KIOSK / "watch", "http://127.0.0.1:8460/", served, table]
    subprocess.run(command, env=environ, timeout=30)
    return (folder / "told").read_text().splitlines(), served.exists()


def test_a_connected_page_feeds_the_watchdog(tmp_path: Path) -> None:
    told, served = watch(tmp_path, LISTENS + OURS)
    assert told[0].startswith("--ready")
    assert told[1:] == ["WATCHDOG=1 --status=the page is connected"] * 2
    assert served


@pytest.mark.parametrize("connections", [LISTENS, LISTENS + SOMEBODYS, LISTENS + CLOSING])
def test_a_browser_without_its_page_starves_it(tmp_path: Path, connections: str) -> None:
    told, served = watch(tmp_path, connections)
    assert told[1:] == ["--status=the page is not connected"] * 2
    assert served


def test_pages_that_are_away_are_not_the_browsers_fault(tmp_path: Path) -> None:
    told, served = watch(tmp_path, SOMEBODYS.replace(" 01 ", " 06 "))
    assert told[1:] == ["WATCHDOG=1 --status=the pages are not served; the screen says so"] * 2
    assert not served


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        # As the real page's: its answers may not be read by the waiting page.
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(b"<title>the page</title>")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads it."""


@contextmanager
def served_page() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("width", "height"), [(800, 480), (1920, 1080)])
def test_the_waiting_page_is_dark_friendly_and_goes_on_by_itself(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    told = tmp_path / "served.js"
    with served_page() as page, browser.new_page() as tab:
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(f"file://{KIOSK}/waiting.html?page={page}&told={told}")
        assert "One moment, the mat is waking up." in tab.inner_text("body")
        background = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert background == "rgb(16, 21, 26)"
        fits = "document.documentElement.scrollHeight <= innerHeight"
        assert tab.evaluate(fits)
        assert tab.evaluate("getComputedStyle(document.documentElement).cursor") == "none"
        told.touch()
        tab.wait_for_url(page)
        assert tab.title() == "the page"


def test_what_takes_long_is_said(browser: Browser, tmp_path: Path) -> None:
    with browser.new_page() as tab:
        tab.clock.install()
        tab.goto(f"file://{KIOSK}/waiting.html?page=http://127.0.0.1:1/&told={tmp_path}/none")
        assert tab.inner_text("#more") == ""
        tab.clock.run_for(62_000)
        tab.wait_for_function(
            "document.getElementById('more').textContent.includes('tell the staff')"
        )
