"""From conductance to the voltage at a converter's input: divider, supply and noise."""

from __future__ import annotations

import math

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray

NOISE_V = (0.2e-3, 0.8e-3)
"""Root mean square above 40 Hz, measured on strips of the same make in a 3.3 V divider."""
REFERENCE_NOISE_V = 0.1e-3
SUPPLY_SPREAD = 0.004
"""How far a 3.3 V regulator is off, one standard deviation."""
SUPPLY_WANDER = 0.0015
"""Slow wander of the supply with load and warmth, as a share."""
RIPPLE = 0.0003
"""What is left of the mains, as a share of the supply."""
MAINS_HZ = 100.0
_NOISES = 4096


class Divider:
    """The analogue side of one mat: the same seed gives the same board."""

    def __init__(self, mat: Mat, seed: int) -> None:
        rng = np.random.default_rng([seed, 1115])
        electronics = mat.electronics
        self._pulldown_ohm = electronics.pulldown_ohm
        self._supply_v = electronics.supply_v * float(1.0 + rng.normal(0.0, SUPPLY_SPREAD))
        self._reference_share = mat.reference.nominal_v / electronics.supply_v
        self._phase, self._slow_hz = float(rng.uniform(0, 6.28)), float(rng.uniform(0.01, 0.04))
        noise_v = rng.uniform(*NOISE_V, len(mat.sensors)).tolist()
        self._noise_v: list[float] = [*noise_v, REFERENCE_NOISE_V]
        self._noises: list[float] = rng.normal(0.0, 1.0, _NOISES).tolist()
        self._next_noise = 0

    def shares(self, siemens: FloatArray) -> list[float]:
        """What share of the supply each channel shows, the reference last."""
        loaded = siemens * self._pulldown_ohm
        return [*(loaded / (1.0 + loaded)).tolist(), self._reference_share]

    def supply_v(self, t_s: float) -> float:
        """The supply at that moment."""
        wander = SUPPLY_WANDER * math.sin(6.2832 * self._slow_hz * t_s + self._phase)
        return self._supply_v * (1.0 + wander + RIPPLE * math.sin(6.2832 * MAINS_HZ * t_s))

    def volts(self, place: int, share: float, t_s: float) -> float:
        """The voltage of a channel (its place in `Mat.channels`), with the noise of this moment."""
        self._next_noise = (self._next_noise + 1) % _NOISES
        noise = self._noises[self._next_noise] * self._noise_v[place]
        return max(share * self.supply_v(t_s) + noise, 0.0)

    def all_volts(self, shares: list[float], t_s: float) -> list[float]:
        """`volts` of every channel at one moment, in the order of `Mat.channels`."""
        supply_v, first = self.supply_v(t_s), self._next_noise + 1
        self._next_noise = (self._next_noise + len(shares)) % _NOISES
        return [
            max(share * supply_v + self._noises[(first + place) % _NOISES] * noise_v, 0.0)
            for place, (share, noise_v) in enumerate(zip(shares, self._noise_v, strict=True))
        ]
