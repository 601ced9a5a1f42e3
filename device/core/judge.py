"""One finished rep judged: hip or low back, how surely, with which faults, and why.

The pelvis' tip and roll are read at every tick of the rep; their peaks decide. Between
quiet and over the limit the answer is "unsure", and so it is when the strips that carry
the answer are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.core.course import Course, Strips
from device.core.evidence import SIGNALS, evidence, plateau, signal_weights
from device.core.mat import Mat
from device.core.pelvis_model import BOTH, LIMITS_DEG, PELVIS, SINGLE, STATEMENTS, Model
from device.core.reasons import reason_of, refusal
from device.core.rep_trace import RepTrace
from device.core.seen import beginning_seen, lost_shares
from device.core.shifts import shift_weights, shifts
from device.core.trees import Trees
from device.core.types import Fault, FloatArray, Side, Verdict

SHARPNESS = 8.0
"""Of the peak over a rep: the soft maximum in which ticks within an eighth of the limit of the
largest share, so that one noisy tick does not decide. The networks are fitted with it."""
SEVERITY_SHARPNESS = 6.0
"""Of the larger of tip and roll: near equal, both together count for somewhat more."""
NETWORKS_SHARE, TREES_SHARE = np.array([0.3, 0.2]), np.array([0.4, 0.35])
"""Of the two opinions from the whole rep in the peaks of tip and of roll; the rest is the course's.
By how well each is told, for bodies that were left out."""
BEFORE_S = 0.3
"""The pelvis may move that long before the foot leaves the mat."""
MOST_MISSING_ERROR = 0.25
"""Strips whose loss costs a quarter of the limit carry the verdict: without them there is none."""
MISSING_SHARE = 0.4
"""A strip that failed in more than this share of a rep's ticks counts as missing."""
WARM_UP_S = 0.8
"""The course is taken up that long before the rep, when nothing has moved yet."""
FEWEST_TICKS = 8
EVERY_TICKS = 2
"""The pelvis is read 25 times a second: it cannot tip by a degree between two readings."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a rep. `confidence` is the chance that the verdict is right; of `unsure`,
    the chance of the likelier of the two, 0 where the strips carry none. `numbers` are rows of
    `device.core.quantities`."""

    verdict: Verdict
    confidence: float
    faults: tuple[Fault, ...]
    numbers: Mapping[str, float]
    reason: str


@dataclass(frozen=True)
class Reading:
    """A rep as the model read it, before anything is decided. Kept apart for fitting."""

    after_s: FloatArray
    """(ticks,) seconds from the start of the rep."""
    read_s: FloatArray
    """(readings,) of these the ones at which the pelvis is read."""
    features: FloatArray
    """(readings, ways, features) for the pelvis' networks."""
    evidence: FloatArray
    """(ways, numbers) for the rep's networks."""
    shifts: FloatArray
    """(ways, numbers) that only the trees ask about."""
    signals: FloatArray
    """(ticks, signals) changes from rest, in the frame of the lifted leg, the mean of the ways."""
    missing: NDArray[np.bool_]
    """(strips,) which were missing, in the model's order."""
    lost: FloatArray
    """(strips,) the share of the rep in which each was not read, 1 where it was missing."""

    @property
    def asked(self) -> FloatArray:
        """(ways, numbers) for the trees, as named by `REP_NUMBERS`."""
        return np.concatenate([self.evidence, self.shifts], axis=1)


def read(trace: RepTrace, strips: Strips, model: Model) -> Reading | None:
    """Run the trace through a course; None when it holds too little of the rep."""
    part = (trace.t_s >= trace.start_s - BEFORE_S) & (trace.t_s <= trace.end_s)
    if int(part.sum()) < FEWEST_TICKS or not trace.end_s > trace.start_s:
        return None
    failed = np.isnan(trace.loads_pct[part]).mean(axis=0) > MISSING_SHARE
    rest = np.where(failed | ~np.isfinite(trace.rest_pct), np.nan, trace.rest_pct)
    loads = np.where(failed, np.nan, trace.loads_pct)
    course = Course(model, strips, rest, trace.side)
    if course.missing.all():
        return None
    seen = (trace.t_s >= trace.start_s - WARM_UP_S) & (trace.t_s <= trace.end_s)
    states, changes = course.follow(trace.t_s[seen], loads[seen])
    lift, changes = states[part[seen]], changes[part[seen]]
    after_s = trace.t_s[part] - trace.start_s
    weights = signal_weights(model.sensors)
    signals = course.changes(lift) @ weights
    both = trace.side is Side.BOTH
    duration_s, lift_s = trace.end_s - trace.start_s, trace.top_s - trace.start_s
    rows = [
        evidence(after_s, lift_s, duration_s, signals[:, way], rest_way @ weights, both)
        for way, rest_way in enumerate(course.rest)
    ]
    followed = shift_weights(model.sensors)
    ways = range(len(course.rest))
    return Reading(
        after_s=after_s,
        read_s=after_s[::EVERY_TICKS],
        features=course.features(lift[::EVERY_TICKS]),
        evidence=np.array(rows),
        shifts=np.array([shifts(after_s, duration_s, changes[:, way], followed) for way in ways]),
        signals=signals.mean(axis=1),
        missing=course.missing,
        lost=np.where(course.missing, 1.0, strips.in_model_order(lost_shares(trace))),
    )


def peaks(answers: FloatArray) -> FloatArray:
    """The soft maximum over the ticks (axis -2) of tip and roll."""
    raised = np.exp(SHARPNESS * (answers - answers.max(axis=-2, keepdims=True)))
    share = raised / raised.sum(axis=-2, keepdims=True)
    return np.asarray((share * answers).sum(axis=-2))


def peaks_of(angles: FloatArray, networks: FloatArray, trees: FloatArray) -> FloatArray:
    """(2,) the peaks of tip and roll from what was answered at the ticks, `(ticks, ways, 2)`, and
    of the whole rep by networks and by trees, `(ways, 2)` each. They err in different reps."""
    course = mean_of_ways(peaks(angles.swapaxes(0, 1)))
    whole = NETWORKS_SHARE * mean_of_ways(networks) + TREES_SHARE * mean_of_ways(trees)
    return np.asarray((1.0 - NETWORKS_SHARE - TREES_SHARE) * course + whole)


def grown_answers(
    trees: Mapping[str, Trees], names: tuple[str, ...], asked: FloatArray
) -> FloatArray:
    """(ways, names) what the trees of these names answer."""
    return np.stack([trees[name].answers(asked) for name in names], axis=1)


def chances_of(log_odds: FloatArray) -> FloatArray:
    """(statements,) chances from log-odds `(ways, statements)`."""
    return np.asarray(1.0 / (1.0 + np.exp(-mean_of_ways(log_odds))))


def mean_of_ways(answers: FloatArray) -> FloatArray:
    """Over the first axis. A sum, not `mean`: the order of two ways must not matter."""
    return np.asarray(answers.sum(axis=0) / len(answers))


def severity(peak: FloatArray) -> float:
    """How far the pelvis went, 1 at the limit: the larger of tip and roll (last axis)."""
    largest = float(np.max(peak))
    rest = np.exp(SEVERITY_SHARPNESS * (peak - largest)).sum()
    return largest + float(np.log(rest)) / SEVERITY_SHARPNESS


def missing_error(model: Model, missing: NDArray[np.bool_] | FloatArray) -> float:
    """By how much tip or roll may be off for the missing strips, in units of the limit.

    Errors of several add up in full: each was measured with the others there to stand in for it.
    A strip that was lost for a share of the rep counts with that share.
    """
    return float((missing[:, None] * model.missing_error).sum(axis=0).max())


def judge(trace: RepTrace, mat: Mat, model: Model) -> Judgement:
    """Judge one rep. Never raises on finite or missing loads, whatever their size."""
    strips = Strips(model, mat)
    with np.errstate(all="ignore"):
        reading = read(trace, strips, model)
    if reading is None:
        return Judgement(Verdict.UNSURE, 0.0, (), {}, refusal(()))
    begun = beginning_seen(trace, mat)
    angles = model.pelvis.answers(reading.features)
    asked = reading.asked
    peak = peaks_of(
        angles, model.rep.answers(reading.evidence), grown_answers(model.trees, PELVIS, asked)
    )
    chances = chances_of(grown_answers(model.trees, STATEMENTS, asked))
    group = BOTH if trace.side is Side.BOTH else SINGLE
    error = missing_error(model, reading.lost)
    size = severity(peak)
    arched = model.arched[group].chance(size, error)
    quiet = 1.0 - model.moved[group].chance(size, error)
    verdict = Verdict.ARCH if arched > quiet else Verdict.GLUTE
    confidence = max(arched, quiet)
    lost = tuple(np.array(model.sensors)[reading.missing].tolist())
    refused = error > MOST_MISSING_ERROR or not begun
    tilted, rolled = _over(peak, model.fault_at, trace.side)
    named = tilted or rolled or verdict is Verdict.GLUTE
    if confidence < model.unsure_below or refused or not named:
        verdict = Verdict.UNSURE
    arch = verdict is Verdict.ARCH
    said = dict(zip(STATEMENTS, chances.tolist(), strict=True))
    faults = _faults(arch and tilted, arch and rolled, said, model.fault_at)
    moved_s = _moved_s(reading.read_s, angles.mean(axis=1))
    numbers = _numbers(trace, reading, peak, moved_s)
    if refused:
        numbers = {key: value for key, value in numbers.items() if not key.endswith("_deg")}
        numbers.pop("moved_s", None)
        return Judgement(verdict, 0.0, _tempo(faults), numbers, refusal(lost, begun))
    reason = reason_of(verdict, faults, numbers, trace.side, lost, confidence)
    return Judgement(verdict, confidence, faults, numbers, reason)


def _over(peak: FloatArray, at: Mapping[str, float], side: Side) -> tuple[bool, bool]:
    """Whether tip and roll are large enough to be named. An arch of one leg in which neither is
    lies so near the limit that it is none for sure; of both legs, whose tip the mat reads too
    small, the larger of the two is named all the same."""
    tilted, rolled = bool(peak[0] >= at["tilt"]), bool(peak[1] >= at["rotation"])
    if side is Side.BOTH and not (tilted or rolled):
        return bool(peak[0] >= peak[1]), bool(peak[0] < peak[1])
    return tilted, rolled


def _faults(
    tilted: bool, rolled: bool, said: Mapping[str, float], at: Mapping[str, float]
) -> tuple[Fault, ...]:
    found: set[Fault] = set()
    if tilted:
        found.add(Fault.TOO_HIGH if said["too_high"] >= at["too_high"] else Fault.TILT)
    if rolled:
        found.add(Fault.ROTATION)
    found |= {
        fault
        for fault in (Fault.FAST_LIFT, Fault.FAST_LOWER, Fault.HEAD)
        if said[fault.value] >= at[fault.value]
    }
    return tuple(fault for fault in Fault if fault in found)


def _tempo(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The faults that can be told without the pelvis."""
    return tuple(f for f in faults if f in (Fault.FAST_LIFT, Fault.FAST_LOWER, Fault.HEAD))


def _moved_s(after_s: FloatArray, angles: FloatArray) -> float | None:
    """When the pelvis passed the limit, seconds from the start; None if it did not."""
    over = np.flatnonzero((angles >= 1.0).any(axis=-1))
    return max(float(after_s[over[0]]), 0.0) if over.size else None


def _numbers(
    trace: RepTrace, reading: Reading, peak: FloatArray, moved_s: float | None
) -> dict[str, float]:
    duration_s = trace.end_s - trace.start_s
    held = plateau(reading.after_s, duration_s, reading.signals)
    load = dict(zip(SIGNALS, held.tolist(), strict=True))
    tip_deg, roll_deg = (np.maximum(peak, 0.0) * LIMITS_DEG).tolist()
    numbers = {
        "tilt_deg": tip_deg,
        "rotation_deg": roll_deg,
        "tilt_pct": load["ribs"] + load["abdomen"] - load["pubis"],
        "pubis_pct": load["pubis"],
        "belly_pct": load["ribs"] + load["abdomen"],
        "chest_pct": load["chest"],
        "head_pct": load["head"],
        "leg_pct": load["leg"],
    }
    if trace.side is not Side.BOTH:
        numbers["roll_pct"] = load["roll"]
    if moved_s is not None:
        numbers["moved_s"] = moved_s
    return numbers
