"""How a mat's channels have read lately: their level, and whether they keep still. Pure.

Frames are gathered into blocks of a tenth of a second, each divided by the reference, so that a
sagging supply is no change of a weight.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from device.core.calibration import datasheet_calibration
from device.core.mat import Mat
from device.core.types import FloatArray, Frame

BLOCK_S = 0.1
KEPT_S = 12.0
STILL_N, STILL_SHARE = 0.3, 0.04
"""Still enough: noise is under 0.1 N, creep after three seconds under 4 % a second."""
JOLT_S, JOLT_N, JOLT_SHARE = 0.5, 0.5, 0.12
"""A change within half a second that a hand makes and creep does not."""
GAP_S = 1.0
"""After a longer gap between frames what was before says nothing of now."""


class Steadiness:
    """The last seconds of the mat. `take` frames; all else is what they said."""

    def __init__(self, mat: Mat) -> None:
        self._mat = mat
        self._sheet = datasheet_calibration(mat)
        self._nominal = mat.reference.nominal_v / mat.electronics.volts_per_count
        self._blocks: deque[tuple[float, FloatArray, FloatArray]] = deque(
            maxlen=round(KEPT_S / BLOCK_S)
        )
        self._gathering: list[FloatArray] = []
        self._began_s = self._last_s = -np.inf

    def take(self, frame: Frame) -> bool:
        """One frame; True when a block was completed by it."""
        if not 0.0 <= frame.t_s - self._last_s < GAP_S:
            self._blocks.clear()
            self._gathering.clear()
            self._began_s = frame.t_s
        self._last_s = frame.t_s
        done = frame.t_s - self._began_s >= BLOCK_S and bool(self._gathering)
        if done:
            self._close()
            self._began_s = frame.t_s
        self._gathering.append(frame.counts)
        return done

    @property
    def now_s(self) -> float:
        """The time of the newest frame."""
        return self._last_s

    def span_s(self) -> float:
        """How far back the blocks reach without a gap."""
        return len(self._blocks) * BLOCK_S

    def counts(self, seconds: float) -> FloatArray:
        """Mean counts of every strip over the last `seconds`, at the nominal supply; NaN where
        nothing was read, or nothing yet."""
        return self._mean(seconds, 1)

    def nominal_n(self, seconds: float = BLOCK_S) -> FloatArray:
        """What that is by the parts' data sheets, in newtons: rough, but the same for all."""
        return self._mean(seconds, 2)

    def nominal_of(self, strip: int, counts: float) -> float:
        """What these counts of the strip are by its part's data sheet, in newtons."""
        row = np.zeros(len(self._mat.channels))
        row[strip], row[-1] = counts, self._nominal
        return float(self._sheet.forces_n(row)[strip])

    def spread_n(self, seconds: float) -> FloatArray:
        """How far each strip's blocks of the last `seconds` lie apart, in nominal newtons;
        infinite while there is no such past."""
        wanted = max(round(seconds / BLOCK_S), 2)
        if len(self._blocks) < wanted:
            return np.full(len(self._mat.names), np.inf)
        rows = np.array([block[2] for block in list(self._blocks)[-wanted:]])
        spread = np.asarray(rows.max(axis=0) - rows.min(axis=0))
        return np.where(np.isnan(spread), np.inf, spread)

    def is_still(self, strip: int, seconds: float) -> bool:
        """Whether the strip has kept still for so long, but for noise and slow creep."""
        level_n = abs(float(self.nominal_n()[strip]))
        return bool(self.spread_n(seconds)[strip] < max(STILL_N, STILL_SHARE * level_n))

    def is_jolted(self, strip: int) -> bool:
        """Whether a hand has just moved what lies on the strip."""
        level_n = abs(float(self.nominal_n()[strip]))
        return bool(self.spread_n(JOLT_S)[strip] > max(JOLT_N, JOLT_SHARE * level_n))

    def _mean(self, seconds: float, which: int) -> FloatArray:
        wanted = max(round(seconds / BLOCK_S), 1)
        recent = list(self._blocks)[-wanted:]
        if not recent:
            return np.full(len(self._mat.names), np.nan)
        if which == 1:
            return np.asarray(np.mean([block[1] for block in recent], axis=0))
        return np.asarray(np.mean([block[2] for block in recent], axis=0))

    def _close(self) -> None:
        counts = _mean_read(np.array(self._gathering))
        self._gathering.clear()
        reference = counts[-1]
        # As the calibration does it: without a sound reference its nominal value is taken.
        scale = self._nominal / reference if reference > 0.5 * self._nominal else 1.0
        strips = counts[:-1] * scale
        nominal_n = self._sheet.forces_n(np.append(strips, self._nominal))
        self._blocks.append((self._last_s, strips, nominal_n))


def _mean_read(rows: FloatArray) -> FloatArray:
    """The mean of every column's readings, NaN for a column that has none."""
    read = ~np.isnan(rows)
    number = read.sum(axis=0)
    total = np.where(read, rows, 0.0).sum(axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)
