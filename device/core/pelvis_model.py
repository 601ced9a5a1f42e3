"""The fitted numbers that turn a course of loads into degrees of pelvic motion.

A few small neural networks, averaged, read the change of load on every strip since rest and answer
with the tip and the roll of the pelvis at that moment; others, and boosted trees, read the rep as a
whole. They are fitted by `pronemat fit` from labelled recordings and kept as JSON; nothing here
reads a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from device.core.evidence import EVIDENCE_NAMES
from device.core.shifts import SHIFT_NAMES
from device.core.trees import Trees, read_trees, written
from device.core.types import FloatArray
from device.errors import ModelError

FORMAT = 3
PELVIS = ("tilt", "rotation")
"""What is read at each tick: tip and roll of the pelvis."""
LIMITS_DEG = np.array([8.0, 7.0])
"""One unit of tip and roll: above it the low back made the height (RECORDING.md's labels)."""
STATEMENTS = ("head", "fast_lift", "fast_lower", "too_high")
"""What is read once a rep, each as a log-odds: `too_high` given that the pelvis tipped."""
REP_NUMBERS = (*EVIDENCE_NAMES, *SHIFT_NAMES)
"""What the trees may ask about."""
SINGLE, BOTH = "single", "both"
FEATURE_LIMIT = 4.0
"""A feature counts for at most this many standard deviations: no reading can run away."""


@dataclass(frozen=True)
class Networks:
    """A few small networks, averaged. Weights (networks, in, out), offsets (networks, 1, out)."""

    mean: FloatArray
    spread: FloatArray
    layers: tuple[tuple[FloatArray, FloatArray], ...]

    def answers(self, features: FloatArray) -> FloatArray:
        """`(..., features)` to `(..., outputs)`."""
        scaled = (features.reshape(-1, features.shape[-1]) - self.mean) / self.spread
        scaled = np.minimum(np.maximum(scaled, -FEATURE_LIMIT), FEATURE_LIMIT)
        first, offsets = self._side_by_side
        hidden = (scaled @ first + offsets).reshape(len(scaled), len(self.layers[0][0]), -1)
        hidden = hidden.swapaxes(0, 1)
        for weights, offsets in self.layers[1:]:
            hidden = np.tanh(hidden) @ weights + offsets
        # The mean over the networks; `mean(axis=0)` costs three times as much on so few numbers.
        out: FloatArray = np.add.reduce(hidden) / len(hidden)
        return out.reshape(*features.shape[:-1], out.shape[-1])

    @cached_property
    def _side_by_side(self) -> tuple[FloatArray, FloatArray]:
        """The first layers of all networks as one: the same rows go into each."""
        weights, offsets = self.layers[0]
        return np.concatenate(list(weights), axis=1), offsets.reshape(-1)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A chance that rises with one number: `1 / (1 + exp(-slope (number - middle)))`."""

    middle: float
    slope: float

    def chance(self, number: float, error: float = 0.0) -> float:
        """`error`: by how much the number may be off (one standard deviation), which draws the
        chance towards a half (the probit approximation, MacKay 1992)."""
        slope = self.slope / np.sqrt(1.0 + np.pi / 8.0 * (self.slope * error) ** 2)
        return float(1.0 / (1.0 + np.exp(-np.clip(slope * (number - self.middle), -50.0, 50.0))))


@dataclass(frozen=True)
class Model:
    """Everything fitted. Arrays of strips are in the order of `sensors`, matched by name."""

    fitted_on: str
    sensors: tuple[str, ...]
    load_mean: FloatArray
    """(2 n,) mean rest load and mean change from rest in a lift, % of body weight."""
    load_covariance: FloatArray
    """(2 n, 2 n) their covariance: what the other strips tell of a missing one."""
    missing_error: FloatArray
    """(n, 2) how far tip and roll are off, in units of the limit, when that strip is missing."""
    pelvis: Networks
    """Tip and roll at a tick, from the course so far."""
    rep: Networks
    """Their peaks in a rep, from the whole rep: a second opinion."""
    trees: Mapping[str, Trees]
    """For `PELVIS` a third opinion on those peaks, for `STATEMENTS` the log-odds of each."""
    moved: Mapping[str, Logistic]
    """For single-leg and both-leg reps: the chance that the pelvis left the quiet range, by the
    severity (the larger of tip and roll, in units of the limit)."""
    arched: Mapping[str, Logistic]
    """The chance that it passed the limit."""
    fault_at: Mapping[str, float]
    """For each fault the tip, roll or chance from which on it is named."""
    warn_at: FloatArray
    """(2,) tip and roll, in units of the limit, from which on the pelvis is said to be moving."""
    unsure_below: float
    """A verdict with a lower chance of being right is not given."""


def parse_model(text: str, source: str) -> Model:
    """The model written by `model_json`. `ModelError` naming `source` when it is not one."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ModelError(
                f"{source} has format {data['format']!r} where this program reads {FORMAT}; "
                "fit it anew with 'pronemat fit'."
            )
        model = Model(
            fitted_on=str(data["fitted_on"]),
            sensors=tuple(str(name) for name in data["sensors"]),
            load_mean=_array(data["load_mean"]),
            load_covariance=_array(data["load_covariance"]),
            missing_error=_array(data["missing_error"]),
            pelvis=_networks(data["pelvis"]),
            rep=_networks(data["rep"]),
            trees={key: read_trees(row, REP_NUMBERS) for key, row in data["trees"].items()},
            moved=_logistics(data["moved"]),
            arched=_logistics(data["arched"]),
            fault_at={str(key): float(value) for key, value in data["fault_at"].items()},
            warn_at=_array(data["warn_at"]),
            unsure_below=float(data["unsure_below"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ModelError(
            f"{source} is not a model of the pelvis ({error}); fit it anew with 'pronemat fit'."
        ) from None
    _check(model, source)
    return model


def model_json(model: Model) -> str:
    """The model as JSON that a person can read: one line a row of numbers, four digits each."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "fitted_on": model.fitted_on,
        "sensors": list(model.sensors),
        "warn_at": _numbers(model.warn_at),
        "unsure_below": model.unsure_below,
        "fault_at": _rounded(model.fault_at),
        "moved": {key: _row(row) for key, row in model.moved.items()},
        "arched": {key: _row(row) for key, row in model.arched.items()},
        "missing_error": _numbers(model.missing_error),
        "load_mean": _numbers(model.load_mean),
        "load_covariance": _numbers(model.load_covariance),
        "pelvis": _written(model.pelvis),
        "rep": _written(model.rep),
        "trees": {key: _rounded(written(trees, REP_NUMBERS)) for key, trees in model.trees.items()},
    }
    return _laid_out(data) + "\n"


def _check(model: Model, source: str) -> None:
    count = len(model.sensors)
    fits = (
        model.load_mean.shape == (2 * count,)
        and model.load_covariance.shape == (2 * count, 2 * count)
        and model.missing_error.shape == (count, len(PELVIS))
        and model.warn_at.shape == (len(PELVIS),)
        and set(model.moved) == set(model.arched) == {SINGLE, BOTH}
        and set(model.fault_at) == {*PELVIS, *STATEMENTS}
        and _chained(model.pelvis, len(PELVIS))
        and _chained(model.rep, len(PELVIS))
        and set(model.trees) == {*PELVIS, *STATEMENTS}
    )
    if not fits:
        raise ModelError(
            f"{source} has tables of sizes that do not fit together; fit it anew with "
            "'pronemat fit'."
        )


def _chained(networks: Networks, outputs: int) -> bool:
    width = len(networks.mean)
    fits = networks.spread.shape == (width,) and bool((networks.spread > 0).all())
    for weights, offsets in networks.layers:
        fits = fits and weights.shape[1] == width
        fits = fits and offsets.shape == (weights.shape[0], 1, weights.shape[2])
        width = weights.shape[2]
    return fits and width == outputs


def _networks(data: Mapping[str, Any]) -> Networks:
    layers = tuple(
        (_array(layer["weights"]), _array(layer["offsets"])[:, None, :]) for layer in data["layers"]
    )
    if not layers or any(weights.ndim != 3 for weights, _ in layers):
        raise ValueError("a network has no layers")
    return Networks(_array(data["mean"]), _array(data["spread"]), layers)


def _written(networks: Networks) -> dict[str, Any]:
    return {
        "mean": _numbers(networks.mean),
        "spread": _numbers(networks.spread),
        "layers": [
            {"weights": _numbers(weights), "offsets": _numbers(offsets[:, 0, :])}
            for weights, offsets in networks.layers
        ],
    }


def _logistics(data: Mapping[str, Any]) -> dict[str, Logistic]:
    return {
        str(key): Logistic(float(row["middle"]), float(row["slope"])) for key, row in data.items()
    }


def _row(row: Logistic) -> dict[str, float]:
    return {"middle": _rounded(row.middle), "slope": _rounded(row.slope)}


def _array(values: Any) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("a number is not finite")
    return array


def _numbers(array: FloatArray) -> Any:
    return _rounded(array.tolist())


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(inner) for inner in value]
    return value


def _laid_out(value: Any, indent: int = 0) -> str:
    """JSON with one line for each innermost list or table of plain values."""
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(value, dict | list) or not any(isinstance(v, dict | list) for v in inner):
        return json.dumps(value)
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(k)}: {_laid_out(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    rows = [pad + _laid_out(v, indent + 1) for v in value]
    return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
