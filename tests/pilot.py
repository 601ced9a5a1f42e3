"""Full-screen views under the pilot of their library."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_view(driven: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end, in a thread of its own: in that of the tests the browser's driver may have
    a loop, and there is one a thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, driven).result()
