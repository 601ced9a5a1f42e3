"""Frames to ticks: the mean of each channel over 20 ms, whatever the rate and jitter of the frames.

All later stages see one tick every 20 ms at most, so what they compute does not depend on how fast
the mat happened to be scanned. The filter is causal: a tick is complete when a frame of a later one
arrives. Where no frame came there is no tick; a gap stays a gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.core.calibration import Calibration
from device.core.mat import COUNTS_FULL_SCALE
from device.core.types import FloatArray

TICK_S = 0.02
"""A foot landing takes about 50 ms; breathing and tremor below 10 Hz pass unchanged."""
MOST_FRAMES = 32
"""Frames kept for one tick; more (a clock that stands still) are folded into their mean."""
OPEN_SHARE = 0.3
"""An unloaded strip reads its empty-mat counts, within some ten per cent; below this share of them
its circuit is open. Strips with hardly any reading when empty cannot be told open this way."""
LEAST_EMPTY_COUNTS = 100.0


@dataclass(slots=True)
class Tick:
    """The mean counts of all channels (NaN where none was read) at the mean time of its frames.

    `open_channels` are those whose circuit was open in at least one frame; such readings are left
    out of the mean.
    """

    t_s: float
    counts: FloatArray
    open_channels: tuple[int, ...] = ()


class TickFilter:
    """Collects frames into ticks, on a grid that starts at the first frame."""

    def __init__(self, calibration: Calibration) -> None:
        self._open_below = open_counts(calibration)
        self._first_s = 0.0
        self._index = -1
        self._frames: list[FloatArray] = []
        self._offsets_s: list[float] = []

    def add(self, t_s: float, counts: FloatArray) -> Tick | None:
        """Take a frame; return the tick before, once it is complete."""
        if self._index < 0:
            self._first_s, self._index = t_s, 0
        offset_s = t_s - self._first_s
        index = int(offset_s / TICK_S)
        done = None
        if index != self._index:
            done = self.flush()
            self._index = index
        elif len(self._frames) >= MOST_FRAMES:
            tick = self.flush()
            if tick is not None:
                self._frames.append(tick.counts)
                self._offsets_s.append(offset_s)
        self._frames.append(counts.copy())
        self._offsets_s.append(offset_s)
        return done

    def flush(self) -> Tick | None:
        """The tick collected so far, if any frame came."""
        if not self._frames:
            return None
        frames = self._frames[0] if len(self._frames) == 1 else np.array(self._frames)
        t_s = self._first_s + sum(self._offsets_s) / len(self._offsets_s)
        self._frames, self._offsets_s = [], []
        sound = (frames > self._open_below) & (frames <= COUNTS_FULL_SCALE)
        if sound.all():
            if frames.ndim == 1:
                return Tick(t_s, frames)
            return Tick(t_s, np.add.reduce(frames, axis=0) / len(frames))
        return _mean_of_sound(t_s, np.atleast_2d(frames), np.atleast_2d(sound), self._open_below)


def _mean_of_sound(t_s: float, frames: FloatArray, sound: np.ndarray, low: FloatArray) -> Tick:
    number = sound.sum(axis=0)
    mean = np.where(sound, frames, 0.0).sum(axis=0) / np.maximum(number, 1)
    mean[number == 0] = np.nan
    is_open = ((frames <= low) & (frames >= -COUNTS_FULL_SCALE)).any(axis=0)
    return Tick(t_s, mean, tuple(np.flatnonzero(is_open).tolist()))


def open_counts(calibration: Calibration) -> FloatArray:
    """For each channel of the mat the counts below which its circuit must be open."""
    electronics = calibration.mat.electronics
    low = np.full(len(calibration.mat.channels), -float(COUNTS_FULL_SCALE) - 1.0)
    for index, name in enumerate(calibration.mat.names):
        conductance = calibration.curves[name].siemens[0] * electronics.pulldown_ohm
        empty_v = electronics.supply_v * conductance / (1.0 + conductance)
        empty_counts = empty_v / electronics.volts_per_count
        if empty_counts > LEAST_EMPTY_COUNTS:
            low[index] = OPEN_SHARE * empty_counts
    return low
