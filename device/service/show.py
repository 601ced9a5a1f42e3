"""A recording shown on the page in place of the mat: frames come by command and are played at their
pace between the mat's own frames. Nothing of it is stored, and the mat has precedence: whoever gets
on it ends the show.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray
from device.errors import RecordingError, RefusedError
from device.service.stage import Stage

QUEUED = 2000
"""Frames that may wait to be played; a sender is told how much room is left."""
SILENT_S = 5.0
"""A sender that has sent nothing for this long, with nothing left to play, has gone."""
TURN_S = 0.004
"""How long frames of a recording may be played between two of the mat, which come every 10 ms."""


class Show:
    """The recording that is on; `speed` None plays as fast as there is time for."""

    def __init__(
        self,
        stage: Stage,
        speed: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stage = stage
        self.played = 0
        self._mat: Mat = stage.scene.calibration.mat
        self._speed = speed
        self._clock = clock
        self._waiting: deque[tuple[float, FloatArray]] = deque()
        self._last_s = -math.inf
        self._began: tuple[float, float] | None = None
        self._heard_s = clock()
        self._complete = False

    @property
    def room(self) -> int:
        """How many frames may still be sent."""
        return QUEUED - len(self._waiting)

    @property
    def over(self) -> bool:
        """Whether all is played, or nobody sends any more."""
        if self._waiting:
            return False
        return self._complete or self._clock() - self._heard_s > SILENT_S

    def put(self, rows: object, *, complete: bool) -> None:
        """More frames, each `[time, counts ...]` with null for a reading that failed; `complete`
        with the last of them. Raises `RecordingError` and takes none where one is wrong."""
        frames = [] if rows is None else self._checked(rows)
        if len(frames) > self.room:
            raise RefusedError(f"there is room for {self.room} frames; send the others later.")
        self._waiting.extend(frames)
        if frames:
            self._last_s = frames[-1][0]
        self._complete, self._heard_s = self._complete or complete, self._clock()

    def play(self) -> None:
        """Play what is due, for a few milliseconds at most."""
        now_s = self._clock()
        until_s = now_s + TURN_S
        while self._waiting and self._due(now_s, self._waiting[0][0]):
            t_s, counts = self._waiting.popleft()
            self.stage.frame(t_s, counts)
            self.played += 1
            if self._clock() > until_s:
                break
        if not self._waiting and not self._complete:
            # What comes late is not caught up with: it is played from when it comes.
            self._began = None

    def _due(self, now_s: float, t_s: float) -> bool:
        if self._speed is None:
            return True
        if self._began is None:
            self._began = (now_s, t_s)
        began_s, first_s = self._began
        return t_s - first_s <= self._speed * (now_s - began_s)

    def _checked(self, rows: object) -> list[tuple[float, FloatArray]]:
        width = len(self._mat.channels) + 1
        try:
            table = np.array(rows, dtype=float)
        except (TypeError, ValueError, OverflowError):
            table = np.empty(0)
        if table.size == 0 and rows == []:
            return []
        if table.ndim != 2 or table.shape[1] != width:
            raise RecordingError(f"a frame of this mat is a time and {width - 1} counts.")
        times_s = table[:, 0]
        if not np.isfinite(times_s).all() or (np.diff(times_s, prepend=self._last_s) <= 0).any():
            raise RecordingError("the times of a recording rise from frame to frame.")
        return list(zip(times_s.tolist(), table[:, 1:], strict=True))


def speed_of(request: Mapping[str, Any]) -> float | None:
    """The speed that a request asks for; None for as fast as can be."""
    speed = request.get("speed", 1.0)
    if speed is None:
        return None
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 < speed <= 1000:
        raise RecordingError(f"the speed is a factor above 0 and up to 1000, not {speed!r}.")
    return float(speed)
