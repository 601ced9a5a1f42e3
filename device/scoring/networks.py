"""Fits several small networks at once by gradient descent: the part of fitting that is not about
the mat.

Each network is a stack of `tanh` layers with a linear last one. They differ in their first random
weights only; averaged, they err less than any one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Layers = list[tuple[Float32, Float32]]
LossGradient = Callable[[Float32, NDArray[np.intp]], Float32]
"""Takes outputs (networks, examples, ticks, outputs) and which examples they are of; gives the
gradient of the loss with respect to those outputs, summed over the examples."""

MOMENTUM, SQUARES = 0.9, 0.999
"""The usual decays of Adam (Kingma and Ba 2015)."""
TINY = 1e-8


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit. `noise` blurs each example's scaled features by that many standard deviations,
    anew each time it is seen, as another body or mat would; `decay` pulls weights towards zero."""

    hidden: tuple[int, ...]
    networks: int
    epochs: int
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-3
    noise: float = 0.3


def fit_networks(
    features: Float32,
    first_answer: Sequence[float],
    gradient: LossGradient,
    plan: Plan,
    seed: int = 1,
) -> Layers:
    """Layers of weights (networks, in, out) and offsets (networks, 1, out).

    `features` (examples, ticks, features) are scaled; `first_answer` is what the networks say
    before they have learnt. The same call gives the same numbers.
    """
    random = np.random.default_rng(seed)
    examples, ticks, width = features.shape
    layers = _first_layers(width, first_answer, plan, random)
    flat = [array for layer in layers for array in layer]
    mean = [np.zeros_like(array) for array in flat]
    square = [np.zeros_like(array) for array in flat]
    step = 0
    for epoch in range(plan.epochs):
        rate = plan.rate * 0.5 * (1.0 + np.cos(np.pi * epoch / plan.epochs))
        order = random.permutation(examples)
        for first in range(0, examples, plan.batch):
            chosen = order[first : first + plan.batch]
            blur = random.standard_normal((len(chosen), 1, width), dtype=np.float32)
            seen = features[chosen] + np.float32(plan.noise) * blur
            slopes = _slopes(layers, seen.reshape(-1, width), chosen, ticks, gradient, plan.decay)
            step += 1
            for array, slope, m, s in zip(flat, slopes, mean, square, strict=True):
                m += (1.0 - MOMENTUM) * (slope - m)
                s += (1.0 - SQUARES) * (slope * slope - s)
                array -= (
                    rate
                    * (m / (1.0 - MOMENTUM**step))
                    / (np.sqrt(s / (1.0 - SQUARES**step)) + TINY)
                )
    return layers


def _first_layers(
    width: int, first_answer: Sequence[float], plan: Plan, random: np.random.Generator
) -> Layers:
    sizes = (width, *plan.hidden, len(first_answer))
    layers: Layers = []
    for into, out in pairwise(sizes):
        weights = random.standard_normal((plan.networks, into, out)) / np.sqrt(into)
        offsets = np.zeros((plan.networks, 1, out))
        layers.append((weights.astype(np.float32), offsets.astype(np.float32)))
    # A last layer that says little at first learns faster than one that must unlearn.
    layers[-1][0][:] *= 0.3
    layers[-1][1][:] = np.asarray(first_answer)
    return layers


def _slopes(
    layers: Layers,
    seen: Float32,
    chosen: NDArray[np.intp],
    ticks: int,
    gradient: LossGradient,
    decay: float,
) -> list[Float32]:
    """The gradient of the mean loss plus decay, for every array of every layer in turn."""
    inputs: list[Float32] = [seen]
    for weights, offsets in layers[:-1]:
        inputs.append(np.tanh(inputs[-1] @ weights + offsets))
    weights, offsets = layers[-1]
    answers = inputs[-1] @ weights + offsets
    networks, _, outputs = answers.shape
    back = gradient(answers.reshape(networks, len(chosen), ticks, outputs), chosen)
    back = back.reshape(networks, -1, outputs) / np.float32(len(chosen))
    slopes: list[Float32] = []
    for (weights, _), entered in zip(reversed(layers), reversed(inputs), strict=True):
        slopes.append(back.sum(axis=1, keepdims=True))
        slopes.append(np.swapaxes(entered, -1, -2) @ back + np.float32(decay) * weights)
        if entered is not seen:
            back = (back @ np.swapaxes(weights, -1, -2)) * (1.0 - entered * entered)
    return slopes[::-1]
