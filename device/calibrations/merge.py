"""Makes a whole calibration out of what was taken now and what was known before. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from device.calibrations.record import Reading, Record, Taken
from device.calibrations.strip_fit import StripFit
from device.core.calibration import (
    Calibration,
    Curve,
    datasheet_calibration,
    fit_calibration,
)
from device.core.mat import Mat
from device.core.types import FloatArray

COMPARED_N = (5.0, 20.0, 60.0)
"""Where two curves are compared: a foot, a thigh, a hip bone."""


def merged(
    mat: Mat,
    base: Record | None,
    fits: Mapping[str, StripFit],
    *,
    new_id: str,
    made_utc: str,
    person: str,
    conditions: Mapping[str, str],
    taken: Mapping[str, Taken],
    simulated: bool,
) -> Record:
    """The calibration in force (`base`) with the strips in `fits` taken anew.

    A mat is calibrated once every strip was: where some still have their data sheet's curve, the
    whole goes on saying that it is not.
    """
    before = datasheet_calibration(mat) if base is None else base.calibration
    curves: dict[str, Curve] = dict(before.curves)
    curves.update({strip: fit.curve for strip, fit in fits.items()})
    known: dict[str, Taken] = {} if base is None else dict(base.taken)
    readings: dict[str, tuple[Reading, ...]] = {} if base is None else dict(base.readings)
    known.update({strip: taken[strip] for strip in fits})
    readings.update({strip: fit.readings for strip, fit in fits.items()})
    whole = before.calibrated or all(strip in known for strip in mat.names)
    calibration = Calibration(mat, new_id, whole, curves)
    return Record(
        id=new_id,
        made_utc=made_utc,
        person=person,
        conditions=dict(conditions),
        simulated=simulated,
        calibration=calibration,
        taken=known,
        readings=readings,
    )


def change_pct(before: Curve, after: Curve, force_n: float) -> float:
    """How much more the curve `after` makes of what `before` calls `force_n`, in per cent."""
    return 100.0 * (float(after.newtons(np.array([siemens_at(before, force_n)]))[0]) / force_n - 1)


def siemens_at(curve: Curve, force_n: float) -> float:
    """The conductance at which the curve says `force_n`; the curve rises, so halving finds it."""
    low, high = float(curve.siemens[0]), float(curve.siemens[-1])
    while float(curve.newtons(np.array([high]))[0]) < force_n:
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if float(curve.newtons(np.array([middle]))[0]) < force_n:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def record_of_points(
    mat: Mat,
    points: Mapping[str, tuple[FloatArray, FloatArray]],
    name: str,
    *,
    new_id: str,
    made_utc: str,
    person: str,
    conditions: Mapping[str, str],
) -> Record:
    """The calibration through points that were taken by other means, for every strip.

    Raises `CalibrationError` naming the strip for points that no FSR gives.
    """
    calibration = fit_calibration(mat, points, name)
    readings = {
        strip: tuple(
            Reading(float(force), float(count), True)
            for force, count in sorted(zip(force_n.tolist(), counts.tolist(), strict=True))
        )
        for strip, (force_n, counts) in points.items()
    }
    return Record(
        id=new_id,
        made_utc=made_utc,
        person=person,
        conditions=dict(conditions),
        simulated=False,
        calibration=calibration,
        taken=dict.fromkeys(mat.names, Taken(made_utc, person)),
        readings=readings,
    )
