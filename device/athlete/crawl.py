"""Getting on and off the mat: a rough sketch of hands, knees and toes that carry the body."""

from __future__ import annotations

import numpy as np

from device.athlete.collect import shares
from device.core.mat import Mat
from device.core.types import FloatArray

_X_MM = np.array([-200.0, 200.0, -110.0, 110.0, -110.0, 110.0])
_Y_MM = np.array([470.0, 470.0, -220.0, -220.0, -660.0, -660.0])
_SPREAD_MM = np.full((6, 2), 35.0)
_LOAD = np.array([0.18, 0.18, 0.26, 0.26, 0.06, 0.06])
"""Shares of body weight on hands, knees and toes on all fours."""
_SWAY_HZ = (0.5, 1.1)


class Crawl:
    """Loads of a body on all fours, swaying from limb to limb."""

    def __init__(self, mat: Mat, rng: np.random.Generator) -> None:
        self._shares = shares(mat, _X_MM, _Y_MM, _SPREAD_MM) * _LOAD
        self._hz = rng.uniform(*_SWAY_HZ, len(_LOAD))
        self._phase = rng.uniform(0.0, 6.28, len(_LOAD))

    def forces_n(self, t_s: float) -> FloatArray:
        """Load of every bar for a body of 1 N."""
        sway = 1.0 + 0.6 * np.sin(6.2832 * self._hz * t_s + self._phase)
        return np.asarray(self._shares @ sway)
