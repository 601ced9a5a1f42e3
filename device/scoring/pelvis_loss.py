"""What the networks are taught: the labelled peaks of tip and roll, and when they were passed.

A label gives the largest tip and roll of a rep, and the first moments at which the pelvis left the
quiet range and passed the limit. So the peak over the rep must meet the label, no tick before
those moments may lie above those thresholds, and soon after the limit the tick must lie above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.core.types import FloatArray
from device.scoring.networks import Float32

QUIET = (4.5 / 8.0, 4.0 / 7.0)
"""Tip and roll that count as quiet, in units of the limit (8 and 7 degrees)."""
SHARPNESS = 8.0
"""Of the soft maximum over a rep: ticks within an eighth of the limit of the peak share it."""
MISS_MOST = 0.25
"""A peak further off than a quarter of the limit pulls no harder: the verdict lies at the limit."""
TICK_MOST = 0.3
TICK_WEIGHT = 3.0
"""Of the ticks' rules against the rule of the peak; found by trying."""
SOON_S = 0.4
"""After the limit was passed the tick must say so at least for that long."""
OVER = 1.02
NEVER = 1e9


@dataclass(frozen=True)
class PelvisTargets:
    """Labels of the examples: peaks (examples, 2) in units of the limit, the two moments
    (examples,) or `NEVER`, the times of the ticks (examples, ticks), weights (examples,)."""

    peaks: FloatArray
    quiet_until_s: FloatArray
    limit_at_s: FloatArray
    t_s: FloatArray
    weights: FloatArray

    def gradient(self, answers: Float32, chosen: NDArray[np.intp]) -> Float32:
        """As `networks.LossGradient`."""
        weight = self.weights[chosen][None, :, None].astype(np.float32)
        share = soft_shares(answers)
        peak = (share * answers).sum(axis=2)
        target = self.peaks[chosen].astype(np.float32)
        pull = np.clip(peak - target, -MISS_MOST, MISS_MOST) * weight
        out = share * (1.0 + SHARPNESS * (answers - peak[:, :, None])) * pull[:, :, None]
        out += (TICK_WEIGHT / answers.shape[2]) * self._ticks(answers, chosen) * weight[..., None]
        return np.asarray(out, dtype=np.float32)

    def _ticks(self, answers: Float32, chosen: NDArray[np.intp]) -> Float32:
        t_s = self.t_s[chosen]
        quiet = (t_s < self.quiet_until_s[chosen][:, None])[:, :, None]
        limit_s = self.limit_at_s[chosen][:, None]
        within = (t_s < limit_s)[:, :, None]
        most = np.where(quiet, np.array(QUIET), np.where(within, 1.0, NEVER)).astype(np.float32)
        out = np.clip(answers - most, 0.0, TICK_MOST)
        soon = (t_s >= limit_s) & (t_s < limit_s + SOON_S)
        # Which of the two passed the limit is known only where one did; else the larger one.
        guilty = (self.peaks[chosen] >= 1.0)[:, None, :] * np.float32(10.0)
        first = (answers + guilty).argmax(axis=-1)[..., None]
        said = np.take_along_axis(answers, first, axis=-1)
        short = np.clip(OVER - said, 0.0, TICK_MOST) * soon[:, :, None]
        np.put_along_axis(out, first, np.take_along_axis(out, first, axis=-1) - short, axis=-1)
        return np.asarray(out, dtype=np.float32)


def soft_shares(answers: Float32) -> Float32:
    """How much each tick counts for the peak; they sum to 1 over the ticks (axis -2)."""
    raised = np.exp(SHARPNESS * (answers - answers.max(axis=-2, keepdims=True)))
    return np.asarray(raised / raised.sum(axis=-2, keepdims=True))
