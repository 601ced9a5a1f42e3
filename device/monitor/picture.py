"""What the monitor shows at a moment, gathered from the daemon's stream. It draws nothing."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray, Frame
from device.stream.messages import Message

NOISE_FRAMES = 100
"""A second of the mat."""
MEAN_FRAMES = 10
"""Ten a picture: what is drawn ten times a second."""
EVENTS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to see a strip: the name of its unit, its digits, and the bar's least full scale."""

    word: str
    unit: str
    digits: int
    least_scale: float


class Unit(Enum):
    """The measures, each by the key that chooses it."""

    NEWTONS = Measure("newtons, tared", "N", 1, 20.0)
    COUNTS = Measure("counts of the converter", "counts", 0, 1000.0)
    VOLTS = Measure("volts at the input", "V", 3, 0.2)
    CONDUCTANCE = Measure("conductance, supply divided out", "uS", 0, 200.0)


class Picture:
    """The newest of everything. `hear` takes messages, `take` raw frames, `ask` the status.

    Nothing is kept from a daemon that does not answer: what is lost is missing, not as it was.
    """

    def __init__(self, mat: Mat) -> None:
        self.mat = mat
        self.unit = Unit.NEWTONS
        self.frozen = False
        self.lost: str | None = None
        self.recording: str | None = None
        self.live: Mapping[str, Any] = {}
        self.status: Mapping[str, Any] = {}
        self.problems: tuple[str, ...] = ()
        self.said: deque[str] = deque(maxlen=EVENTS_KEPT)
        self._frames: deque[FloatArray] = deque(maxlen=NOISE_FRAMES)

    def hear(self, message: Message) -> None:
        """One message of `StreamClient.events`."""
        kind, body = message
        if kind == "lost":
            self.lost = body["error"]
            self.live, self.status, self.problems = {}, {}, ()
            self._frames.clear()
        elif kind != "idle":
            self.lost = None
        if self.frozen:
            return
        if kind == "live":
            self.live = body
        elif kind == "snapshot":
            self.problems = tuple(body["problems"])
        elif kind == "event":
            self._event(body["event"])

    def take(self, frame: Frame) -> None:
        """One raw frame."""
        if not self.frozen:
            self._frames.append(frame.counts)

    def ask(self, status: Mapping[str, Any]) -> None:
        """The daemon's status."""
        if not self.frozen:
            self.status = status

    def say(self, text: str) -> None:
        """A line below the strips."""
        self.said.append(text)

    def values(self) -> dict[str, float]:
        """Every strip and the reference in the unit chosen; NaN where there is none."""
        if self.unit is Unit.NEWTONS:
            return self._forces_n()
        counts = self._mean_counts()
        electronics = self.mat.electronics
        if self.unit is Unit.VOLTS:
            counts = counts * electronics.volts_per_count
        elif self.unit is Unit.CONDUCTANCE:
            nominal_share = self.mat.reference.nominal_v / electronics.supply_v
            with np.errstate(divide="ignore", invalid="ignore"):
                share = counts / (counts[-1] / nominal_share)
                counts = np.where(
                    share < 1.0, share / (1.0 - share) / electronics.pulldown_ohm * 1e6, np.nan
                )
        return dict(zip(self.mat.channels, counts.tolist(), strict=True))

    def reference_counts(self) -> float:
        """What the reference input reads, NaN where it does not."""
        return float(self._mean_counts()[-1])

    def noise_counts(self) -> dict[str, float]:
        """Noise of every channel from frame to frame over the last second, in counts."""
        if len(self._frames) < NOISE_FRAMES // 2:
            return dict.fromkeys(self.mat.channels, math.nan)
        spread = np.diff(np.array(self._frames), axis=0).std(axis=0) / math.sqrt(2.0)
        return dict(zip(self.mat.channels, spread.tolist(), strict=True))

    def _forces_n(self) -> dict[str, float]:
        forces = self.live.get("forces_n", [])
        missing = set(self.live.get("missing", ()))
        found = dict.fromkeys(self.mat.channels, math.nan)
        for name, force_n in zip(self.mat.names, forces, strict=False):
            if force_n is not None and name not in missing:
                found[name] = force_n
        return found

    def _mean_counts(self) -> FloatArray:
        if not self._frames:
            return np.full(len(self.mat.channels), np.nan)
        recent = np.array(list(self._frames)[-MEAN_FRAMES:])
        read = ~np.isnan(recent)
        total = np.where(read, recent, 0.0).sum(axis=0)
        number = read.sum(axis=0)
        return np.where(number > 0, total / np.maximum(number, 1), np.nan)

    def _event(self, event: Mapping[str, Any]) -> None:
        kind = event["event"]
        if kind == "problems":
            self.problems = tuple(event["problems"])
        elif kind == "rep":
            faults = ", ".join(event["faults"])
            self.say(f"rep {event['side']}: {event['verdict']}{f' ({faults})' if faults else ''}")
        elif kind == "warning":
            self.say(f"warning {event['side']}: {event['fault']}")
