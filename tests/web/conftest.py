"""The web process as a person starts it, a daemon that tests direct, and Debian's Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
)

from tests.chromium import PATIENCE_MS
from tests.web.fake_daemon import FakeDaemon
from tests.web.processes import WebProcess

KIOSK: ViewportSize = {"width": 800, "height": 480}
"""As the screen at the mat; other sizes cost more to draw, and are looked at in `test_layout`."""


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="session")
def site(run_directory: Path) -> Iterator[WebProcess]:
    """One web process for all tests that do not end it."""
    web = WebProcess(run_directory)
    yield web
    code, logged = web.end()
    assert (code, "Traceback" in logged) == (0, False), logged


@pytest.fixture
def daemon(run_directory: Path, request: pytest.FixtureRequest) -> Iterator[FakeDaemon]:
    """A daemon of its own run for each test."""
    fake = FakeDaemon(f"ipc://{run_directory}/stream", run=f"run-{time.monotonic_ns()}")
    yield fake
    fake.close()


class Watched:
    """A page that may talk to this machine only, and must not complain."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport=KIOSK)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # The browser itself reports a server that a test has ended, and a control that was refused.
        refused = "/control/" in message.location["url"]
        if message.type in ("error", "warning") and "net::ERR_" not in message.text and not refused:
            self.complaints.append(message.text)

    def check(self) -> None:
        """Fail if anything was said or asked for that should not be."""
        found = (self.complaints[:], self.outside[:])
        self.complaints.clear()
        self.outside.clear()
        assert found == ([], [])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own."""
    watched = Watched(browser)
    yield watched.page
    watched.context.close()
    watched.check()


@pytest.fixture(scope="session")
def open_kiosk(browser: Browser, site: WebProcess) -> Iterator[Watched]:
    """One kiosk page that stays open, as on a wall."""
    watched = Watched(browser)
    watched.page.goto(site.url)
    yield watched
    watched.context.close()


@pytest.fixture(scope="session")
def open_timed(browser: Browser, site: WebProcess) -> Iterator[Watched]:
    """One more, whose clock a test can put forward."""
    watched = Watched(browser)
    watched.page.clock.install()
    watched.page.goto(site.url)
    yield watched
    watched.context.close()


@pytest.fixture
def timed(open_timed: Watched, daemon: FakeDaemon) -> Iterator[Page]:
    """The page with a clock, connected to the test's daemon."""
    page = open_timed.page
    page.locator(f"body[data-run={daemon.run}]:not([data-view=lost])").wait_for()
    yield page
    open_timed.check()


@pytest.fixture
def kiosk(open_kiosk: Watched, daemon: FakeDaemon) -> Iterator[Page]:
    """The kiosk page, connected to the test's daemon."""
    page = open_kiosk.page
    page.set_viewport_size(KIOSK)
    page.emulate_media(reduced_motion="no-preference")
    page.locator(f"body[data-run={daemon.run}]:not([data-view=lost])").wait_for()
    page.keyboard.press("Escape")  # Closes what the test before has opened.
    page.evaluate("document.getElementById('cue-log').replaceChildren()")
    yield page
    open_kiosk.check()
