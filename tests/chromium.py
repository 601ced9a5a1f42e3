"""Debian's Chromium, driven once for all the tests of a process: there is one driver a thread."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
REMEDY = "chromium is missing; install Debian's with 'apt install chromium'"
Launch = Callable[..., Browser]
LOUDSPEAKER = "--use-fake-device-for-media-stream"
"""A machine that runs tests has no sound device; this one of Chromium's own stands for it."""
PATIENCE_MS = 20_000
"""How long a page is waited for. On a free machine it needs a tenth of a second."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """Starts Debian's Chromium with some arguments, and a sound device unless told otherwise."""
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI"):
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)
    with sync_playwright() as playwright:

        def start(*arguments: str, device: bool = True) -> Browser:
            sound = [LOUDSPEAKER] if device else []
            return playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", *sound, *arguments]
            )

        yield start


@pytest.fixture(scope="session")
def browser(launch: Launch) -> Iterator[Browser]:
    """A browser that may sound from the start, as a kiosk's."""
    chromium = launch("--autoplay-policy=no-user-gesture-required")
    yield chromium
    chromium.close()
