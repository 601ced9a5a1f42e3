"""Plays a recording as if the mat gave it now, or as fast as it can be read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from device.core.types import Frame
from device.drivers.clock import Clock, RealClock
from device.recording import Recording
from device.sources.base import Counters, FrameRate
from device.sources.scan import FRAMES_PER_S

LONGEST_WAIT_S = 0.05
"""Gaps are waited for in pieces of this, so that `close` is heard within one."""


class ReplaySource:
    """The frames of a recording, in the recording's own time, at `speed` times its pace.

    With `speed` None nothing is waited for.
    """

    def __init__(
        self, recording: Recording, *, speed: float | None = 1.0, clock: Clock | None = None
    ) -> None:
        self.name = "replay"
        self._recording = recording
        self._speed = speed
        self._clock = clock or RealClock()
        self._rate = FrameRate()
        self._played = 0
        self._late = 0
        self._failed = 0
        self._closed = False

    def frames(self) -> Iterator[Frame]:
        began_s = self._clock.now_s()
        first_s = float(self._recording.t_s[0])
        for frame in self._recording.frames():
            if self._speed is not None:
                self._wait(began_s + (frame.t_s - first_s) / self._speed)
            if self._closed:
                return
            self._rate.add(self._clock.now_s())
            self._played += 1
            self._failed += int(np.isnan(frame.counts).sum())
            yield frame

    def counters(self) -> Counters:
        return Counters(
            frames=self._played,
            frames_per_s=self._rate.per_second(self._clock.now_s()),
            late_frames=self._late,
            failed_reads=self._failed,
        )

    def close(self) -> None:
        self._closed = True

    def _wait(self, due_s: float) -> None:
        now_s = self._clock.now_s()
        if now_s > due_s + 0.5 / (FRAMES_PER_S * (self._speed or 1.0)):
            self._late += 1
        while now_s < due_s and not self._closed:
            self._clock.sleep_until(min(due_s, now_s + LONGEST_WAIT_S))
            now_s = self._clock.now_s()
