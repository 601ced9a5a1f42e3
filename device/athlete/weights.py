"""Dead weights laid on single strips by a hand, as for a calibration, beside whoever lies there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from device.athlete.moves import MoveError
from device.core.mat import Mat
from device.core.types import FloatArray

PRESS = "press"
"""The order: `press STRIP NEWTONS`; 0 takes the weight off, other weights stay where they are."""
MOST_N = 500.0
"""More than a hand lays on one strip."""
HAND_S = 0.3
"""Time constant of a hand that sets a weight down: it neither drops nor snatches it."""


class DeadWeights:
    """What lies on each strip, shared evenly by its bars. Exact, and moved as by a hand."""

    def __init__(self, mat: Mat) -> None:
        self._names = mat.names
        self._of_bar = [index for index, sensor in enumerate(mat.sensors) for _ in sensor.bars_mm]
        self._share = np.array([1.0 / len(mat.sensors[index].bars_mm) for index in self._of_bar])
        self._wanted_n = np.zeros(len(mat.names))
        self._lies_n = np.zeros(len(mat.names))

    def lay(self, strip: str, weight_n: float) -> None:
        """Let so much lie on the strip from now on; `MoveError` for what no hand does."""
        if strip not in self._names:
            raise MoveError(f"There is no strip '{strip}'; there are {', '.join(self._names)}.")
        if not 0.0 <= weight_n <= MOST_N:
            raise MoveError(f"A weight of {weight_n:g} N is not from 0 to {MOST_N:g} N.")
        self._wanted_n[self._names.index(strip)] = weight_n

    def order(self, text: str) -> None:
        """The order `press STRIP NEWTONS` as a person writes it; else `MoveError`."""
        words = text.split()
        try:
            _, strip, newtons = words
            weight_n = float(newtons)
        except ValueError:
            raise MoveError(f"'{text}' is not '{PRESS} STRIP NEWTONS'.") from None
        self.lay(strip, weight_n)

    @property
    def lying_n(self) -> Mapping[str, float]:
        """What was ordered to lie, by strip."""
        return dict(zip(self._names, self._wanted_n.tolist(), strict=True))

    def forces_n(self, step_s: float) -> FloatArray:
        """The force on every bar, `step_s` after the last call."""
        self._lies_n += (1.0 - np.exp(-step_s / HAND_S)) * (self._wanted_n - self._lies_n)
        return np.asarray(self._lies_n[self._of_bar] * self._share)
