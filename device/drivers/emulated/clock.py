"""Clocks for an emulated bus: one that only moves when told, one that keeps up with real time."""

from __future__ import annotations

import time


class VirtualClock:
    """Time passes only by sleeping, at no cost: an hour of scanning takes what it computes."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s

    def now_s(self) -> float:
        return self._now_s

    def sleep_until(self, t_s: float) -> None:
        if t_s > self._now_s:
            self._now_s = t_s


LEAD_S = 0.004
"""How far a paced clock may run ahead: well under a frame (10 ms), well over a timer's wake-up."""


PATIENCE_S = 0.01
"""What a fast clock makes up for in one go: a frame's time, which the scan catches up by itself."""


class PacedClock:
    """Real time for an emulated bus, without waking up for every transfer.

    A transfer takes 0.1 ms, less than a sleep can be trusted with. So this clock lets time run
    ahead of the machine's, at most by `LEAD_S`, and really sleeps only where it would run further:
    a few hundred wake-ups a second in place of ten thousand, and none spent spinning.

    `speed` is how many of its seconds pass in one of the machine's. At 1 it is the machine's time,
    and a program that is held up loses frames, as on the mat. Faster, it is for looking on: where
    the machine cannot follow, this world slows down and nothing in it is lost.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._zero_s = self._real_zero_s = self._ahead_s = time.monotonic()
        self._speed, self._waits = speed, speed > 1.0

    def set_speed(self, speed: float) -> None:
        """From now on time passes at another pace."""
        self._zero_s, self._real_zero_s = self.now_s(), time.monotonic()
        self._speed, self._waits = speed, speed > 1.0

    def now_s(self) -> float:
        self._ahead_s = max(self._paced_s(), self._ahead_s)
        return self._ahead_s

    def sleep_until(self, t_s: float) -> None:
        left_s = (t_s - self._paced_s()) / self._speed
        if left_s > LEAD_S:
            time.sleep(left_s)
        if t_s > self._ahead_s:
            self._ahead_s = t_s

    def _paced_s(self) -> float:
        paced_s = self._zero_s + (time.monotonic() - self._real_zero_s) * self._speed
        if self._waits:
            held_up_s = paced_s - self._ahead_s - PATIENCE_S
            if held_up_s > 0:
                self._zero_s -= held_up_s
                paced_s -= held_up_s
        return paced_s
