"""Whether what the mat reads now may be taken as zero: only of an empty mat that is at rest."""

from __future__ import annotations

import numpy as np

from device.core.types import FloatArray

MOST_N = 12.0
"""More than this in all is somebody or something on the mat."""
UNCALIBRATED_MOST_N = 40.0
"""By the data sheet's curves fifteen free strips' preload sums up to 10 to 20 N, which a first tare
is to take away. A knee set on the mat presses with 100 N and more."""
STILL_N = 1.0


def why_not(force_n: FloatArray, recent_n: FloatArray, calibrated: bool) -> str | None:
    """The sentence why the forces (strips,) cannot be taken as zero, None if they can; `recent_n`
    (ticks, strips) are those of the last second."""
    if np.isnan(force_n).all():
        return "The mat gives no readings yet; check its cable and try again."
    most_n = MOST_N if calibrated else UNCALIBRATED_MOST_N
    if float(np.nansum(np.maximum(force_n, 0.0))) > most_n:
        return "Something lies on the mat; clear it and tare again."
    if len(recent_n) and float(np.nanmax(recent_n, initial=0.0)) > MOST_N:
        return "The mat was just used; wait until it is at rest and tare again."
    if len(recent_n) > 1 and float(np.nanmax(np.ptp(recent_n, axis=0), initial=0.0)) > STILL_N:
        return "The mat is moving; leave it still for a second and tare again."
    return None
