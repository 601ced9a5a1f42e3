"""The web process as a person starts it, a daemon that tests direct, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.fake_daemon import FakeDaemon
from tests.web.processes import WebProcess

CHROMIUM = "/usr/bin/chromium"
REMEDY = "chromium is missing; install Debian's with 'apt install chromium'"
LARGE = {"width": 1920, "height": 1080}


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI"):
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may talk to this machine only, and must not complain."""
    context = browser.new_context(viewport=LARGE)
    context.set_default_timeout(8000)
    complaints: list[str] = []
    outside: list[str] = []

    new_page = context.new_page()
    new_page.on("request", lambda asked: outside.append(asked.url))
    new_page.on("pageerror", lambda error: complaints.append(str(error)))
    new_page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    yield new_page
    context.close()
    # A server that a test has ended is a failed connection, which the browser itself reports.
    complaints = [text for text in complaints if "net::ERR_" not in text]
    outside = [url for url in outside if not url.startswith("http://127.0.0.1:")]
    assert (complaints, outside) == ([], [])


@pytest.fixture
def kiosk(site: WebProcess, daemon: FakeDaemon, page: Page) -> Page:
    """The kiosk page, open and connected to the test's daemon."""
    page.goto(site.url)
    page.locator("body:not([data-view=lost])").wait_for()
    return page
