"""What each strip shows on the empty mat: open, shorted, stuck, loose, noisy, offset, bridged."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from device.core.calibration import Calibration
from device.core.drift import DRIFTED_N
from device.core.filtering import open_counts
from device.core.strips import PROBLEMS, SHORT_SHARE
from device.core.types import FloatArray
from device.doctor.chips import mistaken
from device.doctor.evidence import Evidence
from device.doctor.findings import Finding, State

LEAST_FRAMES = 50
"""Half a second: fewer tell neither noise nor a stuck value."""
DEAD_COUNTS = 10.0
"""1.25 mV: no mounted strip conducts so little, for it is never quite free (0.05 N and more)."""
LOOSE_SHARE = 0.02
NOISY_COUNTS = 40.0
"""5 mV from frame to frame. Strips of this make show 0.2 to 0.8 mV."""
UNCALIBRATED_OFFSET_N = 8.0
"""By the data-sheet curves a free strip may seem to carry up to 3 N."""
LYING_STRIPS, LYING_N = 4, 60.0
"""A person loads at least so many at once, a child too with more; less is offset, or something that
lies there."""
BRIDGED_COUNTS = 3.0
BRIDGED_CORRELATION = 0.6


def strip_findings(evidence: Evidence, calibration: Calibration) -> list[Finding]:
    """A line for each strip."""
    mat = calibration.mat
    counts = evidence.counts(mat)
    if len(counts) < LEAST_FRAMES:
        why = f"{len(counts)} frames came: too few to tell"
        return [Finding("strip", State.UNKNOWN, why, subject=name) for name in mat.names]
    forces_n, calibrated = _forces_n(evidence, calibration, counts)
    offset_n = DRIFTED_N if calibrated else UNCALIBRATED_OFFSET_N
    short = SHORT_SHARE * mat.electronics.supply_v / mat.electronics.volts_per_count
    occupied = _occupied(counts[:, :-1], forces_n, offset_n, short)
    opened = open_counts(calibration)
    bridged = _bridged(counts[:, :-1])
    strangers = mistaken(mat, evidence)
    found = []
    for place, name in enumerate(mat.names):
        readings = counts[:, place]
        readings = readings[~np.isnan(readings)]
        if mat.slots[place][0] in strangers:
            why = "another chip answers in place of its own"
            finding: Finding | None = Finding(
                "strip", State.UNKNOWN, why, "put the chips right first.", name
            )
        else:
            finding = _broken(name, readings, float(opened[place]), short)
        if finding is None and name in evidence.strips:
            figure = PROBLEMS.get(evidence.strips[name], evidence.strips[name])
            remedy = "the daemon saw it while somebody lay there; check its plug, then tare."
            finding = Finding("strip", State.WARN, figure, remedy, name)
        if finding is None and occupied:
            figure = "somebody is on the mat, so noise and zero cannot be told"
            finding = Finding("strip", State.UNKNOWN, figure, "clear the mat and ask again.", name)
        if finding is None:
            finding = _unsteady(name, readings, float(forces_n[place]), offset_n)
        if finding.state is State.OK and place in bridged:
            figure = f"reads the same as {mat.names[bridged[place]]}"
            remedy = "press one and watch `pronemat monitor`: if both move, part their wires."
            finding = Finding("strip", State.WARN, figure, remedy, name)
        found.append(finding)
    return found


def _forces_n(
    evidence: Evidence, calibration: Calibration, counts: FloatArray
) -> tuple[FloatArray, bool]:
    """What each strip carries, and whether by curves of its own. The daemon's own forces go before:
    what the last tare took away is no offset any more."""
    forces_n = _mean_forces_n(calibration, counts)
    if evidence.zero_n is not None:
        forces_n = forces_n - evidence.zero_n
    told = evidence.forces_n
    if evidence.daemon is None or told is None or len(told) != len(forces_n):
        return forces_n, calibration.calibrated
    tared = np.array([np.nan if force is None else force for force in told])
    forces_n = np.where(np.isnan(tared), forces_n, tared)
    return forces_n, evidence.daemon["calibrated"] is True


def _occupied(counts: FloatArray, forces_n: FloatArray, offset_n: float, short: float) -> bool:
    """Whether somebody is on the mat: many strips loaded, and with more than an offset each."""
    lowest = np.where(np.isnan(counts), np.inf, counts).min(axis=0)
    loaded = (forces_n > offset_n) & (lowest < short)
    return bool(loaded.sum() >= LYING_STRIPS and forces_n[loaded].sum() > LYING_N)


def _mean_forces_n(calibration: Calibration, counts: FloatArray) -> FloatArray:
    forces_n = calibration.forces_n(counts)
    read = ~np.isnan(forces_n)
    total = np.where(read, forces_n, 0.0).sum(axis=0)
    return np.asarray(total / np.maximum(read.sum(axis=0), 1))


def _broken(name: str, readings: FloatArray, open_below: float, short: float) -> Finding | None:
    """What is wrong whether somebody lies on the mat or not."""
    if not readings.size:
        why = "gives no readings: its chip does not answer"
        return Finding("strip", State.UNKNOWN, why, "put the chip right first.", name)
    mean = float(readings.mean())
    if mean >= short:
        remedy = "part its two wires, look for a crushed tail or a solder bridge, else replace it."
        figure = f"shorted: {mean:.0f} counts, the whole supply"
        return Finding("strip", State.BAD, figure, remedy, name)
    open_share = float((readings < max(open_below, DEAD_COUNTS)).mean())
    if open_share > 1.0 - LOOSE_SHARE:
        figure = f"open: {mean:.0f} counts"
        remedy = "check its plug and both wires, then press it and watch `pronemat monitor`."
        return Finding("strip", State.BAD, figure, remedy, name)
    if open_share > LOOSE_SHARE:
        figure = f"loose: open in {100 * open_share:.0f} % of the frames"
        remedy = "crimp its plug anew; do not solder at the strip's plastic."
        return Finding("strip", State.BAD, figure, remedy, name)
    if readings.size >= LEAST_FRAMES and float(np.ptp(readings)) == 0.0:
        figure = f"stuck: {mean:.0f} counts in every frame"
        remedy = "press it and watch `pronemat monitor`; if it stays, replace its chip."
        return Finding("strip", State.BAD, figure, remedy, name)
    return None


def _unsteady(name: str, readings: FloatArray, force_n: float, offset_n: float) -> Finding:
    """What is wrong on a mat that is empty."""
    noise = float(np.diff(readings).std() / np.sqrt(2.0)) if readings.size > 1 else 0.0
    figure = f"{force_n:z.1f} N, noise {noise:.0f} counts"
    if noise > NOISY_COUNTS:
        remedy = "keep its cable away from mains and motors, check its ground and its pulldown."
        return Finding("strip", State.WARN, f"noisy: {figure}", remedy, name)
    if abs(force_n) > offset_n:
        remedy = "take off what lies there, see that its bar is free, then `pronemat tare`."
        return Finding("strip", State.WARN, f"offset: {figure}", remedy, name)
    strain = max(noise / NOISY_COUNTS, abs(force_n) / offset_n)
    return Finding("strip", State.OK, figure, subject=name, strain=strain)


def _bridged(counts: FloatArray) -> dict[int, int]:
    """Pairs of channels with the same value at every moment, each naming the other."""
    found: dict[int, int] = {}
    whole = counts[~np.isnan(counts).any(axis=1)]
    if len(whole) < LEAST_FRAMES:
        return found
    means, spread = whole.mean(axis=0), whole.std(axis=0)
    for one, other in combinations(range(counts.shape[1]), 2):
        if abs(means[one] - means[other]) > BRIDGED_COUNTS or not spread[one] * spread[other]:
            continue
        together = ((whole[:, one] - means[one]) * (whole[:, other] - means[other])).mean()
        if together > BRIDGED_CORRELATION * spread[one] * spread[other]:
            found[one], found[other] = other, one
    return found
