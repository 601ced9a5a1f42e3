"""The shipped judge, fitted on another body of evidence, is right about the simulated member."""

from __future__ import annotations

from collections import Counter

import pytest

from device.athlete import dead_weight_points, record
from device.core.calibration import fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Rep, Verdict
from device.mat_file import load_mat
from device.model_file import load_model

MAT = load_mat()
SEEDS = (21, 26)


@pytest.fixture(scope="module")
def verdicts() -> Counter[tuple[Verdict, Verdict]]:
    """How often each true verdict was judged to be which, over a few members."""
    model = load_model()
    pairs: Counter[tuple[Verdict, Verdict]] = Counter()
    for seed in SEEDS:
        t_s, counts, truth = record(MAT, seed, 120.0)
        calibration = fit_calibration(MAT, dead_weight_points(MAT, seed), "dead weights")
        pipeline = Pipeline(calibration, model)
        for frame_s, frame in zip(t_s.tolist(), counts, strict=True):
            for event in pipeline.step(frame_s, frame):
                if isinstance(event, Rep):
                    (true,) = (r for r in truth if r.start_s < event.top_s < r.end_s)
                    pairs[true.verdict, event.verdict] += 1
    return pairs


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
