"""Chances and thresholds from answers about bodies that the networks have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from device.core.pelvis_model import BOTH, SINGLE, Logistic
from device.core.types import FloatArray, Verdict
from device.scoring.labels import NEVER_S, LabelledRep

Truth = NDArray[np.bool_]

PRIOR = 0.5
"""Pseudo-reps on either side that keep a chance away from certainty: with few reps all on their
proper side the slope would grow without end."""
NEWTON_STEPS = 50
UNSURE_SHARE = 0.02
"""This share of reps is called unsure. Each is one in which either verdict is as likely wrong as
right; more of them would withhold more right verdicts than wrong ones. What is left of the doubt
is in the confidence."""
FALSE_WARNING_COST = 3.0
"""A warned clean rep weighs as much as three bad ones that were not: a member who is warned for
nothing stops listening."""
WARN_LEVELS = np.arange(0.75, 1.151, 0.025)
THRESHOLD_STEPS = 200


def fit_logistic(number: FloatArray, truth: Truth) -> Logistic:
    """The chance of `truth` given `number`, by penalised maximum likelihood."""
    middle, spread = float(number.mean()), float(number.std()) + 1e-9
    scaled = (number - middle) / spread
    # The pseudo-reps lie two spreads out, on the side where nobody doubts.
    design = np.stack([np.concatenate([scaled, [-2.0, 2.0]]), np.ones(len(scaled) + 2)], axis=1)
    target = np.concatenate([truth.astype(float), [0.5, 0.5]])
    weight = np.concatenate([np.ones(len(scaled)), [2 * PRIOR, 2 * PRIOR]])
    parameters = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ parameters, -30.0, 30.0)))
        slope = design.T @ (weight * (target - chance))
        curvature = (design * (weight * chance * (1.0 - chance))[:, None]).T @ design
        step = np.linalg.solve(curvature + 1e-6 * np.eye(2), slope)
        # A full Newton step can overshoot where the two sides hardly overlap.
        parameters += step / max(1.0, float(np.abs(step).max()))
    steepness = max(float(parameters[0]), 1e-3)
    return Logistic(middle - spread * float(parameters[1]) / steepness, steepness / spread)


def best_threshold(number: FloatArray, truth: Truth) -> float:
    """The threshold at which the lesser of precision and recall is greatest, a little smoothed."""
    if not truth.any():
        return float("1e9")
    levels = np.linspace(float(number.min()), float(number.max()), THRESHOLD_STEPS)
    scores = []
    for level in levels:
        said = number >= level
        right = int((said & truth).sum())
        precision, recall = right / max(int(said.sum()), 1), right / int(truth.sum())
        scores.append(min(precision, recall))
    width = max(THRESHOLD_STEPS // 40, 1)
    smooth = np.convolve(scores, np.ones(2 * width + 1) / (2 * width + 1), mode="same")
    return float(levels[int(np.argmax(smooth))])


def unsure_below(
    size: FloatArray,
    both: Truth,
    moved: Mapping[str, Logistic],
    arched: Mapping[str, Logistic],
) -> float:
    """The confidence below which the allowed share of reps lies; never above a half."""
    confidence = []
    for number, is_both in zip(size.tolist(), both.tolist(), strict=True):
        group = BOTH if is_both else SINGLE
        confidence.append(max(arched[group].chance(number), 1.0 - moved[group].chance(number)))
    return min(0.5, float(np.quantile(confidence, UNSURE_SHARE)))


def warn_levels(courses: Sequence[FloatArray], labels: Sequence[LabelledRep]) -> FloatArray:
    """(2,) the tip and roll from which on to warn, in units of the limit, at which warned clean
    reps and unwarned bad ones cost least. A level counts as passed when two readings one after the
    other lie above it."""
    held = np.array([np.minimum(course[1:], course[:-1]).max(axis=0) for course in courses])
    quiet = np.array([label.verdict is Verdict.GLUTE for label in labels])
    over = np.array([label.over_limit_s < NEVER_S for label in labels])
    costs = {}
    for tip in WARN_LEVELS.tolist():
        for roll in WARN_LEVELS.tolist():
            warned = (held[:, 0] >= tip) | (held[:, 1] >= roll)
            missed = 1.0 - _mean(warned[over])
            costs[tip, roll] = missed + FALSE_WARNING_COST * _mean(warned[quiet])
    return np.round(np.array(min(costs, key=lambda levels: costs[levels])), 3)


def _mean(hits: Truth) -> float:
    return float(hits.mean()) if hits.size else 0.0
