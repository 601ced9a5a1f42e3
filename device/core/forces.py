"""Ticks to newtons: the calibration's curves, the tare, and short losses bridged.

A reading that fails for a moment (a lost frame, a loose contact) keeps its last force for at most
`HOLD_S`; after that it is missing, never stale.
"""

from __future__ import annotations

import numpy as np

from device.core.calibration import Calibration
from device.core.filtering import Tick
from device.core.types import FloatArray

HOLD_S = 0.25
"""Shorter than any hold of a leg, longer than the chatter of a loose contact."""


class Forces:
    """Newtons of every strip, in the order of `Mat.sensors`, NaN where there is none."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self.zero_n: FloatArray = np.zeros(len(calibration.mat.names))
        self._last: FloatArray = np.full(len(calibration.mat.names), np.nan)
        self._missing_since: dict[int, float] = {}

    def update(self, tick: Tick) -> FloatArray:
        """The forces of one tick."""
        force = self._calibration.forces_n(tick.counts) - self.zero_n
        if np.isnan(force).any():
            self._hold(tick.t_s, force)
        elif self._missing_since:
            self._missing_since.clear()
        self._last = force
        return force

    def _hold(self, t_s: float, force: FloatArray) -> None:
        missing = np.flatnonzero(np.isnan(force)).tolist()
        for index in [index for index in self._missing_since if index not in missing]:
            del self._missing_since[index]
        for index in missing:
            if t_s - self._missing_since.setdefault(index, t_s) <= HOLD_S:
                force[index] = self._last[index]

    def tare(self, force_n: FloatArray) -> None:
        """Take what the empty mat reads now as zero. The caller makes sure that it is empty."""
        self.zero_n = self.zero_n + np.where(np.isfinite(force_n), force_n, 0.0)
