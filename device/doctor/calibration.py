"""Which curves the strips are judged by, how old they are, and how well their points agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from device.athlete import dead_weight_points
from device.calibration_file import load_calibration, read_document
from device.config import Settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.doctor.evidence import Evidence
from device.doctor.findings import Finding, State, from_sentence
from device.doctor.machine import DAY_S, Machine
from device.errors import CalibrationError

OLD_DAYS = 180.0
"""FSRs creep and wear: twice a year is what a busy mat needs."""
RESIDUAL_WARN = 0.15
"""Share of the force. By hand, points stray 3 to 6 % from a smooth curve; the doubled hysteresis of
a strip (8 to 17 %) is what a weight gives that was laid on after a heavier one."""
SHAPE_DEGREE = 2
"""An FSR's force against its conductance is nearly a power: in logarithms a line, slightly bent."""
TAKE_FIRST = "take points with dead weights by `pronemat calibrate`."
TAKE_POINTS = "take them anew with dead weights by `pronemat calibrate`."
DEMO_SEED = 0


@dataclass(frozen=True, slots=True)
class Residual:
    """The point that strays most from its strip's smooth curve, as a share of its force."""

    share: float
    strip: str
    force_n: float


def judged_by(
    settings: Settings, mat: Mat, evidence: Evidence | None, machine: Machine
) -> tuple[Calibration, Finding]:
    """The curves to judge strips by, and what is to be said of them."""
    if evidence is not None and evidence.source == "demo":
        finding = Finding("calibration", State.OK, "simulated weights (SIMULATED)")
        if evidence.daemon is not None:
            # Which of all simulated mats the daemon has is not known, and no two are alike.
            return datasheet_calibration(mat), finding
        points = dead_weight_points(mat, DEMO_SEED)
        return fit_calibration(mat, points, "simulated weights"), finding
    path = settings.calibration_path
    try:
        calibration = load_calibration(path, mat)
    except CalibrationError as error:
        return datasheet_calibration(mat), from_sentence(
            "calibration", State.BAD, str(error), parted="; "
        )
    if calibration is None or not calibration.calibrated:
        figure = "none: the data sheet's curves are in force"
        return datasheet_calibration(mat), Finding("calibration", State.WARN, figure, TAKE_FIRST)
    age_days = (machine.now_s() - _made_s(path)) / DAY_S
    worst = worst_residual(calibration)
    figure = f"{calibration.name}, {age_days:.0f} days old, points within "
    figure += f"{100 * worst.share:.0f} % ({worst.strip} at {worst.force_n:g} N)"
    if evidence is not None and evidence.daemon is not None:
        used = evidence.daemon["calibration"]
        if used != calibration.name:
            remedy = "start the daemon anew: `sudo systemctl restart pronemat-device`."
            figure += f"; not in force, the daemon has {used}"
            return calibration, Finding("calibration", State.WARN, figure, remedy)
    if worst.share > RESIDUAL_WARN:
        remedy = f"take the points of {worst.strip} anew by `pronemat calibrate`, rising weights."
        return calibration, Finding("calibration", State.WARN, f"{figure}: uneven", remedy)
    if age_days > OLD_DAYS:
        return calibration, Finding("calibration", State.WARN, f"{figure}: old", TAKE_POINTS)
    return calibration, Finding("calibration", State.OK, figure)


def _made_s(path: Path) -> float:
    """When it was made: as its file says, else when that was written."""
    told = (read_document(path) or {}).get("made_utc")
    try:
        return datetime.fromisoformat(str(told)).timestamp()
    except ValueError:
        return path.stat().st_mtime


def worst_residual(calibration: Calibration) -> Residual:
    """How far the points of any strip lie from the smooth curve through them, at the most.

    The curves in force go through every point, so they hide a weight that was misread; a strip's
    own law does not. With fewer than four loads there is nothing to compare, and 0 is returned.
    """
    worst = Residual(0.0, next(iter(calibration.curves)), 0.0)
    for strip, curve in calibration.curves.items():
        loads = curve.force_n[1:]
        if len(loads) < SHAPE_DEGREE + 2:
            continue
        log_siemens = np.log(curve.siemens[1:] - curve.siemens[0])
        shape = np.polyfit(log_siemens, np.log(loads), SHAPE_DEGREE)
        shares = np.abs(np.exp(np.polyval(shape, log_siemens)) / loads - 1.0)
        place = int(np.argmax(shares))
        if shares[place] > worst.share:
            worst = Residual(float(shares[place]), strip, float(loads[place]))
    return worst
