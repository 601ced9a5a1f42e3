"""What a rep teaches, and the learning of it: from labelled reps to networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from device.core.judge import Reading
from device.core.pelvis_model import FEATURE_LIMIT, LIMITS_DEG, PELVIS, STATEMENTS, Networks
from device.core.rep_trace import RepTrace
from device.core.trees import Trees
from device.core.types import Fault, FloatArray, Side
from device.scoring.boosting import TreePlan, fit_trees
from device.scoring.labels import LabelledRep
from device.scoring.networks import Layers, LossGradient, Plan, fit_networks
from device.scoring.pelvis_loss import NEVER, PelvisTargets
from device.scoring.rep_loss import PeakTargets, base_log_odds, log_odds_slopes, miss_slopes

FITTED_TICKS = 32
"""Ticks of each rep that are learnt from, evenly spread."""
PEAK_MOST = np.array([2.0, 2.0])
"""Peaks beyond twice the limit are learnt as that: how far beyond does not matter."""
BOTH_WEIGHT = 0.75
"""Each of the two ways to read a both-leg rep: together it counts half as much again as a single
one, there being few."""
FIRST_ANGLES = (0.4, 0.4)
"""What the networks say of tip and roll before they have learnt: a usual clean rep."""
PELVIS_PLAN = Plan(hidden=(32, 16), networks=4, epochs=100, noise=0.4)
REP_PLAN = Plan(hidden=(32,), networks=4, epochs=60, decay=3e-3, noise=0.5)
PEAK_TREES = TreePlan(trees=250)
STATEMENT_TREES = TreePlan(trees=200, calm=2.0)
LEAST_SPREAD = 1e-3
"""A feature that never varies must not be divided by nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """One rep: the trace that the pipeline made of it, what it really was, and of whom."""

    body: str
    trace: RepTrace
    label: LabelledRep
    sound: bool
    """False where a strip was bad: not fitted to, only scored."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way of reading one example."""

    example: Example
    ticks: FloatArray
    t_s: FloatArray
    evidence: FloatArray
    asked: FloatArray
    weight: float


@dataclass(frozen=True)
class Lesson:
    """All that one fitting of networks needs, small enough to be sent to another process."""

    ticks: FloatArray
    pelvis: PelvisTargets
    evidence: FloatArray
    rep: PeakTargets
    asked: FloatArray
    statements: FloatArray
    """(examples, statements): 1, 0, or NaN where the label says nothing about it."""


@dataclass(frozen=True)
class Learnt:
    """The networks and trees of a model."""

    pelvis: Networks
    rep: Networks
    trees: Mapping[str, Trees]


def row_of(example: Example, reading: Reading, way: int) -> Row:
    """What is learnt from one way of reading a rep."""
    features = reading.features[:, way]
    ticks = np.linspace(0, len(features) - 1, FITTED_TICKS).round().astype(int)
    return Row(
        example=example,
        ticks=features[ticks],
        t_s=reading.read_s[ticks] + example.trace.start_s,
        evidence=reading.evidence[way],
        asked=reading.asked[way],
        weight=BOTH_WEIGHT if example.trace.side is Side.BOTH else 1.0,
    )


def lesson_of(rows: Sequence[Row]) -> Lesson:
    """Everything that these rows teach."""
    labels = [row.example.label for row in rows]
    weights = np.array([row.weight for row in rows])
    peaks = np.array([_peak(label) for label in labels])
    return Lesson(
        ticks=np.array([row.ticks for row in rows]),
        pelvis=PelvisTargets(
            peaks=peaks,
            quiet_until_s=np.array([min(label.over_quiet_s, NEVER) for label in labels]),
            limit_at_s=np.array([min(label.over_limit_s, NEVER) for label in labels]),
            t_s=np.array([row.t_s for row in rows]),
            weights=weights,
        ),
        evidence=np.array([row.evidence for row in rows])[:, None, :],
        rep=PeakTargets(peaks, weights),
        asked=np.array([row.asked for row in rows]),
        statements=np.array([_statements(label) for label in labels]),
    )


def learn(lesson: Lesson) -> Learnt:
    """Fit all networks and trees. The same lesson gives the same numbers."""
    whole, weights = lesson.rep, lesson.rep.weights
    trees = {}
    for name, peaks in zip(PELVIS, whole.peaks.T, strict=True):
        middle = float(np.median(peaks))
        trees[name] = fit_trees(lesson.asked, miss_slopes(peaks, weights), middle, PEAK_TREES)
    for name, truth in zip(STATEMENTS, lesson.statements.T, strict=True):
        known = ~np.isnan(truth)
        slopes = log_odds_slopes(truth[known], weights[known])
        trees[name] = fit_trees(
            lesson.asked[known], slopes, base_log_odds(truth[known]), STATEMENT_TREES
        )
    return Learnt(
        _fitted(lesson.ticks, FIRST_ANGLES, lesson.pelvis.gradient, PELVIS_PLAN),
        _fitted(lesson.evidence, FIRST_ANGLES, whole.gradient, REP_PLAN),
        trees,
    )


def _peak(label: LabelledRep) -> FloatArray:
    degrees = np.array([label.tilt_deg, label.rotation_deg])
    return np.asarray(np.minimum(degrees / LIMITS_DEG, PEAK_MOST))


def _statements(label: LabelledRep) -> list[float]:
    """1 or 0 for each of `STATEMENTS`; NaN where the label says nothing about it."""
    truth = [float(Fault(name) in label.faults) for name in STATEMENTS]
    if not label.faults & {Fault.TILT, Fault.TOO_HIGH}:
        truth[STATEMENTS.index("too_high")] = np.nan
    return truth


def _fitted(
    features: FloatArray, first_answer: Sequence[float], gradient: LossGradient, plan: Plan
) -> Networks:
    mean = features.mean(axis=(0, 1))
    spread = features.std(axis=(0, 1)) + LEAST_SPREAD
    scaled = np.clip((features - mean) / spread, -FEATURE_LIMIT, FEATURE_LIMIT)
    layers: Layers = fit_networks(scaled.astype(np.float32), first_answer, gradient, plan)
    return Networks(
        mean,
        spread,
        tuple(
            (weights.astype(np.float64), offsets.astype(np.float64)) for weights, offsets in layers
        ),
    )
