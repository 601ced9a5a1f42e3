"""What a driver needs of time: to know it, and to wait for a moment of it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds from any zero."""

    def now_s(self) -> float: ...

    def sleep_until(self, t_s: float) -> None:
        """Return at `t_s` or as soon after as can be; at once if it has passed."""


class RealClock:
    """The machine's monotonic clock."""

    def now_s(self) -> float:
        return time.monotonic()

    def sleep_until(self, t_s: float) -> None:
        left_s = t_s - time.monotonic()
        if left_s > 0:
            time.sleep(left_s)
