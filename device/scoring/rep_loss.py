"""What the rep's networks are taught: the peaks, and yes or no for each statement, as log-odds."""

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
class RepTargets:
    """`peaks` (examples, 2) of tip and roll in units of the limit; `truth` (examples, statements):
    1, 0, or NaN where unknown; `weights` (examples,)."""

    peaks: FloatArray
    truth: FloatArray
    weights: FloatArray

    def first_answer(self) -> tuple[float, ...]:
        """What to answer when nothing is known of a rep."""
        known = ~np.isnan(self.truth)
        share = np.where(known, self.truth, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        share = np.clip(share, FEWEST_SHARE, 1.0 - FEWEST_SHARE)
        return (*self.peaks.mean(axis=0).tolist(), *np.log(share / (1.0 - share)).tolist())

    def gradient(self, answers: Float32, chosen: NDArray[np.intp]) -> Float32:
        """As `networks.LossGradient`: a bounded pull to the peaks, cross-entropy for the rest."""
        angles = self.peaks.shape[1]
        out = answers[:, :, 0]
        miss = np.clip(out[..., :angles] - self.peaks[chosen], -MISS_MOST, MISS_MOST)
        truth = self.truth[chosen]
        known = ~np.isnan(truth)
        chance = 1.0 / (1.0 + np.exp(-np.clip(out[..., angles:], -30.0, 30.0)))
        doubt = np.where(known, chance - np.where(known, truth, 0.0), 0.0)
        pull = np.concatenate([miss, doubt], axis=-1) * self.weights[chosen][:, None]
        return np.asarray(pull[:, :, None], dtype=np.float32)
