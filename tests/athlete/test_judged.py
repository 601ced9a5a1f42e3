"""What the simulated member really does is what the core counts and judges, side by side.

The shipped judge was fitted on another body of evidence than this one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from device.athlete import SimulatedMat, TrueRep, dead_weight_points
from device.athlete.body import Body
from device.core.calibration import fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Rep, Verdict
from device.mat_file import load_mat
from device.model_file import load_model

MAT = load_mat()
FRAME_S = 0.01
WHOLE_SEED, OTHER_SEED = 3, 26
WHOLE_S, OTHER_S = 200.0, 100.0
"""The first visit is watched until the next member comes, at the latest so long; the other one is
cut short."""
EDGE_S = 0.3
"""Start and end within this: the mat sees load, not the height of a foot above its skin."""


@dataclass(frozen=True)
class Watched:
    """One visit: what was done, what the core said, and how it ended."""

    truth: tuple[TrueRep, ...]
    reps: tuple[Rep, ...]
    until_s: float
    bodies: tuple[Body, Body]
    """Who lay there first, and whose turn it is in the end."""
    left_n: float
    """What the mat bears in the end."""


def watched(seed: int, longest_s: float) -> Watched:
    simulated = SimulatedMat(MAT, seed)
    points = dead_weight_points(MAT, seed)
    pipeline = Pipeline(fit_calibration(MAT, points, "dead weights"), load_model())
    first, reps, t_s = simulated.body, [], 0.0
    while simulated.body is first and t_s < longest_s:
        events = pipeline.step(t_s, simulated.counts(t_s))
        reps += [event for event in events if isinstance(event, Rep)]
        t_s += FRAME_S
    bodies = (first, simulated.body)
    return Watched(simulated.truth, tuple(reps), t_s, bodies, float(simulated.force_n.sum()))


@pytest.fixture(scope="module")
def whole() -> Watched:
    """A visit from an empty mat to the next member's."""
    return watched(WHOLE_SEED, WHOLE_S)


@pytest.fixture(scope="module")
def both(whole: Watched) -> tuple[Watched, Watched]:
    return whole, watched(OTHER_SEED, OTHER_S)


def test_every_rep_is_counted_once_on_its_side_and_nothing_else_is(
    both: tuple[Watched, Watched],
) -> None:
    for visit in both:
        # What is over when the visit is cut short is told by then.
        truth = [rep for rep in visit.truth if rep.end_s < visit.until_s - 2.0]
        reps = visit.reps
        assert len(truth) >= 7
        assert [rep.side for rep in reps[: len(truth)]] == [rep.side for rep in truth]
        assert len(reps) <= len(visit.truth)
        for true, rep in zip(truth, reps, strict=False):
            assert rep.start_s == pytest.approx(true.start_s, abs=EDGE_S)
            assert rep.end_s == pytest.approx(true.end_s, abs=EDGE_S)
            assert true.start_s < rep.top_s < true.end_s


def test_members_come_and_go_and_between_them_the_mat_is_empty(whole: Watched) -> None:
    first, second = whole.bodies
    assert whole.until_s < WHOLE_S
    assert first.mass_kg != second.mass_kg
    assert whole.left_n < 0.1


@pytest.fixture(scope="module")
def verdicts(both: tuple[Watched, Watched]) -> Counter[tuple[Verdict, Verdict]]:
    """How often each true verdict was judged to be which."""
    return Counter(
        (true.verdict, rep.verdict)
        for visit in both
        for rep in visit.reps
        for true in visit.truth
        if true.start_s < rep.top_s < true.end_s
    )


def test_no_clean_rep_is_called_arched_and_hardly_one_is_left_open(
    verdicts: Counter[tuple[Verdict, Verdict]],
) -> None:
    clean = sum(count for (true, _), count in verdicts.items() if true is Verdict.GLUTE)
    assert clean >= 12
    assert verdicts[Verdict.GLUTE, Verdict.ARCH] == 0
    assert verdicts[Verdict.GLUTE, Verdict.GLUTE] >= 0.95 * clean


def test_plainly_bad_reps_are_called_arched_more_often_than_clean(
    verdicts: Counter[tuple[Verdict, Verdict]],
) -> None:
    bad = sum(count for (true, _), count in verdicts.items() if true is Verdict.ARCH)
    assert bad >= 3
    assert verdicts[Verdict.ARCH, Verdict.ARCH] > verdicts[Verdict.ARCH, Verdict.GLUTE]
