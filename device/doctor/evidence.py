"""Some seconds of the mat with its counters, from the running daemon or a source of our own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray, Frame
from device.errors import PronematError
from device.sources.base import Source
from device.stream.client import StreamClient

LIVE_WITHIN_S = 1.0
"""A running daemon publishes 60 live frames a second."""


@dataclass(frozen=True, slots=True)
class ChipSeen:
    """One chip over the measurement, and over the daemon's run if there is one."""

    answering: bool
    problem: str | None
    last_failure: str | None
    failed_reads: int
    late_conversions: int
    resets: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of the mat. `daemon` is its status, None where the bus was opened here."""

    source: str
    frames: tuple[Frame, ...]
    chips: Mapping[int, ChipSeen]
    strips: Mapping[str, str] = field(default_factory=dict)
    daemon: Mapping[str, Any] | None = None
    forces_n: tuple[float | None, ...] | None = None
    """The daemon's own forces at the end, which know of the last tare; None where none is told."""
    zero_n: FloatArray | None = None
    """Where no daemon runs, what the last tare took as zero; None without one."""

    def counts(self, mat: Mat) -> FloatArray:
        """`(frames, channels)` in the order of `Mat.channels`."""
        if not self.frames:
            return np.empty((0, len(mat.channels)))
        return np.array([frame.counts for frame in self.frames])

    @property
    def frames_per_s(self) -> float:
        """Over the whole measurement, frames that were lost on the way to us included."""
        if len(self.frames) < 2:
            return 0.0
        first, last = self.frames[0], self.frames[-1]
        return (last.sequence - first.sequence) / (last.t_s - first.t_s)


Told = Callable[[float], None]
"""Takes the share of the seconds that is over, 0 to 1."""


def untold(_share: float) -> None:
    """For who does not want to know."""


def from_source(source: Source, seconds: float, told: Told = untold) -> Evidence:
    """Scan for some seconds of the frames' own time; the source is closed afterwards."""
    frames: list[Frame] = []
    with closing(source):
        for frame in source.frames():
            frames.append(frame)
            told((frame.t_s - frames[0].t_s) / seconds)
            if frame.t_s - frames[0].t_s >= seconds:
                source.close()
    chips = {
        address: ChipSeen(
            chip.answering,
            chip.problem,
            chip.last_failure,
            chip.failed_reads,
            chip.late_conversions,
            chip.resets,
        )
        for address, chip in source.counters().chips.items()
    }
    return Evidence(source.name, tuple(frames), chips)


def from_daemon(client: StreamClient, seconds: float, told: Told = untold) -> Evidence:
    """Listen to the daemon for some seconds; `StreamError` where none answers."""
    _sound(client.status())
    frames: list[Frame] = []
    with closing(client.frames()) as heard:
        for frame in heard:
            if frame is None:
                break
            frames.append(frame)
            told((frame.t_s - frames[0].t_s) / seconds)
            if frame.t_s - frames[0].t_s >= seconds:
                break
    status, snapshot = _asked(client, "status"), _asked(client, "snapshot")
    chips = {int(address, 16): _chip(seen) for address, seen in status["chips"].items()}
    forces_n = None if status.get("replaying") else _live_forces_n(client)
    return Evidence(status["source"], tuple(frames), chips, snapshot["strips"], status, forces_n)


def _live_forces_n(client: StreamClient) -> tuple[float | None, ...] | None:
    """The forces of the next live frame, strip by strip; None if none comes soon."""
    until_s = time.monotonic() + LIVE_WITHIN_S
    with closing(client.events()) as messages:
        for message in messages:
            if message.kind == "live":
                return tuple(message.body["forces_n"])
            if time.monotonic() > until_s:
                break
    return None


def _chip(seen: Mapping[str, Any]) -> ChipSeen:
    # A daemon of an older version tells less.
    return ChipSeen(
        seen["answering"],
        seen.get("problem"),
        seen.get("last_failure"),
        seen["failed_reads"],
        seen["late_conversions"],
        seen["resets"],
    )


def _asked(client: StreamClient, command: str) -> dict[str, Any]:
    return _sound(client.command({"command": command}))


def _sound(answer: dict[str, Any]) -> dict[str, Any]:
    if not answer["ok"]:
        raise PronematError(answer["error"])
    return answer
