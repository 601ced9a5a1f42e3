"""Chances and thresholds from answers about bodies that the networks have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from device.core.pelvis_model import BOTH, PELVIS, SINGLE, Logistic
from device.core.types import FloatArray, Verdict
from device.scoring.labels import LabelledRep

Truth = NDArray[np.bool_]

PRIOR = 0.5
"""Pseudo-reps on either side that keep a chance away from certainty: with few reps all on their
proper side the slope would grow without end."""
NEWTON_STEPS = 50
UNSURE_SHARE = 0.05
"""At most this share of reps is called unsure; the bar is 8 %, other bodies may be harder."""
QUIET_WARNED_SHARE = 0.03
"""At most this share of quiet reps may be warned; the bar is 5 %."""
WARN_LEVELS = np.arange(0.6, 1.31, 0.02)
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
    """(2,) the lowest common level that warns few enough quiet reps."""
    quiet = [
        course
        for course, label in zip(courses, labels, strict=True)
        if label.verdict is Verdict.GLUTE
    ]
    highest = np.array([course.max() for course in quiet]) if quiet else np.zeros(1)
    for level in WARN_LEVELS:
        if float((highest >= level).mean()) <= QUIET_WARNED_SHARE:
            return np.full(len(PELVIS), float(round(level, 3)))
    return np.full(len(PELVIS), float(WARN_LEVELS[-1]))
