"""What the simulated member really does is what the core counts, side by side."""

from __future__ import annotations

import pytest

from device.athlete import TrueRep, dead_weight_points, record
from device.core.calibration import fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Rep
from device.mat_file import load_mat

MAT = load_mat()
EDGE_S = 0.7
"""Start and end within this: the mat sees load, not the height of a foot above its skin."""


def counted(seed: int, duration_s: float) -> tuple[list[TrueRep], list[Rep]]:
    """The reps really done and those that the core found."""
    t_s, counts, truth = record(MAT, seed, duration_s)
    points = dead_weight_points(MAT, seed)
    pipeline = Pipeline(fit_calibration(MAT, points, "dead weights"))
    events = [
        event
        for frame_s, frame in zip(t_s.tolist(), counts, strict=True)
        for event in pipeline.step(frame_s, frame)
    ]
    reps = [event for event in (*events, *pipeline.finish()) if isinstance(event, Rep)]
    return [rep for rep in truth if rep.end_s < duration_s - 2.0], reps


@pytest.mark.parametrize("seed", [11, 20])
def test_every_rep_is_counted_once_on_its_side_and_nothing_else_is(seed: int) -> None:
    truth, reps = counted(seed, 85.0)
    assert len(truth) >= 7
    assert [rep.side for rep in reps[: len(truth)]] == [rep.side for rep in truth]
    assert len(reps) <= len(truth) + 1
    for true, rep in zip(truth, reps, strict=False):
        assert rep.start_s == pytest.approx(true.start_s, abs=EDGE_S)
        assert rep.end_s == pytest.approx(true.end_s, abs=EDGE_S)
        assert true.start_s < rep.top_s < true.end_s
