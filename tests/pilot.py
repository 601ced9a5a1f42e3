"""Full-screen views under the pilot of their library."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from textual.pilot import Pilot

Result = TypeVar("Result")

DEADLINE_S = 30.0
LOOK_S = 0.02


def run_view(driven: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end, in a thread of its own: in that of the tests the browser's driver may have
    a loop, and there is one a thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, driven).result()


def press(pilot: Pilot[Any], *keys: str) -> None:
    """Keys, without waiting for what comes of them: the pilot's own waits until the process has
    nothing to do, and one that emulates a mat never has."""
    for key in keys:
        pilot.app.simulate_key(key)


def shown(pilot: Pilot[Any]) -> str:
    """What stands on the screen, the keys below too."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


async def until(pilot: Pilot[Any], *words: str, gone: str = "") -> str:
    """The screen, once all these words stand on it, and what is to be `gone` does not."""
    text = ""

    def there() -> bool:
        nonlocal text
        text = shown(pilot)
        return all(word in text for word in words) and not (gone and gone in text)

    await _go_on(there, lambda: f"{words} without {gone!r} do not come:\n{text}")
    return text


async def until_ended(pilot: Pilot[Any]) -> None:
    """Once the view has ended by itself."""
    await _go_on(lambda: not pilot.app.is_running, lambda: f"it goes on:\n{shown(pilot)}")


async def _go_on(wanted: Callable[[], bool], why: Callable[[], str]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not wanted():
        assert time.monotonic() < deadline, why()
        await asyncio.sleep(LOOK_S)
