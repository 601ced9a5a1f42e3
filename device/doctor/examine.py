"""The whole examination: through the running daemon, on a bus opened here, or on the demo.

Never two owners: the bus is opened only where no daemon holds the run directory, and its own lock
stands behind that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from device.athlete import dead_weight_points
from device.athlete.script import EMPTY_S
from device.calibration_file import load_calibration
from device.config import Settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.doctor.chips import bus_hangs, chip_findings, rate_finding, supply_finding
from device.doctor.evidence import Evidence, from_daemon, from_source
from device.doctor.findings import CHECKS, Finding, State, from_sentence
from device.doctor.machine import Machine, machine_findings
from device.doctor.strips import strip_findings
from device.drivers.real_bus import bus_clock_hz
from device.errors import AlreadyRunningError, BusError, CalibrationError, StreamError
from device.service.lock import LOCK_NAME, holder_of
from device.sources.base import Source
from device.sources.demo import open_demo
from device.stream.client import StreamClient

DAY_S = 86400.0
OLD_DAYS = 180.0
"""FSRs creep and wear: twice a year is what a busy mat needs."""
DEMO_SEED = 0
BUS_HANGS_REMEDY = (
    "switch the mat off and on; if it stays, unplug chip after chip to find the short, and look at "
    "the two pull-ups."
)


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings in their order, and the evidence of the mat (None where there was none)."""

    findings: tuple[Finding, ...]
    evidence: Evidence | None


def examine(
    settings: Settings,
    mat: Mat,
    seconds: float,
    *,
    demo: bool,
    open_source: Callable[[], Source],
    machine: Machine,
) -> Examination:
    """Every check once. `open_source` opens the mat's bus, where no daemon runs."""
    evidence, findings = _seen(settings, mat, seconds, demo=demo, open_source=open_source)
    if evidence is None:
        why = "the mat cannot be read"
        findings += [
            Finding(key, State.UNKNOWN, why)
            for key in ("bus_clock", "chip", "supply", "rate", "strip")
        ]
        findings.append(_calibration(settings, mat, None)[1])
    else:
        calibration, finding = _calibration(settings, mat, evidence)
        findings += [*mat_findings(settings, calibration, evidence, machine), finding]
    findings += machine_findings(settings, machine)
    order = list(CHECKS)
    findings.sort(key=lambda finding: order.index(finding.key))
    return Examination(tuple(findings), evidence)


def mat_findings(
    settings: Settings, calibration: Calibration, evidence: Evidence, machine: Machine
) -> Iterator[Finding]:
    """What the evidence says of bus, chips, supply, rate and strips."""
    mat = calibration.mat
    yield _bus(settings, mat, evidence, machine)
    yield _bus_clock(settings, evidence, machine)
    yield from chip_findings(mat, evidence)
    yield supply_finding(mat, evidence)
    yield rate_finding(mat, evidence, settings.bus.scl_hz)
    yield from strip_findings(evidence, calibration)


def _seen(
    settings: Settings,
    mat: Mat,
    seconds: float,
    *,
    demo: bool,
    open_source: Callable[[], Source],
) -> tuple[Evidence | None, list[Finding]]:
    """The evidence if there can be any, and what is already known without it."""
    if demo:
        # Its first member comes when it has been empty for `EMPTY_S`.
        source = open_demo(mat, DEMO_SEED, scl_hz=settings.bus.scl_hz)
        evidence = from_source(source, min(seconds, EMPTY_S - 0.3))
        return evidence, [Finding("daemon", State.UNKNOWN, "not asked: this is the demonstration")]
    try:
        evidence = from_daemon(StreamClient(settings.endpoint), seconds)
    except StreamError as error:
        holder = holder_of(settings.paths.run)
        if holder is not None:
            remedy = f"it starts or hangs: wait, else look at its log and end process {holder}."
            figure = f"process {holder} holds {settings.paths.run / LOCK_NAME}, but is silent"
            why = "left to the daemon, which is silent"
            return None, [
                Finding("daemon", State.BAD, figure, remedy),
                Finding("i2c", State.UNKNOWN, why),
            ]
        stopped = Finding("daemon", State.WARN, "does not run", str(error).partition("; ")[2])
    else:
        status = evidence.daemon or {}
        mode = " (SIMULATED)" if status.get("simulated") else ""
        figure = f"runs for {status['running_s']:.0f} s, source {evidence.source}{mode}"
        return evidence, [Finding("daemon", State.OK, figure)]
    try:
        return from_source(open_source(), seconds), [stopped]
    except (AlreadyRunningError, BusError) as error:
        return None, [stopped, from_sentence("i2c", State.BAD, str(error))]


def _bus(settings: Settings, mat: Mat, evidence: Evidence, machine: Machine) -> Finding:
    name = f"/dev/i2c-{settings.bus.number}"
    if bus_hangs(evidence):
        return Finding("i2c", State.BAD, "hangs: SDA or SCL is held low", BUS_HANGS_REMEDY)
    if evidence.source == "demo":
        return Finding("i2c", State.OK, "emulated, with emulated chips (SIMULATED)")
    if evidence.source == "replay":
        return Finding("i2c", State.UNKNOWN, "a recording is replayed")
    for address in mat.addresses:
        driver = f"sys/bus/i2c/devices/{settings.bus.number}-{address:04x}/driver"
        if (machine.root / driver).exists():
            remedy = "remove dtoverlay=ads1115 or ads1015 from config.txt and start anew."
            return Finding("i2c", State.BAD, f"a kernel driver holds {address:#x}", remedy)
    return Finding("i2c", State.OK, name)


def _bus_clock(settings: Settings, evidence: Evidence, machine: Machine) -> Finding:
    wanted_hz = settings.bus.scl_hz
    if evidence.source != "mat":
        return Finding("bus_clock", State.UNKNOWN, f"{wanted_hz / 1000:.0f} kHz, emulated")
    actual_hz = bus_clock_hz(settings.bus.number, machine.root / "sys")
    if actual_hz is None:
        return Finding("bus_clock", State.UNKNOWN, "the device tree does not say")
    figure = f"{actual_hz / 1000:.0f} kHz of {wanted_hz / 1000:.0f} kHz"
    if actual_hz >= wanted_hz:
        return Finding("bus_clock", State.OK, figure)
    remedy = f"put dtparam=i2c_arm_baudrate={wanted_hz} into config.txt and start the Pi anew."
    return Finding("bus_clock", State.WARN, figure, remedy)


def _calibration(
    settings: Settings, mat: Mat, evidence: Evidence | None
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
    remedy = "take points with dead weights and run `pronemat calibrate --from POINTS.csv`."
    try:
        calibration = load_calibration(path, mat)
    except CalibrationError as error:
        why, _, what = str(error).partition("; ")
        return datasheet_calibration(mat), Finding("calibration", State.BAD, why, what)
    if calibration is None:
        figure = "none: the data sheet's curves are in force"
        return datasheet_calibration(mat), Finding("calibration", State.WARN, figure, remedy)
    age_s = time.time() - path.stat().st_mtime
    figure = f"{calibration.name}, {age_s / DAY_S:.0f} days old"
    running_s = (evidence.daemon or {}).get("running_s", 0.0) if evidence is not None else 0.0
    if age_s < running_s:
        restart = "start the daemon anew to use it."
        return calibration, Finding("calibration", State.WARN, f"{figure}, not in force", restart)
    if age_s > OLD_DAYS * DAY_S:
        return calibration, Finding("calibration", State.WARN, f"{figure}: old", remedy)
    return calibration, Finding("calibration", State.OK, figure)
