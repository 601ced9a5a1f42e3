"""The whole examination: through the running daemon, on a bus opened here, or on the demo.

Never two owners: the bus is opened only where no daemon holds the run directory, and its own lock
stands behind that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from device.config import Settings
from device.core.calibration import Calibration
from device.core.mat import Mat
from device.doctor.bus import bus_clock_finding, bus_finding, no_bus_finding
from device.doctor.calibration import DEMO_SEED, judged_by
from device.doctor.card import card, disk
from device.doctor.chips import chip_findings, rate_finding, supply_finding
from device.doctor.evidence import Evidence, Told, from_daemon, from_source, untold
from device.doctor.findings import CHECKS, Finding, State
from device.doctor.machine import Machine, machine_findings
from device.doctor.panel import OpenPins, panel, real_pins
from device.doctor.power import power
from device.doctor.press import NOT_ASKED
from device.doctor.strips import strip_findings
from device.doctor.units import served_at, unit_findings
from device.drivers.i2c import FAST_MODE_HZ
from device.errors import AlreadyRunningError, BusError, StreamError
from device.service.boot_findings import BootFindings
from device.service.lock import LOCK_NAME, holder_of
from device.sources.base import Source
from device.sources.demo import DemoSource, open_demo
from device.stream.client import StreamClient
from device.tare_file import load_tare, tare_path

LEFT_TO_DAEMON = "the daemon"


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings in their order; the evidence of the mat (None where there was none), and the
    curves it was judged by."""

    findings: tuple[Finding, ...]
    evidence: Evidence | None
    calibration: Calibration

    def with_findings(self, key: str, findings: list[Finding]) -> Examination:
        """The same with other findings of that check."""
        others = [finding for finding in self.findings if finding.key != key]
        return Examination(in_order([*others, *findings]), self.evidence, self.calibration)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """From the wire to the screen."""
    order = list(CHECKS)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.key)))


def open_empty_demo(mat: Mat, scl_hz: float = FAST_MODE_HZ) -> DemoSource:
    """The simulated mat with nobody on it."""
    source = open_demo(mat, DEMO_SEED, scl_hz=scl_hz)
    source.command("get_up")
    return source


def examine(
    settings: Settings,
    mat: Mat,
    seconds: float,
    *,
    demo: bool,
    open_source: Callable[[], Source] | None,
    machine: Machine,
    open_pins: OpenPins = real_pins,
    told: Told = untold,
) -> Examination:
    """Every check once.

    `open_source` opens the mat's bus where no daemon runs; None leaves bus and pins to a daemon
    that may be about to start. `told` hears how far the looking has come.
    """
    evidence, findings = _seen(
        settings, mat, seconds, machine, told, demo=demo, open_source=open_source
    )
    calibration, finding = judged_by(settings, mat, evidence, machine)
    findings.append(finding)
    if evidence is not None and evidence.daemon is None:
        zero_n = load_tare(tare_path(settings, simulated=demo), calibration)
        evidence = replace(evidence, zero_n=zero_n)
    if evidence is None:
        why = "the mat cannot be read"
        findings += [
            Finding(key, State.UNKNOWN, why)
            for key in ("bus_clock", "chip", "supply", "rate", "strip", "wiring")
        ]
    else:
        findings += mat_findings(settings, calibration, evidence, machine)
    owner = None
    if open_source is None or (evidence is not None and evidence.daemon is not None):
        owner = LEFT_TO_DAEMON
    findings.append(panel(settings, machine, owner, open_pins))
    findings += [disk(settings), card(settings, machine), *power(machine)]
    served = None if open_source is None else served_at
    findings += [*unit_findings(settings, machine, served), *machine_findings(machine)]
    return Examination(in_order(findings), evidence, calibration)


def mat_findings(
    settings: Settings, calibration: Calibration, evidence: Evidence, machine: Machine
) -> Iterator[Finding]:
    """What the evidence says of bus, chips, supply, rate and strips."""
    mat = calibration.mat
    yield bus_finding(settings, mat, evidence, machine)
    yield bus_clock_finding(settings, evidence, machine)
    yield from chip_findings(mat, evidence)
    yield supply_finding(mat, evidence)
    yield rate_finding(mat, evidence, settings.bus.scl_hz)
    yield from strip_findings(evidence, calibration)
    yield NOT_ASKED


def _seen(
    settings: Settings,
    mat: Mat,
    seconds: float,
    machine: Machine,
    told: Told,
    *,
    demo: bool,
    open_source: Callable[[], Source] | None,
) -> tuple[Evidence | None, list[Finding]]:
    """The evidence if there can be any, and what is already known without it."""
    if demo:
        evidence = from_source(open_empty_demo(mat, settings.bus.scl_hz), seconds, told)
        return evidence, [Finding("daemon", State.UNKNOWN, "not asked: this is the demonstration")]
    try:
        evidence = from_daemon(StreamClient(settings.endpoint), seconds, told)
    except StreamError as error:
        holder = holder_of(settings.paths.run)
        if holder is not None:
            remedy = f"it starts, records or hangs: wait, else see its log, end process {holder}."
            figure = f"process {holder} holds {settings.paths.run / LOCK_NAME}, but is silent"
            why = "left to the daemon, which is silent"
            return None, [
                Finding("daemon", State.BAD, figure, remedy),
                Finding("i2c", State.UNKNOWN, why),
            ]
        state = State.BAD if open_source is None else State.WARN
        stopped = Finding("daemon", state, "does not run", str(error).partition("; ")[2])
    else:
        status = evidence.daemon or {}
        mode = " (SIMULATED)" if status.get("simulated") else ""
        figure = f"runs for {status['running_s']:.0f} s, source {evidence.source}{mode}"
        lacking = _lacking(settings, status)
        return evidence, lacking or [Finding("daemon", State.OK, figure)]
    if open_source is None:
        return None, [stopped, Finding("i2c", State.UNKNOWN, "left to the daemon")]
    try:
        return from_source(open_source(), seconds, told), [stopped]
    except (AlreadyRunningError, BusError) as error:
        return None, [stopped, no_bus_finding(settings, machine, error)]


def _lacking(settings: Settings, status: Mapping[str, Any]) -> list[Finding]:
    """In safe mode, what the daemon does without: all that it tells the maintainer beside the
    findings of the start."""
    known = BootFindings(settings.paths.run)
    known.look(0.0)
    told = [text for text in status.get("maintainer", ()) if text not in known.sentences]
    return [Finding("daemon", State.WARN, text.rstrip(".")) for text in told]
