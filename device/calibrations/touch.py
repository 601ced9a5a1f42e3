"""One strip of a mat under weights: what it carries, and what a hand has just done to it. Pure.

Forces are those of the parts' data sheets: rough, but known before anything is calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from device.calibrations.record import Reading
from device.calibrations.steadiness import Steadiness
from device.core.mat import Mat
from device.core.types import FloatArray

ZERO_MOST_N = 4.0
"""More than this on the empty mat is no preload (some tenths of a newton), but something lying
there, or a bar that rubs."""
OTHERS_MOST_N = 8.0
"""Beside the strip in question: a strip left alone an hour ago may still show a newton or two."""
FELT_SHARE, FELT_LEAST_N = 0.2, 0.3
"""Of a step: so much of it, by the data sheet, says that a weight was laid or taken."""
FALLING_LEAST_SHARE = 0.6
"""On the way down a strip reads more than on the way up. Less: all weights were taken at once."""
STRANGER_N = 1.0
"""A board laid beside its bar spills less than this onto the next one."""


class Touch:
    """The strip that is being calibrated, on the mat that `steady` is told of."""

    def __init__(self, mat: Mat, steady: Steadiness) -> None:
        self._mat = mat
        self._steady = steady
        self.strip = ""
        self._level_n = 0.0
        self._floor_n: FloatArray = np.zeros(len(mat.names))

    @property
    def place(self) -> int:
        """The strip's place in the mat."""
        return self._mat.names.index(self.strip)

    @property
    def now_n(self) -> float:
        """What it carries; NaN where it gives no readings."""
        return float(self._felt()[self.place])

    def counts(self, seconds: float) -> float:
        """Its mean counts over the last seconds, at the nominal supply."""
        return float(self._steady.counts(seconds)[self.place])

    def nominal_n(self, counts: float) -> float:
        """What these counts of it are, in newtons."""
        return self._steady.nominal_of(self.place, counts)

    def is_empty_now(self) -> None:
        """What every strip shows now is what it shows with nothing on it."""
        self._floor_n = self._felt()

    def is_read_now(self) -> None:
        """What it carries now is what the next weight is added to or taken from."""
        self._level_n = self.now_n

    def heaviest(self) -> tuple[str, float] | None:
        """The strip that carries most of those on which something lies; None on an empty mat."""
        heavy = {
            name: force_n
            for name, force_n in zip(self._mat.names, self._felt().tolist(), strict=True)
            if force_n > (ZERO_MOST_N if name == self.strip else OTHERS_MOST_N)
        }
        return max(heavy.items(), key=lambda item: item[1]) if heavy else None

    def is_laid(self, step_n: float, *, rising: bool) -> bool:
        """Whether that much was laid on it since the last reading, or taken off it."""
        changed_n = self.now_n - self._level_n
        return (changed_n if rising else -changed_n) > least_n(step_n)

    def is_gone(self, step_n: float, *, rising: bool) -> bool:
        """Whether what `is_laid` had felt is undone again."""
        changed_n = self.now_n - self._level_n
        return (changed_n if rising else -changed_n) < least_n(step_n) / 2.0

    def is_all_taken(self, weight_n: float, rows: Sequence[Reading]) -> bool:
        """On the way down to `weight_n`: whether far more was taken off than should be."""
        up = next((r for r in rows if r.rising and r.force_n == weight_n), None)
        if up is None or weight_n == 0.0:
            return False
        # Without readings nothing says that it still lies there.
        return not self.now_n > FALLING_LEAST_SHARE * self.nominal_n(up.counts)

    def stranger(self, step_n: float) -> str | None:
        """Another strip that was pressed in place of this one."""
        risen_n = np.nan_to_num(self._felt() - self._floor_n)
        risen_n[self.place] = 0.0
        worst = int(np.argmax(risen_n))
        pressed = risen_n[worst] > max(least_n(step_n), STRANGER_N)
        return self._mat.names[worst] if pressed else None

    def _felt(self) -> FloatArray:
        return self._steady.nominal_n()


def least_n(step_n: float) -> float:
    """The least change that says that a weight of `step_n` was laid or taken."""
    return max(FELT_SHARE * step_n, FELT_LEAST_N)
