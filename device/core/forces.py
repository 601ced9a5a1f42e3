"""Ticks to newtons: the calibration's curves, the tare, and short losses bridged.

A reading that fails for a moment (a lost frame, a loose contact) keeps its last force for at most
`HOLD_S`; after that it is missing, never stale.
"""

from __future__ import annotations

from math import isfinite, nan

from device.core.calibration import Calibration
from device.core.filtering import Tick
from device.core.types import FloatArray

HOLD_S = 0.25
"""Shorter than any hold of a leg, longer than the chatter of a loose contact."""


class Forces:
    """Newtons of every strip, in the order of `Mat.sensors`, NaN where there is none."""

    def __init__(self, calibration: Calibration, zero_n: FloatArray | None = None) -> None:
        """`zero_n` is what an earlier tare took as zero, strip by strip."""
        self._calibration = calibration
        size = len(calibration.mat.names)
        self._zero_n = [0.0] * size if zero_n is None else zero_n.tolist()
        self._last = [nan] * size
        self._missing_since: dict[int, float] = {}

    @property
    def zero_n(self) -> tuple[float, ...]:
        """What the calibration makes of the empty mat, as the tares so far have it."""
        return tuple(self._zero_n)

    def update(self, tick: Tick) -> list[float]:
        """The forces of one tick."""
        forces = [
            force - zero
            for force, zero in zip(
                self._calibration.forces_of_tick(tick.counts), self._zero_n, strict=True
            )
        ]
        if not isfinite(sum(forces)):
            self._hold(tick.t_s, forces)
        elif self._missing_since:
            self._missing_since.clear()
        self._last = forces
        return forces

    def _hold(self, t_s: float, forces: list[float]) -> None:
        missing = [index for index, force in enumerate(forces) if not isfinite(force)]
        for index in [index for index in self._missing_since if index not in missing]:
            del self._missing_since[index]
        for index in missing:
            recent = t_s - self._missing_since.setdefault(index, t_s) <= HOLD_S
            forces[index] = self._last[index] if recent else nan

    def tare(self, force_n: FloatArray) -> None:
        """Take what the empty mat reads now as zero. The caller makes sure that it is empty."""
        self._zero_n = [
            zero + (force if isfinite(force) else 0.0)
            for zero, force in zip(self._zero_n, force_n.tolist(), strict=True)
        ]
