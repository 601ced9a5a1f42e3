"""What the chips' counters, the reference and the frames say of the wiring."""

from __future__ import annotations

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray
from device.doctor.evidence import ChipSeen, Evidence
from device.doctor.findings import Finding, State
from device.doctor.findings import from_sentence as sentence
from device.drivers.ads1115 import WIRES_OF_ADDR
from device.drivers.i2c import PULL_UPS
from device.sources.plan import limit_frames_per_s
from device.sources.scan import FRAMES_PER_S

SUPPLY_WARN, SUPPLY_BAD = 0.03, 0.10
"""How far the supply may be off. A 3.3 V regulator keeps 2 %; readings are divided by the
reference, so more is a fault of the supply, not yet of the loads."""
RIPPLE_WARN = 0.01
RATE_WARN, RATE_BAD = 0.95, 0.70
"""Shares of the wanted frames. The core's 50 Hz needs half of them, evenly spaced."""
REFERENCE_NEAR = 0.03
"""An input that reads the reference's nominal value so closely, as steadily, carries it."""
REFERENCE_STEADY = 0.003
FALTERING = 0.001
"""Share of readings that may fail: noise costs one now and then."""
TWICE_READ_NOISE = 40.0
"""Counts from frame to frame that a strip alone does not show on an empty mat: two chips that drive
the bus together give the bits that both have."""
BUS_HANGS = "The bus hangs"


def bus_hangs(evidence: Evidence) -> bool:
    """Whether the whole bus is held, so that no chip can be told from another."""
    problems = [chip.problem or "" for chip in evidence.chips.values()]
    return bool(problems) and all(text.startswith(BUS_HANGS) for text in problems)


def chip_findings(mat: Mat, evidence: Evidence) -> list[Finding]:
    """A line for each chip."""
    if not evidence.chips:
        why = "no chips stand behind a recording that is replayed"
        return [Finding("chip", State.UNKNOWN, why)]
    if bus_hangs(evidence):
        why = "the bus hangs, so none can be asked"
        return [Finding("chip", State.UNKNOWN, why, subject=f"{a:#x}") for a in mat.addresses]
    twice = _read_twice(mat, evidence)
    found = [_chip(address, chip, twice) for address, chip in evidence.chips.items()]
    other = _exchanged_with(mat, evidence)
    if other is not None:
        figure = (
            f"the reference of {mat.reference.address:#x} is read at {other:#x}: the two chips "
        )
        found = [finding for finding in found if finding.subject != f"{other:#x}"]
        remedy = "exchange the wires of their ADDR pins."
        found.append(Finding("chip", State.BAD, f"{figure}are exchanged", remedy, f"{other:#x}"))
    return found


def mistaken(mat: Mat, evidence: Evidence) -> set[int]:
    """Addresses at which another chip answers, or two: what is read there says nothing."""
    found = {_read_twice(mat, evidence), _exchanged_with(mat, evidence)}
    if _exchanged_with(mat, evidence) is not None:
        found.add(mat.reference.address)
    return {address for address in found if address is not None}


def _chip(address: int, chip: ChipSeen, twice: int | None) -> Finding:
    subject = f"{address:#x}"
    strap = f"the wire from its ADDR pin to {WIRES_OF_ADDR[address]}"
    if not chip.answering:
        if twice is not None:
            return Finding(
                "chip",
                State.BAD,
                f"is missing, and two chips seem to answer at {twice:#x}",
                f"mend {strap}: without it the chip takes another's address.",
                subject,
            )
        if chip.problem is None:
            remedy = f"check its plug and cable, then {strap}."
            return Finding("chip", State.BAD, "does not answer", remedy, subject)
        return sentence("chip", State.BAD, chip.problem, subject)
    if chip.late_conversions:
        late = f"{chip.late_conversions} conversions were not finished in time"
        return Finding("chip", State.WARN, late, "if this stays, replace the chip.", subject)
    if chip.resets:
        why = chip.last_failure or "it lost its registers."
        told = sentence("chip", State.WARN, why, subject)
        figure = f"{chip.resets} times: {told.figure}" if chip.resets > 1 else told.figure
        return Finding("chip", State.WARN, figure, told.remedy, subject)
    if chip.failed_reads:
        return Finding(
            "chip",
            State.WARN,
            f"answers, but {chip.failed_reads} readings failed on the way",
            f"noise on the bus: shorten its cable, then check its ground wire and {PULL_UPS}.",
            subject,
        )
    return Finding("chip", State.OK, "answers", subject=subject)


def _read_twice(mat: Mat, evidence: Evidence) -> int | None:
    """The address at which two chips seem to answer, if a chip is missing and another looks odd."""
    counts = evidence.counts(mat)
    if all(chip.answering for chip in evidence.chips.values()) or len(counts) < 2:
        return None
    jumps = np.nan_to_num(np.diff(counts, axis=0)).std(axis=0)
    odd = {mat.slots[place][0] for place in np.flatnonzero(jumps > TWICE_READ_NOISE)}
    if _reference_off(mat, counts):
        odd.add(mat.reference.address)
    odd = {address for address in odd if evidence.chips[address].answering}
    return odd.pop() if len(odd) == 1 else None


def _exchanged_with(mat: Mat, evidence: Evidence) -> int | None:
    """The chip that is at the address of the reference's, told by where the reference is found."""
    counts = evidence.counts(mat)
    if not _reference_off(mat, counts):
        return None
    nominal = _nominal(mat)
    for place, (address, channel) in enumerate(mat.slots[:-1]):
        readings = counts[:, place][~np.isnan(counts[:, place])]
        if channel != mat.reference.channel or not readings.size:
            continue
        near = abs(float(readings.mean()) - nominal) < REFERENCE_NEAR * nominal
        if near and float(readings.std()) < REFERENCE_STEADY * nominal:
            return address
    return None


def _nominal(mat: Mat) -> float:
    return mat.reference.nominal_v / mat.electronics.volts_per_count


def _reference_off(mat: Mat, counts: FloatArray) -> bool:
    reference = counts[:, -1]
    if not reference.size or np.isnan(reference).all():
        return False
    return bool(abs(np.nanmean(reference) - _nominal(mat)) > SUPPLY_BAD * _nominal(mat))


def supply_finding(mat: Mat, evidence: Evidence) -> Finding:
    """The supply of the strips, by the reference input."""
    reference = evidence.counts(mat)[:, -1]
    reference = reference[~np.isnan(reference)]
    if mat.reference.address in mistaken(mat, evidence):
        return Finding("supply", State.UNKNOWN, "the reference is not read where it belongs")
    if not reference.size:
        return Finding("supply", State.UNKNOWN, "the reference input cannot be read")
    share = float(reference.mean()) / _nominal(mat)
    supply_v = share * mat.electronics.supply_v
    ripple = float(reference.std()) / float(reference.mean() or 1.0)
    figure = f"{supply_v:.2f} V of {mat.electronics.supply_v:g} V, ripple {100 * ripple:.2f} %"
    if abs(share - 1.0) > SUPPLY_BAD:
        remedy = "check the reference's two resistors, its wire, and the ADDR wires of the chips."
        return Finding("supply", State.BAD, figure, remedy)
    if abs(share - 1.0) > SUPPLY_WARN or ripple > RIPPLE_WARN:
        remedy = "use the Pi's own power supply and a shorter, thicker cable to the mat."
        return Finding("supply", State.WARN, figure, remedy)
    return Finding("supply", State.OK, figure)


def rate_finding(mat: Mat, evidence: Evidence, scl_hz: float) -> Finding:
    """Frames a second against those wanted and those possible."""
    possible = limit_frames_per_s(mat, scl_hz)
    rate = evidence.frames_per_s
    wanted = min(FRAMES_PER_S, possible)
    figure = f"{rate:.0f} a second of {wanted:.0f} ({possible:.0f} possible)"
    if rate >= RATE_WARN * wanted:
        return Finding("rate", State.OK, figure)
    remedy = (
        "look at the bus clock and at chips that do not answer; else something else keeps the "
        "processor busy: look with `top`."
    )
    return Finding("rate", State.BAD if rate < RATE_BAD * wanted else State.WARN, figure, remedy)
