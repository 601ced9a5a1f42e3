"""One strip's curve from its readings, how well it fits, and what is too wrong to be kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.calibrations.record import Reading
from device.core.calibration import LARGEST_RATIO, Curve
from device.core.mat import Mat
from device.core.types import FloatArray

HYSTERESIS_MOST_PCT = 60.0
"""A sound part's own loop is 8 to 17 % wide (data sheet); what crept in under the heavier weights
adds to it on the way down. Simulated parts that are sound reach 44 % at 2 N, 26 % at 20 N."""
EXPONENT_LEAST, EXPONENT_MOST = 0.4, 1.3
"""Conductance goes with a power 0.6 to 1 of the force; far outside, weights were mistaken."""
LIKELY_LEAST, LIKELY_MOST, LIKELY_WITHIN_N = 0.3, 3.0, 5.0
"""Of what a part's data sheet says: parts differ by 25 %, bars and foam take their share, and at a
few newtons the preload counts more than the weight."""
LEAST_STEP_COUNTS = 8.0
"""Noise moves a mean of two seconds by less than one count."""
FLATTEST_POWER, FLATTEST_SHARE = 0.6, 0.25
"""A heavier weight raises the conductance by the 0.6th power of the force at least, by data sheets
and builds; less than a quarter of that rise is creep under the weight before."""


@dataclass(frozen=True)
class StripFit:
    """A curve with what there is to say of it, one entry a reading in `residuals_n`."""

    strip: str
    readings: tuple[Reading, ...]
    curve: Curve
    residuals_n: tuple[float, ...]
    hysteresis_pct: float
    exponent: float

    @property
    def worst_pct(self) -> float:
        """The largest residual, as a share of its weight."""
        shares = [
            abs(left) / reading.force_n
            for left, reading in zip(self.residuals_n, self.readings, strict=True)
            if reading.force_n > 0.0
        ]
        return 100.0 * max(shares, default=0.0)


def siemens_of(mat: Mat, counts: FloatArray) -> FloatArray:
    """The strip's conductance behind counts at the nominal supply."""
    ratio = counts * mat.electronics.volts_per_count / mat.electronics.supply_v
    return np.asarray(ratio / (1.0 - ratio) / mat.electronics.pulldown_ohm)


def saturation_counts(mat: Mat) -> float:
    """Counts beyond which the divider tells nothing more."""
    electronics = mat.electronics
    supply_counts = electronics.supply_v / electronics.volts_per_count
    full_counts = electronics.full_scale_v / electronics.volts_per_count
    return min(LARGEST_RATIO * supply_counts, full_counts - 1.0)


def refusal(
    mat: Mat, strip: str, before: Sequence[Reading], new: Reading, nominal_n: float
) -> str | None:
    """Why a new reading makes no sense after those before it, or None.

    `nominal_n` is what the new counts are by the part's data sheet.
    """
    if not np.isfinite(new.counts):
        return f"{strip} gives no readings: see what 'pronemat doctor' says of its chip."
    if new.counts >= saturation_counts(mat):
        return (
            f"{strip} is saturated at {new.force_n:g} N: beyond this the divider tells nothing "
            "more; go no higher, or look for a short."
        )
    unlikely = new.force_n > 0.0 and not LIKELY_LEAST <= nominal_n / new.force_n <= LIKELY_MOST
    if unlikely and abs(nominal_n - new.force_n) > LIKELY_WITHIN_N:
        return (
            f"{strip} feels {nominal_n:.0f} N where {new.force_n:g} N should lie: is it the right "
            "weight, wholly on the bar, and does nothing else bear it?"
        )
    zero = min((r.counts for r in before if r.force_n == 0.0), default=0.0)
    for reading in before:
        if reading.rising != new.rising or reading.force_n == new.force_n:
            continue
        lighter, heavier = sorted((reading, new), key=lambda one: one.force_n)
        if not _rises(mat, zero, lighter, heavier):
            return (
                f"{strip} is not monotone: {heavier.force_n:g} N read {heavier.counts:.0f} counts "
                f"and {lighter.force_n:g} N {lighter.counts:.0f}; a weight was mistaken, or the "
                "bar rubs."
            )
    up = _at(before, new.force_n, rising=True)
    if not new.rising and up is not None and new.force_n > 0.0:
        wide_pct = loop_pct(mat, before, up, new)
        if wide_pct > HYSTERESIS_MOST_PCT:
            return (
                f"{strip}: the hysteresis is too large, {wide_pct:.0f} % between {new.force_n:g} N "
                f"on the way up and on the way down (a sound strip has less than "
                f"{HYSTERESIS_MOST_PCT:.0f} %); a weight was mistaken, or the bar rubs."
            )
    return None


def loop_pct(mat: Mat, readings: Sequence[Reading], up: Reading, down: Reading) -> float:
    """How far the way down lies from the way up at a weight, in per cent of conductance there."""
    zero = min((r.counts for r in readings if r.force_n == 0.0), default=0.0)
    siemens: list[float] = siemens_of(mat, np.array([zero, up.counts, down.counts])).tolist()
    low, one, other = siemens
    return 100.0 * abs(other - one) / max((one + other) / 2.0 - low, 1e-12)


def fit_strip(mat: Mat, strip: str, readings: Sequence[Reading]) -> StripFit | str:
    """The curve through the middle between the ways up and down, or why there can be none."""
    zeros = [r for r in readings if r.force_n == 0.0]
    weights = sorted({r.force_n for r in readings if r.force_n > 0.0})
    if not zeros:
        return f"{strip}: the reading of the empty mat is missing; take it."
    if not weights:
        return f"{strip}: there is no reading under a weight; take at least one."
    # The empty mat from before the weights: after them a strip keeps a little for minutes.
    force_n = [0.0, *weights]
    middle = [float(siemens_of(mat, np.array([zeros[0].counts]))[0])]
    for weight in weights:
        counts = np.array([r.counts for r in readings if r.force_n == weight])
        middle.append(float(siemens_of(mat, counts).mean()))
    for index in range(1, len(middle)):
        if middle[index] <= middle[index - 1]:
            return (
                f"{strip} is not monotone: {force_n[index]:g} N conducts no more than "
                f"{force_n[index - 1]:g} N; take its points again."
            )
    curve = Curve(np.array(force_n), np.array(middle))
    exponent = _exponent(curve)
    if not EXPONENT_LEAST <= exponent <= EXPONENT_MOST:
        return (
            f"{strip}: conductance goes with the power {exponent:.2f} of the force, which no FSR "
            f"does ({EXPONENT_LEAST:g} to {EXPONENT_MOST:g}); the weights were mistaken."
        )
    read = siemens_of(mat, np.array([r.counts for r in readings]))
    felt = curve.newtons(read)
    residuals = tuple(
        float(force - reading.force_n)
        for force, reading in zip(felt.tolist(), readings, strict=True)
    )
    loops = [
        loop_pct(mat, readings, up, down)
        for weight in weights
        if (up := _at(readings, weight, rising=True)) is not None
        and (down := _at(readings, weight, rising=False)) is not None
    ]
    worst = max(loops, default=0.0)
    if worst > HYSTERESIS_MOST_PCT:
        return f"{strip}: the hysteresis is too large, {worst:.0f} %; look whether its bar rubs."
    return StripFit(strip, tuple(readings), curve, residuals, worst, exponent)


def _rises(mat: Mat, zero: float, lighter: Reading, heavier: Reading) -> bool:
    """Whether the heavier weight reads as much more as a heavier weight does."""
    if heavier.counts - lighter.counts < LEAST_STEP_COUNTS:
        return False
    if lighter.force_n == 0.0:
        return True
    readings = np.array([zero, lighter.counts, heavier.counts])
    siemens: list[float] = siemens_of(mat, readings).tolist()
    low, less, more = siemens
    least: float = FLATTEST_SHARE * ((heavier.force_n / lighter.force_n) ** FLATTEST_POWER - 1.0)
    return more - less > least * (less - low)


def _at(readings: Sequence[Reading], force_n: float, *, rising: bool) -> Reading | None:
    return next((r for r in readings if r.force_n == force_n and r.rising == rising), None)


def _exponent(curve: Curve) -> float:
    """The power of the force that the conductance above empty follows; one weight says 1."""
    if len(curve.force_n) < 3:
        return 1.0
    force = np.log(curve.force_n[1:])
    above = np.log(curve.siemens[1:] - curve.siemens[0])
    return float(np.polyfit(force, above, 1)[0])
