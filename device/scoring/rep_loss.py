"""What is taught of a whole rep: the peaks of tip and roll, and yes or no for each statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.core.types import FloatArray
from device.scoring.networks import Float32
from device.scoring.pelvis_loss import MISS_MOST

FEWEST_SHARE = 0.02
"""A statement that is rarer than this starts from this base rate."""


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


@dataclass(frozen=True)
class StatementTargets:
    """`truth` (examples, statements): 1, 0, or NaN where unknown; `weights` (examples,)."""

    truth: FloatArray
    weights: FloatArray

    def base_log_odds(self) -> tuple[float, ...]:
        """What to answer when nothing is known of a rep."""
        known = ~np.isnan(self.truth)
        share = np.where(known, self.truth, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        share = np.clip(share, FEWEST_SHARE, 1.0 - FEWEST_SHARE)
        return tuple(np.log(share / (1.0 - share)).tolist())

    def gradient(self, answers: Float32, chosen: NDArray[np.intp]) -> Float32:
        """As `networks.LossGradient`: that of the weighted cross-entropy."""
        truth = self.truth[chosen]
        known = ~np.isnan(truth)
        chance = 1.0 / (1.0 + np.exp(-np.clip(answers[:, :, 0], -30.0, 30.0)))
        pull = np.where(known, chance - np.where(known, truth, 0.0), 0.0)
        pull = pull * self.weights[chosen][:, None]
        return np.asarray(pull[:, :, None], dtype=np.float32)
