"""Counts to newtons: ratio to the reference, conductance, then one curve a strip.

The divider puts the FSR between the supply and the input and `pulldown_ohm` from the input to
ground, so with `x` the input as a share of the supply the FSR's conductance is
`x / (1 - x) / pulldown_ohm`. Taking `x` against the reference channel of the same frame cancels a
sagging supply. Conductance, unlike voltage, is nearly proportional to force (Interlink FSR 400
integration guide), and adds where two lengths lie in parallel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from device.core.mat import Mat
from device.core.parts import PARTS
from device.core.types import FloatArray
from device.errors import CalibrationError

DATASHEET = "data sheet"
"""The name of the calibration that is none: the parts' data-sheet curves."""

DATASHEET_FORCES_N = (0.0, 1.0, 5.0, 20.0, 80.0, 200.0)
TABLE_SIZE = 4096
"""Steps of the look-up over the divider's ratio: 0.01 N apart at rest loads of some 20 N."""
LARGEST_RATIO = 0.95
"""Above this share of the supply an FSR is shorted or far beyond its range (19 times the
pulldown's conductance, 266 N by the data sheet on a 1 kOhm divider); the table ends there."""


@dataclass(frozen=True)
class Curve:
    """One strip: its conductance at rising dead weights, the empty mat first.

    Between two points the force follows a power of the conductance above empty, as FSRs do; beyond
    the last one it goes on with the last power. Below empty it is the same curve, negative, so
    that noise round zero averages to zero.
    """

    force_n: FloatArray
    siemens: FloatArray

    def newtons(self, siemens: FloatArray) -> FloatArray:
        above = np.abs(siemens - self.siemens[0])
        points = self.siemens[1:] - self.siemens[0]
        loads = self.force_n[1:]
        powers = np.diff(np.log(loads)) / np.diff(np.log(points)) if len(points) > 1 else np.ones(1)
        segment = np.clip(np.searchsorted(points, above) - 1, 0, len(powers) - 1)
        force = loads[segment] * (above / points[segment]) ** powers[segment]
        return np.asarray(np.copysign(force, siemens - self.siemens[0]))


@dataclass(frozen=True)
class Calibration:
    """The curves of all strips of one mat. Without a calibration of this very mat,
    `calibrated` is False and everything downstream says so."""

    mat: Mat
    name: str
    calibrated: bool
    curves: Mapping[str, Curve]

    @cached_property
    def _table(self) -> FloatArray:
        ratio = np.linspace(0.0, LARGEST_RATIO, TABLE_SIZE)
        siemens = ratio / (1.0 - ratio) / self.mat.electronics.pulldown_ohm
        curves = [self.curves[name].newtons(siemens) for name in self.mat.names]
        return np.concatenate(curves)

    @cached_property
    def _first_entries(self) -> FloatArray:
        return np.arange(len(self.mat.names), dtype=np.float64) * TABLE_SIZE

    @cached_property
    def _steps_per_ratio(self) -> float:
        """Table steps for a strip's counts divided by the reference's counts."""
        share = self.mat.reference.nominal_v / self.mat.electronics.supply_v
        return share * (TABLE_SIZE - 1) / LARGEST_RATIO

    @cached_property
    def _nominal_reference(self) -> float:
        return self.mat.reference.nominal_v / self.mat.electronics.volts_per_count

    def forces_n(self, counts: FloatArray) -> FloatArray:
        """Newtons from counts, `(..., channels)` in the order of `Mat.channels` to
        `(..., sensors)`; NaN stays NaN. Where the reference is missing or makes no sense its
        nominal value is taken."""
        reference = counts[..., -1:]
        sound = reference > 0.5 * self._nominal_reference
        if not sound.all():
            reference = np.where(sound, reference, self._nominal_reference)
        place = np.maximum(counts[..., :-1] * self._steps_per_ratio / reference, 0.0)
        place = np.minimum(place, TABLE_SIZE - 1.001)
        missing = np.isnan(place)
        if missing.any():
            place = np.where(missing, 0.0, place)
        # One gather serves every strip: the tables stand one behind the other.
        place = place + self._first_entries
        entry = place.astype(np.intp)
        below = self._table[entry]
        force: FloatArray = below + (place - entry) * (self._table[entry + 1] - below)
        if missing.any():
            force[missing] = np.nan
        return force

    @cached_property
    def _lists(self) -> list[list[float]]:
        """The tables one by one, as plain floats."""
        tables: list[list[float]] = self._table.reshape(len(self.mat.names), TABLE_SIZE).tolist()
        return tables

    def forces_of_tick(self, counts: FloatArray) -> list[float]:
        """The same as `forces_n` for the counts of one moment. On so few numbers plain floats are
        four times as fast as array operations, and the core needs them as such."""
        values = counts.tolist()
        reference = values.pop()
        if not reference > 0.5 * self._nominal_reference:
            reference = self._nominal_reference
        scale = self._steps_per_ratio / reference
        forces = []
        for value, table in zip(values, self._lists, strict=True):
            place = value * scale
            if 0.0 < place < TABLE_SIZE - 1.001:
                entry = int(place)
                below = table[entry]
                forces.append(below + (place - entry) * (table[entry + 1] - below))
            elif place == place:
                forces.append(table[0] if place <= 0.0 else table[-1])
            else:
                forces.append(place)
        return forces

    def to_json(self) -> dict[str, Any]:
        """The points behind the curves, as written to the calibration file."""
        return {
            "name": self.name,
            "calibrated": self.calibrated,
            "curves": {
                name: {
                    "force_n": [round(float(value), 4) for value in curve.force_n],
                    "siemens": [float(f"{value:.7g}") for value in curve.siemens],
                }
                for name, curve in self.curves.items()
            },
        }


def calibration_from_json(mat: Mat, data: Any) -> Calibration:
    """The calibration written by `Calibration.to_json`; `CalibrationError` if it does not fit."""
    try:
        name = str(data["name"])
        curves = {
            str(sensor): Curve(
                np.array(curve["force_n"], dtype=float), np.array(curve["siemens"], dtype=float)
            )
            for sensor, curve in data["curves"].items()
        }
        calibrated = data["calibrated"] is True
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise CalibrationError(
            "the calibration is not one that pronemat wrote; fit it anew with "
            "'pronemat calibrate --from POINTS.csv'."
        ) from None
    _check_sensors(mat, curves, name)
    for sensor, curve in curves.items():
        _check_curve(sensor, curve.force_n, curve.siemens, "conductance")
    return Calibration(mat, name, calibrated, curves)


def fit_calibration(
    mat: Mat, points: Mapping[str, tuple[FloatArray, FloatArray]], name: str
) -> Calibration:
    """Curves through calibration points: for each sensor its forces in newtons and its counts.

    The points were taken at the nominal reference. Raises `CalibrationError` naming the sensor for
    points that no FSR gives.
    """
    _check_sensors(mat, points, name)
    curves = {}
    supply_counts = mat.electronics.supply_v / mat.electronics.volts_per_count
    for sensor in mat.names:
        force_n, counts = points[sensor]
        order = np.argsort(force_n, kind="stable")
        force_n, counts = force_n[order], counts[order]
        _check_curve(sensor, force_n, counts, "counts")
        ratio = counts / supply_counts
        if counts[0] < 0 or ratio[-1] >= LARGEST_RATIO:
            raise CalibrationError(
                f"{sensor}: {counts[-1] if counts[0] >= 0 else counts[0]:g} counts are outside "
                f"the divider's range of 0 to {LARGEST_RATIO * supply_counts:.0f}; check the "
                "strip for a short and take its points again."
            )
        curves[sensor] = Curve(force_n, ratio / (1.0 - ratio) / mat.electronics.pulldown_ohm)
    return Calibration(mat, name, True, curves)


def datasheet_calibration(mat: Mat) -> Calibration:
    """What the parts' data sheets say: good enough to see load, not to compare two sides."""
    curves = {}
    force_n = np.array(DATASHEET_FORCES_N)
    for sensor in mat.sensors:
        part = PARTS[sensor.part]
        curves[sensor.name] = Curve(force_n, part.siemens_at_one_n * force_n**part.exponent)
    return Calibration(mat, DATASHEET, False, curves)


def _check_sensors(mat: Mat, given: Mapping[str, object], name: str) -> None:
    for sensor in given:
        if sensor not in mat.names:
            raise CalibrationError(
                f"{name}: the mat has no sensor '{sensor}'; its sensors are {', '.join(mat.names)}."
            )
    for sensor in mat.names:
        if sensor not in given:
            raise CalibrationError(
                f"{name}: there are no points for '{sensor}'; take them with dead weights on it."
            )


def _check_curve(sensor: str, force_n: FloatArray, values: FloatArray, what: str) -> None:
    if len(force_n) < 2 or len(force_n) != len(values):
        raise CalibrationError(
            f"{sensor}: {len(force_n)} calibration point; at least two are needed, 0 N included."
        )
    if not (np.isfinite(force_n).all() and np.isfinite(values).all()):
        raise CalibrationError(f"{sensor}: a point is not a finite number; take it again.")
    if force_n[0] < 0:
        raise CalibrationError(f"{sensor}: a force of {force_n[0]:g} N is negative; correct it.")
    if force_n[0] != 0:
        raise CalibrationError(f"{sensor}: the point of the empty mat (0 N) is missing; add it.")
    for index in range(1, len(force_n)):
        if force_n[index] <= force_n[index - 1]:
            raise CalibrationError(
                f"{sensor}: two points at {force_n[index]:g} N; keep one of them."
            )
        if values[index] <= values[index - 1]:
            raise CalibrationError(
                f"{sensor}: {what} fall from {values[index - 1]:g} at {force_n[index - 1]:g} N to "
                f"{values[index]:g} at {force_n[index]:g} N; check the strip and take them again."
            )
