"""Whether a page can be heard, as far as the daemon knows: who counts aloud, page or buzzer."""

from __future__ import annotations

import time
from collections.abc import Callable

LEASE_S = 10.0
"""A page says every 4 s that it sounds; one that has missed two of these is gone."""


class PageSound:
    """What the mat's own screen last said of its sound, for as long as that may be believed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until_s: float | None = None

    def tell(self, sounds: bool) -> None:
        """The page can sound, or it cannot."""
        self._until_s = self._clock() + LEASE_S if sounds else None

    @property
    def sounds(self) -> bool:
        """Whether counting and warning may be left to the page."""
        return self._until_s is not None and self._clock() < self._until_s
