"""Fitting: slopes are those of the loss, networks learn, too little to learn from is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from device.core.types import FloatArray, Side, Verdict
from device.errors import ModelError
from device.scoring.calibrating import best_threshold, fit_logistic, unsure_below, warn_levels
from device.scoring.fitting import Fitter
from device.scoring.labels import NEVER_S, LabelledRep
from device.scoring.networks import Float32, Plan, fit_networks
from device.scoring.pelvis_loss import MISS_MOST, NEVER, PelvisTargets, soft_shares
from device.scoring.rep_loss import PeakTargets
from tests.judge.lifts import MAT

CHOSEN = np.array([0])


def slopes_of(loss: Callable[[FloatArray], float], at: FloatArray) -> FloatArray:
    """The gradient by small differences."""
    out = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        for sign in (1.0, -1.0):
            moved = at.copy()
            moved[place] += sign * 1e-5
            out[place] += sign * loss(moved) / 2e-5
    return out


def test_the_peaks_slope_is_that_of_half_the_squared_miss() -> None:
    never = np.array([NEVER])
    # Everything may be as high as it likes, so only the peak's rule is at work.
    targets = PelvisTargets(
        np.array([[0.9, 0.5]]), np.array([-NEVER]), never, np.zeros((1, 6)), np.ones(1)
    )
    answers = np.random.default_rng(3).uniform(0.4, 0.8, (1, 1, 6, 2))

    def loss(values: FloatArray) -> float:
        shares = soft_shares(values.astype(np.float64))
        miss = (shares * values).sum(axis=2) - np.array([0.9, 0.5])
        assert (np.abs(miss) < MISS_MOST).all()
        return float((miss**2).sum() / 2)

    got = targets.gradient(answers.astype(np.float32), CHOSEN)
    np.testing.assert_allclose(got, slopes_of(loss, answers), atol=2e-4)


def test_before_the_quiet_range_is_left_no_tick_may_lie_above_it() -> None:
    targets = PelvisTargets(
        np.array([[0.3, 0.2]]),
        np.array([0.5]),
        np.array([NEVER]),
        np.array([[0.0, 1.0]]),
        np.ones(1),
    )
    answers = np.array([[[[0.8, 0.0], [0.8, 0.0]]]], dtype=np.float32)
    tick = targets._ticks(answers, CHOSEN)
    assert tick[0, 0, 0, 0] > 0
    assert tick[0, 0, 1, 0] == 0


def test_soon_after_the_limit_the_tick_must_lie_above_it() -> None:
    targets = PelvisTargets(
        np.array([[1.5, 0.2]]),
        np.array([0.0]),
        np.array([0.5]),
        np.array([[0.2, 0.6]]),
        np.ones(1),
    )
    answers = np.array([[[[0.7, 0.1], [0.7, 0.1]]]], dtype=np.float32)
    tick = targets._ticks(answers, CHOSEN)
    assert tick[0, 0, 1, 0] < 0
    assert tick[0, 0, 0, 0] == 0
    assert (tick[..., 1] == 0).all()


def test_a_peak_that_is_far_off_pulls_no_harder_than_the_bound() -> None:
    targets = PeakTargets(np.array([[1.0, 1.0]]), np.full(1, 2.0))
    answers = np.array([[[[0.9, 9.0]]]], dtype=np.float32)
    slope = targets.gradient(answers, CHOSEN)[0, 0, 0]
    assert slope.tolist() == pytest.approx([-0.2, 2.0 * MISS_MOST], abs=1e-6)


def test_warnings_are_bought_where_they_cost_the_fewest_clean_reps() -> None:
    clean = [np.full((5, 2), level) for level in np.linspace(0.2, 0.8, 40)]
    bad = [np.full((5, 2), level) for level in np.linspace(0.95, 1.5, 40)]
    labels = [_label(Verdict.GLUTE, NEVER_S)] * 40 + [_label(Verdict.ARCH, 1.0)] * 40
    assert (warn_levels(clean + bad, labels) > 0.8).all()
    assert (warn_levels(clean + bad, labels) <= 0.95).all()


def _label(verdict: Verdict, over_s: float) -> LabelledRep:
    return LabelledRep(0.0, 1.0, 2.0, Side.LEFT, verdict, 0.0, 0.0, frozenset(), over_s, over_s)


PLAN = Plan(hidden=(8,), networks=2, epochs=150, batch=32, rate=1e-2, decay=0.0, noise=0.0)


def learnt(seed: int) -> tuple[Float32, Float32]:
    """What networks answer that were taught a curve, and the curve."""
    x = np.linspace(-1.5, 1.5, 64, dtype=np.float32)
    features = np.stack([x, np.ones_like(x)], axis=1)[:, None, :]
    wanted = np.abs(x)

    def gradient(answers: Float32, chosen: np.ndarray) -> Float32:
        return np.asarray(answers - wanted[chosen][None, :, None, None], dtype=np.float32)

    layers = fit_networks(features, (0.5,), gradient, PLAN, seed)
    hidden = np.tanh(features[:, 0] @ layers[0][0] + layers[0][1])
    return (hidden @ layers[1][0] + layers[1][1]).mean(axis=0)[:, 0], wanted


def test_networks_learn_a_curve_that_no_line_fits() -> None:
    said, wanted = learnt(seed=1)
    assert np.abs(said - wanted).mean() < 0.08


def test_the_same_fit_gives_the_same_numbers() -> None:
    assert np.array_equal(learnt(seed=5)[0], learnt(seed=5)[0])


def test_chances_are_those_of_the_examples() -> None:
    random = np.random.default_rng(2)
    number = random.normal(size=4000)
    truth = random.random(4000) < 1.0 / (1.0 + np.exp(-3.0 * (number - 0.4)))
    row = fit_logistic(number, truth)
    assert row.middle == pytest.approx(0.4, abs=0.06)
    assert row.slope == pytest.approx(3.0, abs=0.4)
    assert 0.5 < row.chance(1.0, error=1.0) < row.chance(1.0)


def test_few_examples_on_their_proper_sides_give_no_certainty() -> None:
    row = fit_logistic(np.array([0.0, 0.1, 0.9, 1.0]), np.array([False, False, True, True]))
    assert 0.6 < row.chance(1.0) < 0.999


def test_the_threshold_lies_between_the_two_kinds() -> None:
    number = np.concatenate([np.linspace(0, 1, 50), np.linspace(2, 3, 20)])
    assert 1.0 < best_threshold(number, number > 1.5) <= 2.0


def test_a_fault_that_never_came_is_never_named() -> None:
    assert best_threshold(np.ones(5), np.zeros(5, dtype=bool)) > 1e6


def test_no_more_than_the_allowed_share_is_called_unsure() -> None:
    number = np.linspace(0, 2, 400)
    rows = {"single": fit_logistic(number, number > 1.0), "both": fit_logistic(number, number > 1)}
    both = np.zeros(400, dtype=bool)
    below = unsure_below(number, both, rows, rows)
    chances = [max(rows["single"].chance(n), 1 - rows["single"].chance(n)) for n in number]
    assert np.mean(np.array(chances) < below) <= 0.06


def test_too_few_reps_to_fit_to_are_refused_with_the_remedy() -> None:
    with pytest.raises(ModelError, match="give other recordings"):
        Fitter(MAT, [])
