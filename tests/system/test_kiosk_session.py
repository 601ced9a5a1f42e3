"""The kiosk's session: when its watchdog is fed, and what the browser shows while it waits."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.system.staged import SYSTEMD
from tests.web.processes import free_port

KIOSK = SYSTEMD / "kiosk"
needs_ss = pytest.mark.skipif(
    shutil.which("ss") is None and "CI" not in os.environ,
    reason="ss is not installed; it is in Debian's iproute2",
)
SILENCE_MS = 1500
"""Of a page that hears nothing; 5 s in service."""
READY = "--ready --status=the browser starts"
HEARS = "WATCHDOG=1 --status=the page is connected"
DEAF = "--status=the page is not connected"
AWAY = "WATCHDOG=1 --status=the pages are not served; the screen says so"
GIVES_UP = "WATCHDOG=trigger"
# Each turn of the watch begins with a sleep: this one takes no time, and fails after some turns,
# which ends the watch. After the first five the page crashes, and the turns wait until it has.
SLEEP = """#!/bin/sh
echo >> {folder}/turns
turn=$(wc -l < {folder}/turns)
if [ "$turn" = 6 ]; then
    touch {folder}/crash
    while [ -e {folder}/lives ]; do /bin/sleep 0.02; done
fi
[ "$turn" -le {turns} ]
"""


@contextmanager
def event_stream(folder: Path) -> Iterator[int]:
    """A server and the page's connection to it, on which something comes until `crash` exists.

    Then it stays open, as idle ones do, and `lives` is gone when it has been silent for too long.
    """
    lives, crash = folder / "lives", folder / "crash"
    lives.touch()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), listening.accept()[0] as served:
            ended = threading.Event()

            def beat() -> None:
                while not ended.wait(0.02) and not crash.exists():
                    served.sendall(b"event: beat\n")
                ended.wait(1.5 * SILENCE_MS / 1000)
                lives.unlink()

            beating = threading.Thread(target=beat)
            beating.start()
            try:
                yield port
            finally:
                ended.set()
                beating.join()


def watch(folder: Path, port: int, turns: int = 10, **said: str) -> list[str]:
    """What `watch` tells systemd of the pages at this port in so many turns; `said` is what other
    programs say in there, where it is not left to them."""
    programs = folder / "bin"
    programs.mkdir()
    scripts = {
        "systemd-notify": f'#!/bin/sh\necho "$@" >> {folder}/told\n',
        "sleep": SLEEP.format(folder=folder, turns=turns),
    }
    scripts |= {name: f"#!/bin/sh\necho '{line}'\n" for name, line in said.items()}
    for name, script in scripts.items():
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    environ = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
    page = f"http://127.0.0.1:{port}/"
    subprocess.run(
        [KIOSK / "watch", page, folder / "served.js", str(SILENCE_MS)], env=environ, timeout=90
    )
    return (folder / "told").read_text().splitlines()


@needs_ss
def test_a_page_that_hears_the_server_feeds_the_watchdog(tmp_path: Path) -> None:
    with event_stream(tmp_path) as port:
        assert watch(tmp_path, port, turns=5) == [READY, HEARS]
    assert (tmp_path / "served.js").exists()


@needs_ss
def test_a_page_that_crashed_is_given_up_though_its_connection_stays(tmp_path: Path) -> None:
    with event_stream(tmp_path) as port:
        told = watch(tmp_path, port, turns=20)
    assert told == [READY, HEARS, DEAF, DEAF, DEAF, GIVES_UP]


def test_a_page_that_heard_something_this_very_moment_hears(tmp_path: Path) -> None:
    """`ss` leaves a time of zero out."""
    line = "0 0 127.0.0.1:43122 127.0.0.1:8460 timer:(keepalive,38sec) uid:994 ino:40 lastsnd:8044"
    told = watch(tmp_path, 8460, turns=15, id="994", ss=line)
    assert told == [READY, HEARS, HEARS, HEARS]


@needs_ss
def test_one_that_still_loads_has_the_watchdogs_whole_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert watch(tmp_path, listening.getsockname()[1], turns=20) == [READY, *[DEAF] * 4]
    assert (tmp_path / "served.js").exists()


@needs_ss
def test_somebody_elses_connection_is_not_the_browsers(tmp_path: Path) -> None:
    with event_stream(tmp_path) as port:
        assert watch(tmp_path, port, turns=5, id="4711") == [READY, DEAF]


@needs_ss
def test_pages_that_are_away_are_not_the_browsers_fault(tmp_path: Path) -> None:
    (tmp_path / "served.js").touch()
    assert watch(tmp_path, free_port()) == [READY, AWAY, AWAY]
    assert not (tmp_path / "served.js").exists()


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
