"""How loud a sound is to the ear: ITU-R BS.1770, gated, for one channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

STANDARD_HZ = 48_000
"""The rate for which the standard gives its filters; their response holds for any rate below."""
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""Numerator and denominator (without its leading 1) of the K weighting: head, then low end."""
BLOCK_S, STEP_S = 0.4, 0.1
SILENCE_LUFS = -70.0
BELOW_MEAN_LU = 10.0
"""Blocks so far below the others are pauses."""
OFFSET_LU = -0.691


def loudness_lufs(samples: Samples, rate_hz: int) -> float:
    """Integrated loudness; a sound shorter than a block counts as one block of its own length."""
    weighted = _weighted(np.asarray(samples, dtype=float), rate_hz)
    size, step = int(BLOCK_S * rate_hz), int(STEP_S * rate_hz)
    starts = range(0, max(1, len(weighted) - size + 1), step)
    powers = np.array([np.mean(np.square(weighted[start : start + size])) for start in starts])
    loud = powers[_lufs(powers) > SILENCE_LUFS]
    if not len(loud):
        return SILENCE_LUFS
    loud = loud[_lufs(loud) > _lufs(loud.mean()) - BELOW_MEAN_LU]
    return float(_lufs(loud.mean()))


def _lufs(power: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    return np.asarray(OFFSET_LU + 10.0 * np.log10(np.maximum(power, 1e-12)))


def _weighted(samples: Samples, rate_hz: int) -> Samples:
    """Through both filters, by their response at each frequency."""
    size = len(samples) + rate_hz // 10  # Room for the filters to ring in.
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1.0 / rate_hz) / STANDARD_HZ)
    response = np.ones(len(delay), dtype=complex)
    for (b0, b1, b2), (a1, a2) in (SHELF, HIGH_PASS):
        response *= (b0 + b1 * delay + b2 * delay**2) / (1.0 + a1 * delay + a2 * delay**2)
    spectrum = np.fft.rfft(samples, size) * response
    return np.asarray(np.fft.irfft(spectrum, size)[: len(samples)])
