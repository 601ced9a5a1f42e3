"""The simulated mat without hardware below it: recordings and dead weights in virtual time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from device.athlete.divider import Divider
from device.athlete.fsr import FsrBank
from device.athlete.simulated_mat import SimulatedMat
from device.athlete.truth import TrueRep
from device.core.mat import Mat
from device.core.types import FloatArray

FRAME_S = 0.01
DEAD_WEIGHTS_N = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0)
"""Weights that a person can lay on a strip one after the other."""
WEIGHT_LIES_S = 10.0
READ_S = 1.0


def record(
    mat: Mat, seed: int, duration_s: float
) -> tuple[FloatArray, FloatArray, tuple[TrueRep, ...]]:
    """Let the script run: times (k,), counts (k, channels) as ideal converters, the true reps."""
    simulated = SimulatedMat(mat, seed)
    t_s: FloatArray = np.arange(round(duration_s / FRAME_S), dtype=np.float64) * FRAME_S
    counts: FloatArray = np.array([simulated.counts(t) for t in t_s.tolist()])
    return t_s, counts, simulated.truth


def dead_weight_points(mat: Mat, seed: int) -> Mapping[str, tuple[FloatArray, FloatArray]]:
    """Calibration points of this seed's mat: for each strip forces (N) and mean counts.

    Every weight lies across all bars of a strip for ten seconds and is read then, as by hand.
    """
    divider = Divider(mat, seed)
    strips = FsrBank(mat, seed)
    of_bar = np.array([1.0 / len(s.bars_mm) for s in mat.sensors for _ in s.bars_mm])
    volts_per_count = mat.electronics.volts_per_count
    rows = []
    t_s = 0.0
    for weight_n in DEAD_WEIGHTS_N:
        force_n = weight_n * of_bar
        for _ in range(round(WEIGHT_LIES_S)):
            siemens = strips.step(force_n, 1.0)
        shares = divider.shares(siemens)
        times = t_s + np.arange(100) * READ_S / 100
        rows.append(
            [
                np.mean([divider.volts(i, share, t) for t in times.tolist()]) / volts_per_count
                for i, share in enumerate(shares[:-1])
            ]
        )
        t_s += WEIGHT_LIES_S
    counts = np.array(rows)
    forces = np.array(DEAD_WEIGHTS_N)
    return {name: (forces, counts[:, place]) for place, name in enumerate(mat.names)}
