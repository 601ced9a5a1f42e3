"""What is taught of a whole rep: the peaks of tip and roll, and yes or no for each statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.core.types import FloatArray
from device.scoring.boosting import Slopes
from device.scoring.networks import Float32
from device.scoring.pelvis_loss import MISS_MOST

FEWEST_SHARE = 0.02
"""A statement that is rarer than this starts from this base rate."""
LEAST_CURVE = 1e-6


@dataclass(frozen=True)
class PeakTargets:
    """`peaks` (examples, 2) in units of the limit; `weights` (examples,)."""

    peaks: FloatArray
    weights: FloatArray

    def gradient(self, answers: Float32, chosen: NDArray[np.intp]) -> Float32:
        """As `networks.LossGradient`: a pull to the peaks that is bounded for far ones."""
        miss = np.clip(answers[:, :, 0] - self.peaks[chosen], -MISS_MOST, MISS_MOST)
        pull = miss * self.weights[chosen][:, None]
        return np.asarray(pull[:, :, None], dtype=np.float32)


def miss_slopes(wanted: FloatArray, weights: FloatArray) -> Slopes:
    """For trees: the same pull to `wanted` (examples,)."""

    def slopes(answers: FloatArray) -> tuple[FloatArray, FloatArray]:
        return weights * np.clip(answers - wanted, -MISS_MOST, MISS_MOST), weights

    return slopes


def log_odds_slopes(truth: FloatArray, weights: FloatArray) -> Slopes:
    """For trees: that of the weighted cross-entropy of log-odds and `truth`, 1 or 0."""

    def slopes(answers: FloatArray) -> tuple[FloatArray, FloatArray]:
        chance = 1.0 / (1.0 + np.exp(-np.clip(answers, -30.0, 30.0)))
        curve = np.maximum(chance * (1.0 - chance), LEAST_CURVE)
        return weights * (chance - truth), weights * curve

    return slopes


def base_log_odds(truth: FloatArray) -> float:
    """What to answer when nothing is known of a rep."""
    share = float(truth.mean()) if truth.size else 0.0
    share = min(max(share, FEWEST_SHARE), 1.0 - FEWEST_SHARE)
    return float(np.log(share / (1.0 - share)))
