"""Boosted trees: many small tables of yes-or-no questions, whose answers are added up.

Every tree asks the same few questions of a row of numbers, one a level ("was the pelvis' load
highest before 0.3 s?"), and adds what stands in its table for those answers. So a person can read
what it goes by, and it takes steps where a network only bends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.core.types import FloatArray


@dataclass(frozen=True)
class Trees:
    """Trees of equal depth. `asked` (trees, depth) are the places of the numbers asked about,
    `at_least` (trees, depth) what they are compared with, `added` (trees, 2**depth) what is added
    for the answers, the first question counting most."""

    base: float
    asked: NDArray[np.intp]
    at_least: FloatArray
    added: FloatArray

    def answers(self, rows: FloatArray) -> FloatArray:
        """`(n, numbers)` to `(n,)`."""
        yes = rows[:, self.asked] >= self.at_least
        places = yes @ (1 << np.arange(self.asked.shape[1])[::-1])
        return np.asarray(self.base + self.added[np.arange(len(self.added)), places].sum(axis=1))


def written(trees: Trees, names: Sequence[str]) -> dict[str, Any]:
    """As plain values for JSON, a list for each tree: the name of each number asked about with
    what it is compared with, then what is added."""
    rows = []
    for asked, at_least, added in zip(trees.asked, trees.at_least, trees.added, strict=True):
        row: list[str | float] = []
        for number, threshold in zip(asked.tolist(), at_least.tolist(), strict=True):
            row += [names[number], threshold]
        rows.append(row + added.tolist())
    return {"base": trees.base, "trees": rows}


def read_trees(data: Mapping[str, Any], names: Sequence[str]) -> Trees:
    """What `written` gave. `ValueError`, `KeyError` or `TypeError` when it is not that."""
    place = {name: index for index, name in enumerate(names)}
    asked, at_least, added = [], [], []
    for row in data["trees"]:
        depth = sum(isinstance(value, str) for value in row)
        if len(row) != 2 * depth + 2**depth:
            raise ValueError("a tree has too few or too many numbers")
        asked.append([place[name] for name in row[: 2 * depth : 2]])
        at_least.append(row[1 : 2 * depth : 2])
        added.append(row[2 * depth :])
    trees = Trees(
        float(data["base"]),
        np.array(asked, dtype=np.intp),
        np.array(at_least, dtype=np.float64),
        np.array(added, dtype=np.float64),
    )
    sizes_fit = trees.asked.ndim == 2 and trees.asked.shape == trees.at_least.shape
    if not sizes_fit or trees.added.shape != (len(trees.asked), 2 ** trees.asked.shape[1]):
        raise ValueError("the trees are not of equal depth")
    if not (np.isfinite(trees.at_least).all() and np.isfinite(trees.added).all()):
        raise ValueError("a number is not finite")
    return trees
