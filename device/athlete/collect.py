"""Which share of the load of every patch of the body each bar of the mat collects.

A patch presses with a Gaussian spread; the foam carries it a little further, and a bar, standing
under the foam, also takes what lies within about half the foam's thickness beside it. What falls
beside all bars is carried by the mat and sensed by nobody.
"""

from __future__ import annotations

import math

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray

FOAM_REACH = 0.5
"""How far beside its edge a bar still collects, as a share of the foam's thickness."""
FOAM_SPREAD = 0.8
"""Standard deviation that the foam adds to a load's spread, as a share of its thickness."""

_erf = np.vectorize(math.erf, otypes=[float])


def bar_sensors(mat: Mat) -> tuple[int, ...]:
    """For every bar of the mat, one after the other, the index of the sensor it presses."""
    return tuple(index for index, sensor in enumerate(mat.sensors) for _ in sensor.bars_mm)


def shares(
    mat: Mat,
    x_mm: FloatArray,
    y_mm: FloatArray,
    spread_mm: FloatArray,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    yaw_rad: float = 0.0,
) -> FloatArray:
    """Share of each patch's load on each bar, (bars, patches); a column sums to 1 at most.

    `x_mm`, `y_mm` are the patches' places on the body; `spread_mm` (n, 2) their standard deviations
    across and along it; the body lies displaced by `offset_mm` and turned by `yaw_rad`.
    """
    x = offset_mm[0] + x_mm * math.cos(yaw_rad) - y_mm * math.sin(yaw_rad)
    y = offset_mm[1] + x_mm * math.sin(yaw_rad) + y_mm * math.cos(yaw_rad)
    foam = mat.foam_thickness_mm * FOAM_SPREAD
    spread_x = np.hypot(spread_mm[:, 0], foam)
    spread_y = np.hypot(spread_mm[:, 1], foam)
    reach = mat.foam_thickness_mm * FOAM_REACH
    rows = []
    for sensor in mat.sensors:
        half_x = sensor.width_mm / 2.0 + reach
        half_y = sensor.height_mm / 2.0 + reach
        rows += [
            _within(x - bar_x, half_x, spread_x) * _within(y - bar_y, half_y, spread_y)
            for bar_x, bar_y in sensor.bars_mm
        ]
    table = np.array(rows)
    total = table.sum(axis=0)
    return np.asarray(table / np.maximum(total, 1.0))


def _within(centre: FloatArray, half: float, spread: FloatArray) -> FloatArray:
    """Share of a Gaussian about `centre` that lies between -half and half."""
    root = spread * math.sqrt(2.0)
    return np.asarray(0.5 * (_erf((half - centre) / root) - _erf((-half - centre) / root)))
