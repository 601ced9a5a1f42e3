"""Boosted trees: they learn steps, give the same numbers twice, and are read back as written."""

from __future__ import annotations

import json

import numpy as np
import pytest

from device.core.trees import Trees, read_trees, written
from device.core.types import FloatArray
from device.scoring.boosting import TreePlan, fit_trees
from device.scoring.pelvis_loss import MISS_MOST
from device.scoring.rep_loss import base_log_odds, log_odds_slopes, miss_slopes

PLAN = TreePlan(trees=150, depth=2, rate=0.1, numbers=1.0, calm=1.0)
NAMES = tuple("abcd")


def rows(count: int = 400) -> FloatArray:
    return np.random.default_rng(4).normal(size=(count, 4))


def stepped(of: FloatArray) -> FloatArray:
    """1 where two of the numbers are large together, else 0; the other numbers say nothing."""
    return ((of[:, 1] > 0.2) & (of[:, 3] > -0.3)).astype(float)


def taught(seed: int = 1) -> Trees:
    seen = rows()
    return fit_trees(seen, miss_slopes(stepped(seen), np.ones(len(seen))), 0.3, PLAN, seed)


def test_a_step_in_two_numbers_is_learnt_and_holds_for_other_rows() -> None:
    others = np.random.default_rng(9).normal(size=(400, 4))
    assert np.abs(taught().answers(others) - stepped(others)).mean() < 0.12


def test_the_same_rows_give_the_same_trees() -> None:
    assert written(taught(3), NAMES) == written(taught(3), NAMES)


def test_log_odds_tell_the_likely_from_the_unlikely() -> None:
    seen, truth = rows(), stepped(rows())
    slopes = log_odds_slopes(truth, np.ones(len(truth)))
    said = fit_trees(seen, slopes, base_log_odds(truth), PLAN).answers(seen)
    assert said[truth == 1].min() > 0 > said[truth == 0].max()


def test_slopes_are_bounded_and_never_without_curvature() -> None:
    slope, _ = miss_slopes(np.array([0.0]), np.array([2.0]))(np.array([9.0]))
    assert slope.tolist() == [2.0 * MISS_MOST]
    _, curve = log_odds_slopes(np.array([1.0]), np.ones(1))(np.array([500.0]))
    assert curve[0] > 0.0


def test_what_never_occurs_is_unlikely_not_impossible() -> None:
    assert -5.0 < base_log_odds(np.zeros(50)) < 0.0
    assert np.isfinite(base_log_odds(np.zeros(0)))


def test_trees_are_read_back_as_they_were_written() -> None:
    trees, others = taught(), rows(50)
    again = read_trees(json.loads(json.dumps(written(trees, NAMES))), NAMES)
    np.testing.assert_array_equal(again.answers(others), trees.answers(others))


@pytest.mark.parametrize(
    "row", [["a", 1.0, 0.5], ["e", 1.0, 0.0, 0.1], ["a", 1.0, 0.0, float("nan")], [1.0, 2.0]]
)
def test_a_damaged_tree_is_refused(row: list[object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_trees({"base": 0.0, "trees": [row]}, NAMES)
