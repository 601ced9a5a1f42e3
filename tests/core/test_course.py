"""A lift is read the same however its ticks are handed over: singly, in pieces, or at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.core.course import Course, Strips
from device.core.rep_trace import RepTrace
from device.core.types import FloatArray, Side
from tests.judge.lifts import MAT, MODEL, lift

STRIPS = Strips(MODEL, MAT)


def course_of(trace: RepTrace) -> Course:
    return Course(MODEL, STRIPS, trace.rest_pct, trace.side)


def one_by_one(trace: RepTrace) -> FloatArray:
    """The state after each tick."""
    course = course_of(trace)
    states = []
    for t_s, loads_pct in zip(trace.t_s.tolist(), trace.loads_pct, strict=True):
        course.step(t_s, loads_pct)
        states.append(course.state())
    return np.array(states)


def in_pieces(trace: RepTrace, cuts: list[int]) -> FloatArray:
    course = course_of(trace)
    edges = [0, *sorted(cuts), len(trace.t_s)]
    states = [
        course.follow(trace.t_s[first:last], trace.loads_pct[first:last])[0]
        for first, last in pairwise(edges)
        if last > first
    ]
    return np.concatenate(states)


def with_gaps(trace: RepTrace) -> RepTrace:
    """Readings that failed for a moment."""
    loads = trace.loads_pct.copy()
    loads[40:60, 3] = np.nan
    loads[100, :] = np.nan
    return replace(trace, loads_pct=loads)


@settings(max_examples=10, deadline=None, derandomize=True)
@example(side=Side.BOTH, cuts=[], gaps=False)
@example(side=Side.RIGHT, cuts=[1, 2, 150], gaps=True)
@given(
    side=st.sampled_from(list(Side)),
    cuts=st.lists(st.integers(1, 250), max_size=6),
    gaps=st.booleans(),
)
def test_chunking_does_not_matter(side: Side, cuts: list[int], gaps: bool) -> None:
    trace = replace(lift(arch=0.6), side=side)
    trace = with_gaps(trace) if gaps else trace
    np.testing.assert_allclose(in_pieces(trace, cuts), one_by_one(trace), rtol=1e-9, atol=1e-9)


def test_a_later_tick_changes_no_earlier_state() -> None:
    trace = lift(arch=0.6)
    part = replace(trace, t_s=trace.t_s[:120], loads_pct=trace.loads_pct[:120])
    assert one_by_one(part) == pytest.approx(one_by_one(trace)[:120])
