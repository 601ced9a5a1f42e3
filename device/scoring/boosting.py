"""Fits boosted trees (Friedman 2001) of the equal-depth kind to rows of numbers.

Each tree takes a step down the slope of the loss. All questions of one level are the same in every
branch, which keeps trees on few examples from learning single ones by heart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.core.trees import Trees
from device.core.types import FloatArray

Slopes = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""Takes the answers so far (examples,); gives the slope and the curvature of each one's loss."""


@dataclass(frozen=True, slots=True)
class TreePlan:
    """`rate` is the share of a step that is taken; each tree sees `examples` and `numbers`, shares
    of all, drawn anew; `calm` pulls what is added towards zero, in examples."""

    trees: int
    depth: int = 3
    rate: float = 0.05
    examples: float = 0.7
    numbers: float = 0.2
    calm: float = 3.0
    levels: int = 31


def fit_trees(
    rows: FloatArray, slopes: Slopes, base: float, plan: TreePlan, seed: int = 1
) -> Trees:
    """Trees for `rows` (examples, numbers), beginning with the answer `base` for all. The same
    call gives the same trees."""
    random = np.random.default_rng(seed)
    edges = _edges(rows, plan.levels)
    binned = np.stack(
        [np.searchsorted(edge, row, side="right") for edge, row in zip(edges, rows.T, strict=True)]
    )
    count, width = rows.shape
    answers = np.full(count, base)
    asked = np.zeros((plan.trees, plan.depth), dtype=np.intp)
    at_least = np.zeros((plan.trees, plan.depth))
    added = np.zeros((plan.trees, 2**plan.depth))
    for tree in range(plan.trees):
        slope, curve = slopes(answers)
        seen = random.permutation(count)[: max(int(plan.examples * count), 1)]
        numbers = random.permutation(width)[: max(int(plan.numbers * width), 1)]
        branch = np.zeros(count, dtype=np.intp)
        for level in range(plan.depth):
            number, place = _best_question(
                binned[np.ix_(numbers, seen)],
                branch[seen],
                slope[seen],
                curve[seen],
                2**level,
                plan,
            )
            asked[tree, level] = numbers[number]
            at_least[tree, level] = edges[numbers[number]][place]
            branch = 2 * branch + (binned[numbers[number]] > place)
        size = 2**plan.depth
        total = np.bincount(branch[seen], slope[seen], size)
        added[tree] = (
            -plan.rate * total / (np.bincount(branch[seen], curve[seen], size) + plan.calm)
        )
        answers = answers + added[tree][branch]
    return Trees(base, asked, at_least, added)


def _edges(rows: FloatArray, levels: int) -> FloatArray:
    """(numbers, levels) between which values are told apart: quantiles of what occurs."""
    shares = np.arange(1, levels + 1) / (levels + 1)
    return np.asarray(np.quantile(rows, shares, axis=0).T)


def _best_question(
    binned: NDArray[np.intp],
    branch: NDArray[np.intp],
    slope: FloatArray,
    curve: FloatArray,
    branches: int,
    plan: TreePlan,
) -> tuple[int, int]:
    """The number (by its place in `binned`) and the edge that lower the loss most when asked in
    all branches at once."""
    numbers, size = len(binned), plan.levels + 1
    place = (np.arange(numbers)[:, None] * branches + branch) * size + binned
    shape = (numbers, branches, size)
    length = numbers * branches * size
    slopes = np.bincount(place.ravel(), np.tile(slope, numbers), length).reshape(shape)
    curves = np.bincount(place.ravel(), np.tile(curve, numbers), length).reshape(shape)
    low_slope, low_curve = slopes.cumsum(axis=2), curves.cumsum(axis=2)
    high_slope = low_slope[:, :, -1:] - low_slope
    high_curve = low_curve[:, :, -1:] - low_curve
    gain = low_slope**2 / (low_curve + plan.calm) + high_slope**2 / (high_curve + plan.calm)
    best = int(gain.sum(axis=1)[:, :-1].argmax())
    return best // (size - 1), best % (size - 1)
