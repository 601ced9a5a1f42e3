"""The order of a guided visit: which strip, which weight next, and what was measured so far. Pure.

It knows no frames: `device.calibrations.procedure` finds out when a weight lies and is still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from device.calibrations.ladder import Rung, next_rung, resumable
from device.calibrations.record import Reading
from device.calibrations.strip_fit import StripFit, fit_strip
from device.core.mat import Mat


class Course:
    """One strip after the other, each with its weights up and down. `strip` is the present one,
    empty once all are done, and `rows` its readings so far."""

    def __init__(
        self,
        mat: Mat,
        strips: Sequence[str],
        weights_n: Sequence[float],
        readings: Mapping[str, tuple[Reading, ...]],
        accepted: Sequence[str],
    ) -> None:
        """`readings` and `accepted` of an earlier visit are gone on with."""
        self._mat = mat
        self.strips = tuple(strips)
        self.weights_n = tuple(sorted(weights_n))
        self.readings: dict[str, tuple[Reading, ...]] = dict(readings)
        self.fits: dict[str, StripFit] = {}
        for strip in accepted:
            fitted = fit_strip(mat, strip, self.readings.get(strip, ()))
            if strip in self.strips and isinstance(fitted, StripFit):
                self.fits[strip] = fitted
        self.accepted: list[str] = list(self.fits)
        self.strip = ""
        self.rows: list[Reading] = []
        self.resumed = False
        """Whether the readings are an earlier visit's, whose zero is still to be compared."""
        self.next_strip()

    @property
    def left(self) -> tuple[str, ...]:
        """The strips that are still to be done, the present one first."""
        return tuple(strip for strip in self.strips if strip not in self.accepted)

    @property
    def target(self) -> Rung:
        """The reading that is to be taken next; the last one, nothing on the way down, once all
        are."""
        return next_rung(self.weights_n, self.rows) or (0.0, False)

    @property
    def step_n(self) -> float:
        """How much is to be laid or taken off for it."""
        last_n = self.rows[-1].force_n if self.rows else 0.0
        return abs(self.target[0] - last_n)

    @property
    def complete(self) -> bool:
        """Whether the present strip has all its readings."""
        return next_rung(self.weights_n, self.rows) is None

    def keep(self) -> None:
        """Note the present strip's readings under its name."""
        self.readings[self.strip] = tuple(self.rows)

    def fit(self) -> str | None:
        """Fit the complete strip; the sentence why it cannot be, after which it begins anew."""
        fitted = fit_strip(self._mat, self.strip, self.rows)
        if isinstance(fitted, str):
            self.rows.clear()
            return fitted
        self.fits[self.strip] = fitted
        return None

    def restart(self) -> None:
        """The present strip loses its readings."""
        self.rows.clear()
        self.fits.pop(self.strip, None)
        self.readings.pop(self.strip, None)

    def skip_weight(self) -> bool:
        """Leave out the weight that is asked for, up and down; False where that cannot be."""
        weight_n, rising = self.target
        if not rising or len(self.weights_n) < 2:
            return False
        self.weights_n = tuple(one for one in self.weights_n if one != weight_n)
        return True

    def skip_strip(self) -> None:
        """Leave the present strip as it was and go on with the next."""
        self.readings.pop(self.strip, None)
        self.fits.pop(self.strip, None)
        self.strips = tuple(strip for strip in self.strips if strip != self.strip)
        self.next_strip()

    def accept(self) -> None:
        """The fitted curve is agreed to; the next strip follows."""
        self.accepted.append(self.strip)
        self.next_strip()

    def next_strip(self) -> None:
        """Go on with the first strip that is left, where an earlier visit left it."""
        left = self.left
        if not left:
            self.strip, self.rows, self.resumed = "", [], False
            return
        self.strip = left[0]
        self.rows = resumable(self.weights_n, self.readings.get(self.strip, ()))
        self.resumed = bool(self.rows)
