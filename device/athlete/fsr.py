"""Force-sensing resistors as they really are: force in, conductance out, with all their vices.

Conductance is `k F^a` with parts that differ, a preload from the way they are mounted, hysteresis,
and creep of 11 to 22 % per tenfold of time, as measured on strips of the same make under a lying
person. An unloaded strip keeps a little of it for a while: it is not back at its zero at once.
"""

from __future__ import annotations

import numpy as np

from device.athlete.collect import bar_sensors
from device.core.mat import Mat
from device.core.parts import PARTS
from device.core.types import FloatArray

EXPONENT_BELOW_SHEET = (0.0, 0.15)
"""Built under a bar a strip bends off earlier than in the data sheet's figure: 0.75 to 0.9."""
MATCHED_AT_N = 8.0
"""The force at which the mean part follows its data sheet."""
PART_SPREAD = 0.12
"""Standard deviation of a part's conductance; data sheets say 6 (one batch) to 25 %."""
PRELOAD_N = (0.05, 0.8)
"""Mounted, a strip is never quite free."""
HYSTERESIS = (0.08, 0.17)
"""Width of the loop of loading and unloading, share of the force."""
CREEP_PER_DECADE = (0.11, 0.22)
"""Measured under a lying person."""
CREEP_TIMES_S = np.array([3.0, 30.0, 300.0])
"""Relaxations a decade apart add up to creep that goes with the logarithm of time, here from the
first second on, as it was measured."""
LEFT_BEHIND = 0.03
"""Share of the creep that an unloaded strip still shows. Measured: within 2 % of the loaded
conductance a second after the person got off."""
NOMINAL_AT_S = 10.0
"""`k F^a` is what a part shows after lying loaded for so long."""
DRIFT_PER_ROOT_S = 2e-4
"""Slow random change of a part's conductance, share per square root of a second."""
DRIFT_MEMORY_S = 600.0

_PLAY_WEIGHTS = (0.25, 0.25)
_PLAY_WIDTHS = (2.0 / 3.0, 4.0 / 3.0)
"""Two plays and a free half: together a loop of half the width given, and small moves still show.
Creep makes the other half of the loop that is measured in a press of some seconds."""


class FsrBank:
    """All strips of one mat. The same seed gives the same parts."""

    def __init__(self, mat: Mat, seed: int) -> None:
        rng = np.random.default_rng([seed, 408])
        sensors = bar_sensors(mat)
        self.n_bars = len(sensors)
        self._starts = [sensors.index(index) for index in range(len(mat.sensors))]
        parts = [PARTS[sensor.part] for sensor in mat.sensors]
        count = len(parts)
        sheet = np.array([part.exponent for part in parts])
        exponent = sheet - rng.uniform(*EXPONENT_BELOW_SHEET, count)
        siemens = np.array([part.siemens_at_one_n for part in parts]) * MATCHED_AT_N ** (
            sheet - exponent
        )
        siemens = siemens * np.exp(rng.normal(0.0, PART_SPREAD, count))
        preload = rng.uniform(*PRELOAD_N, count)
        hysteresis = rng.uniform(*HYSTERESIS, count)
        creep = rng.uniform(*CREEP_PER_DECADE, count)
        # The lengths of one channel are cut from one part, so they share its numbers.
        of_bar = list(sensors)
        self._siemens = siemens[of_bar]
        self._exponent = exponent[of_bar]
        self._preload_n = preload[of_bar]
        self._play = np.array([width * hysteresis[of_bar] / 2.0 for width in _PLAY_WIDTHS])
        self._creep = creep[of_bar]
        at_nominal = 1.0 - np.exp(-NOMINAL_AT_S / CREEP_TIMES_S)
        self._prompt = 1.0 - self._creep * at_nominal.sum()
        self._rng = rng
        self._played = np.zeros((len(_PLAY_WIDTHS), self.n_bars))
        self._crept = np.zeros((len(CREEP_TIMES_S), self.n_bars))
        self._drift = np.zeros(self.n_bars)
        self._rates: dict[float, FloatArray] = {}
        self.settle(np.zeros(self.n_bars))

    def settle(self, force_n: FloatArray) -> None:
        """Let all strips lie under a force for ever: the state of a mat that was left alone."""
        self._played[:] = force_n + self._preload_n
        self._crept[:] = self._conductance(force_n)

    def step(self, force_n: FloatArray, step_s: float) -> FloatArray:
        """Conductance of every sensor (siemens) after `step_s` under these forces of every bar."""
        rate = self._rates.get(step_s)
        if rate is None:
            rate = (1.0 - np.exp(-step_s / CREEP_TIMES_S))[:, None]
            self._rates[step_s] = rate
        prompt = self._conductance(force_n)
        self._crept += rate * (prompt - self._crept)
        self._drift *= 1.0 - step_s / DRIFT_MEMORY_S
        self._drift += self._rng.normal(0.0, DRIFT_PER_ROOT_S * step_s**0.5, self.n_bars)
        # What crept in under a load shows while the load lasts, and waits for it to come back.
        showing = np.minimum(self._crept, prompt + LEFT_BEHIND * self._crept)
        bars = (self._prompt * prompt + self._creep * showing.sum(axis=0)) * (1.0 + self._drift)
        return np.add.reduceat(bars, self._starts)

    def _conductance(self, force_n: FloatArray) -> FloatArray:
        force = force_n + self._preload_n
        band = self._play * force
        np.clip(self._played, force - band, force + band, out=self._played)
        free = 1.0 - sum(_PLAY_WEIGHTS)
        felt = (
            free * force + _PLAY_WEIGHTS[0] * self._played[0] + _PLAY_WEIGHTS[1] * self._played[1]
        )
        return np.asarray(self._siemens * felt**self._exponent)
