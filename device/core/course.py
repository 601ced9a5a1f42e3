"""The course of one lift as the pelvis model reads it: each strip's change from rest, tick by tick.

A right-leg lift is folded onto a left-leg one by mirroring the mat, so that both sides are read by
the same numbers; a lift of both legs is read both ways and averaged. Missing strips are filled
with what the other strips let one expect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from device.core.mat import Mat
from device.core.pelvis_model import Model
from device.core.types import FloatArray, Side

SMOOTHING_S = 0.06
"""Time constant that takes out the noise of a tick; a lift lasts seconds."""
SLOW_S = 0.4
"""Time constant of the change against which a drift within the lift shows."""
TICK_S = 0.02
"""Taken to have passed before the first tick."""
LONGEST_STEP_S = 0.5
"""After a longer gap the course is taken up as if this had passed."""
FLOOR_PCT = 1.0
"""Added to loads before their ratio to rest is taken: below it a strip bears nothing."""
RIDGE = 1e-3
"""Keeps the filling of missing strips well-posed; share of the mean variance."""
LARGEST_PCT = 400.0
"""No strip bears more than some body weights: absurd readings end here."""

COMBINATIONS: Mapping[str, Mapping[tuple[str, str | None], float]] = MappingProxyType(
    {
        "tilt": {
            ("ribs", "lifted"): 1.0,
            ("ribs", "resting"): 1.0,
            ("abdomen", "lifted"): 1.0,
            ("abdomen", "resting"): 1.0,
            ("pubis", None): -1.0,
        },
        "roll": {("asis", "lifted"): 1.0, ("asis", "resting"): -1.0},
        "hips": {("asis", "lifted"): 1.0, ("asis", "resting"): 1.0},
        "side bend": {("ribs", "lifted"): 1.0, ("ribs", "resting"): -1.0},
        "pubis": {("pubis", None): 1.0},
        "chest": {("chest", None): 1.0},
    }
)
"""Sums of strips with a meaning of their own, in the frame of the lifted leg. How far each has come
back from its highest and lowest so far in the lift is what tells a drift of the pelvis from the
leg's own load, which hardly changes once the thigh is off the mat."""


class Strips:
    """How a mat's strips stand to the model's: order, mirror image, sums with a meaning."""

    def __init__(self, model: Model, mat: Mat) -> None:
        self.count = len(model.sensors)
        place = {name: index for index, name in enumerate(mat.names)}
        self._places = np.array([place.get(name, len(mat.names)) for name in model.sensors])
        """Where on the mat each strip of the model lies; one beyond the last where it has none."""
        self._complete = all(name in place for name in model.sensors)
        own = {name: index for index, name in enumerate(model.sensors)}
        self.mirror = np.array([own[_mirrored(name)] for name in model.sensors], dtype=int)
        """In the model's order, the mirror image of each strip."""
        self.combinations = np.zeros((self.count, len(COMBINATIONS)))
        for column, weights in enumerate(COMBINATIONS.values()):
            for (row, side), weight in weights.items():
                name = row + {None: "", "lifted": "_left", "resting": "_right"}[side]
                if name in own:
                    self.combinations[own[name], column] = weight

    def in_model_order(self, loads: FloatArray) -> FloatArray:
        """(..., strips of the mat) to (..., strips of the model), NaN where there is none."""
        if not self._complete:
            loads = np.concatenate([loads, np.full((*loads.shape[:-1], 1), np.nan)], axis=-1)
        return np.asarray(loads[..., self._places])


class Course:
    """Follows one lift causally. `step` takes the next tick, `state` says how it stands.

    Every array of loads in here is `(ways, strips)`: one way of reading a single-leg lift, two of
    a both-leg lift.
    """

    def __init__(self, model: Model, strips: Strips, rest_pct: FloatArray, side: Side) -> None:
        self._strips = strips
        self._both = 1.0 if side is Side.BOTH else 0.0
        straight = np.arange(strips.count)
        self._orders = np.stack(
            {
                Side.LEFT: [straight],
                Side.RIGHT: [strips.mirror],
                Side.BOTH: [straight, strips.mirror],
            }[side]
        )
        rest = _bounded(strips.in_model_order(rest_pct))
        # Whatever was taken for body weight: the strips that are there bear all of it at rest.
        borne = float(np.nansum(np.maximum(rest, 0.0)))
        self._scale = 100.0 / max(borne, FLOOR_PCT)
        rest = rest * self._scale
        self.missing = np.isnan(rest)
        """(strips,) those without a rest load, in the model's order; they are filled in."""
        rest = rest[self._orders]
        self._fillings = [
            _Filling(model, self.missing[order]) for order in self._orders if self.missing.any()
        ]
        if self._fillings:
            rest = np.stack(
                [fill.rest(way) for fill, way in zip(self._fillings, rest, strict=True)]
            )
        self.rest = rest
        """The rest load, the missing ones filled in."""
        self._last = rest
        self._smooth = np.zeros_like(rest)
        self._slow = np.zeros_like(rest)
        self._highest = np.zeros((len(rest), len(COMBINATIONS)))
        self._lowest = np.zeros((len(rest), len(COMBINATIONS)))
        self._log_rest = np.log(np.maximum(rest, 0.0) + FLOOR_PCT)
        self._t_s = math.nan

    def step(self, t_s: float, loads_pct: FloatArray) -> None:
        """Take the loads of one tick, in the order of the mat."""
        loads = self._strips.in_model_order(loads_pct)[self._orders] * self._scale
        if self._fillings:
            ways = zip(self._fillings, loads, self.rest, strict=True)
            loads = np.stack([fill.loads(way, rest) for fill, way, rest in ways])
        loads = _bounded(loads)
        if math.isnan(np.add.reduce(loads, axis=None)):
            # A reading that failed for a moment: the strip is taken to bear what it last bore.
            loads = np.where(np.isnan(loads), self._last, loads)
        self._last = loads
        self._blend(t_s, loads - self.rest)
        sums = self._smooth @ self._strips.combinations
        self._highest = np.maximum(self._highest, sums)
        self._lowest = np.minimum(self._lowest, sums)

    def follow(self, t_s: FloatArray, loads_pct: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Take many ticks (ticks, strips of the mat), as so many steps would: the states after each
        and the changes as they were measured, `(ticks, ways, numbers)`."""
        if self._fillings or np.isnan(loads_pct).any():
            states, changes = [], []
            for tick_s, row in zip(t_s.tolist(), loads_pct, strict=True):
                self.step(tick_s, row)
                states.append(self.state())
                changes.append(self.change)
            return np.array(states), np.array(changes)
        loads = self._strips.in_model_order(loads_pct)[:, self._orders]
        measured = _bounded(loads * self._scale) - self.rest
        smooth, slow = np.empty_like(measured), np.empty_like(measured)
        for tick, tick_s in enumerate(t_s.tolist()):
            self._blend(tick_s, measured[tick])
            smooth[tick], slow[tick] = self._smooth, self._slow
        sums = smooth @ self._strips.combinations
        highest = np.maximum.accumulate(np.concatenate([self._highest[None], sums]))[1:]
        lowest = np.minimum.accumulate(np.concatenate([self._lowest[None], sums]))[1:]
        self._last = measured[-1] + self.rest
        self._highest, self._lowest = highest[-1], lowest[-1]
        return np.concatenate([smooth, slow, highest, lowest], axis=-1), measured

    def _blend(self, t_s: float, change: FloatArray) -> None:
        passed_s = t_s - self._t_s if t_s > self._t_s else TICK_S
        passed_s = min(passed_s, LONGEST_STEP_S)
        self._t_s = t_s
        smooth, slow = self._smooth, self._slow
        self._smooth = smooth = smooth + (1.0 - math.exp(-passed_s / SMOOTHING_S)) * (
            change - smooth
        )
        self._slow = slow + (1.0 - math.exp(-passed_s / SLOW_S)) * (smooth - slow)

    @property
    def change(self) -> FloatArray:
        """(ways, strips): the change from rest at the last tick as measured, not smoothed."""
        return self._last - self.rest

    def state(self) -> FloatArray:
        """(ways, numbers): the smoothed change from rest, the slow one, and the highest and lowest
        of each combination so far."""
        return np.concatenate([self._smooth, self._slow, self._highest, self._lowest], axis=-1)

    def changes(self, state: FloatArray) -> FloatArray:
        """Of states, the smoothed changes from rest, `(..., ways, strips)`."""
        return state[..., : self._strips.count]

    def features(self, state: FloatArray) -> FloatArray:
        """`(..., ways, numbers)` states to `(..., ways, features)`."""
        count, sums = self._strips.count, len(COMBINATIONS)
        smooth, slow = state[..., :count], state[..., count : 2 * count]
        highest, lowest = state[..., 2 * count : -sums], state[..., -sums:]
        combined = smooth @ self._strips.combinations
        # Filled in place: on so few numbers `concatenate` and what it needs cost twice as much.
        out = np.empty((*state.shape[:-1], 4 * count + 3 * sums + 1))
        out[..., :count] = smooth
        ratio = np.log(np.maximum(smooth + self.rest, 0.0) + FLOOR_PCT)
        out[..., count : 2 * count] = ratio - self._log_rest
        out[..., 2 * count : 3 * count] = self.rest
        out[..., 3 * count : 4 * count] = smooth - slow
        rest = out[..., 4 * count :]
        rest[..., :sums] = combined
        rest[..., sums : 2 * sums] = highest - combined
        rest[..., 2 * sums : -1] = combined - lowest
        rest[..., -1] = self._both
        return out


class _Filling:
    """What the present strips let one expect of the missing ones: the conditional mean."""

    def __init__(self, model: Model, missing: NDArray[np.bool_]) -> None:
        count = len(missing)
        self._missing = missing
        self._mean = model.load_mean
        # Loads are per cent of what the present strips bear; bring them to per cent of all.
        self._share = max(1.0 - float(model.load_mean[:count][missing].sum()) / 100.0, 0.1)
        self._here = np.flatnonzero(~np.concatenate([missing, missing]))
        self._gone = np.flatnonzero(np.concatenate([missing, missing]))
        covariance = model.load_covariance
        ridge = RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(self._here))
        self._weights = np.linalg.solve(
            covariance[np.ix_(self._here, self._here)] + ridge,
            covariance[np.ix_(self._here, self._gone)],
        )

    def rest(self, rest: FloatArray) -> FloatArray:
        present = np.where(self._missing, 0.0, rest * self._share)
        count = len(rest)
        expected = self._expected(present, self._mean[count:])[:count]
        return np.where(self._missing, expected, present)

    def loads(self, loads: FloatArray, rest: FloatArray) -> FloatArray:
        present = loads * self._share
        change = np.where(np.isfinite(present), present - rest, 0.0)
        return np.where(self._missing, rest + self._expected(rest, change)[len(rest) :], present)

    def _expected(self, rest: FloatArray, change: FloatArray) -> FloatArray:
        off = np.concatenate([rest, change]) - self._mean
        expected = self._mean.copy()
        expected[self._gone] += off[self._here] @ self._weights
        return expected


def _bounded(loads: FloatArray) -> FloatArray:
    return np.minimum(np.maximum(loads, -LARGEST_PCT), LARGEST_PCT)


def _mirrored(name: str) -> str:
    if name.endswith("_left"):
        return name.removesuffix("_left") + "_right"
    if name.endswith("_right"):
        return name.removesuffix("_right") + "_left"
    return name
