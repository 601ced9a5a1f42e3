"""What every source of frames offers, whatever is behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from device.core.types import Frame


@dataclass(frozen=True, slots=True)
class ChipCounters:
    """One chip's share: readings that are true, readings that are missing, and why.

    `problem` is one sentence with its remedy while the chip counts as lost; `last_failure` is what
    was last wrong with it, be it over or too short to count.
    """

    answering: bool
    problem: str | None
    readings: int
    failed_reads: int
    late_conversions: int
    resets: int
    last_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Counters:
    """How a source is doing. Everything but `frames_per_s` (of the last seconds) is since it began.

    A late frame began later than it should have by more than half a frame's time. `chips` is keyed
    by address; a source without chips leaves it empty.
    """

    frames: int
    frames_per_s: float
    late_frames: int
    failed_reads: int
    chips: Mapping[int, ChipCounters] = field(default_factory=dict)


class Source(Protocol):
    """Yields frames until it is closed; only a replay ends by itself.

    `frames` is for one thread; `counters` and `close` may be called from any other.
    """

    @property
    def name(self) -> str:
        """`mat`, `demo` or `replay`: shown wherever the frames are shown."""
        ...

    def frames(self) -> Iterator[Frame]: ...

    def counters(self) -> Counters: ...

    def close(self) -> None:
        """Let `frames` end after the frame it is at."""
        ...


RATE_WINDOW = 100
"""Frames that the rate is taken over: about a second of the mat."""
STALLED_S = 1.0
"""Without a frame for this long the rate is zero, not what it was."""


class FrameRate:
    """Frames per second over the last `RATE_WINDOW` frames."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque(maxlen=RATE_WINDOW + 1)

    def add(self, now_s: float) -> None:
        self._times_s.append(now_s)

    def per_second(self, now_s: float) -> float:
        count = len(self._times_s)
        if count < 2:
            return 0.0
        first_s, last_s = self._times_s[0], self._times_s[-1]
        if now_s - last_s > STALLED_S or last_s <= first_s:
            return 0.0
        return (count - 1) / (last_s - first_s)
