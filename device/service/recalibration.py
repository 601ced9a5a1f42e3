"""Another calibration while the daemon runs: where it comes from, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from device.calibration_file import calibration_digest
from device.core.calibration import Calibration
from device.service.stage import Core
from device.store.records import CalibrationUsed, Moment


@dataclass(frozen=True, slots=True)
class Recalibration:
    """`load` reads the calibration in force, `core` builds a core on it."""

    load: Callable[[], Calibration]
    core: Callable[[Calibration], Core]


def calibration_used(calibration: Calibration, at: Moment) -> CalibrationUsed | None:
    """What the store keeps, so that sessions can name their calibration; None without one."""
    if not calibration.calibrated:
        return None
    digest = calibration_digest(calibration)
    return CalibrationUsed(uuid4(), digest, calibration.name, calibration.to_json(), at)
