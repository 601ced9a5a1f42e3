"""What was not seen of a rep makes its verdict less sure, or withholds it; it never turns it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from device.core.judge import judge
from device.core.pipeline import Pipeline
from device.core.rep_trace import RepTrace
from device.core.types import FloatArray, Rep, Side, Verdict
from tests.core.excerpts import Excerpt, excerpt
from tests.judge.lifts import MAT, MODEL, lift

CHIPS = [[place for place, s in enumerate(MAT.sensors) if s.address == a] for a in MAT.addresses]
"""The strips that fall silent together when a chip does."""
PELVIS = [MAT.names.index(name) for name in ("asis_left", "asis_right", "pubis", "abdomen_left")]


def unread(trace: RepTrace, from_s: float, to_s: float, strips: list[int]) -> RepTrace:
    loads = trace.loads_pct.copy()
    lost = np.flatnonzero((trace.t_s >= from_s) & (trace.t_s < to_s))
    loads[np.ix_(lost, strips)] = np.nan
    return replace(trace, loads_pct=loads)


def without_frames(trace: RepTrace, from_s: float, to_s: float) -> RepTrace:
    came = (trace.t_s < from_s) | (trace.t_s >= to_s)
    return replace(trace, t_s=trace.t_s[came], loads_pct=trace.loads_pct[came])


@pytest.mark.parametrize("arch", [0.0, 2.0])
def test_the_longer_nothing_was_read_of_the_top_the_less_sure_is_the_verdict(arch: float) -> None:
    trace = lift(arch=arch)
    said = [
        judge(unread(trace, 2.0, 2.0 + lost_s, PELVIS), MAT, MODEL)
        for lost_s in (0.0, 0.3, 0.7, 1.2)
    ]
    sure = [one.confidence for one in said]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > sure[-1]
    assert {one.verdict for one in said} <= {said[0].verdict, Verdict.UNSURE}


def test_a_blink_costs_nothing() -> None:
    trace = lift(arch=1.0)
    whole, blinked = judge(trace, MAT, MODEL), judge(unread(trace, 2.0, 2.03, PELVIS), MAT, MODEL)
    assert (blinked.verdict, blinked.faults) == (whole.verdict, whole.faults)
    assert blinked.confidence == pytest.approx(whole.confidence, abs=0.01)


@pytest.mark.parametrize("arch", [0.0, 1.0])
def test_a_rep_whose_top_came_in_no_frame_is_not_judged(arch: float) -> None:
    said = judge(without_frames(lift(arch=arch), 1.2, 3.2), MAT, MODEL)
    assert (said.verdict, said.confidence) == (Verdict.UNSURE, 0.0)
    assert said.reason == "I cannot judge this rep, because too little of it was measured."


@pytest.mark.parametrize("side", [Side.LEFT, Side.BOTH])
@pytest.mark.parametrize("arch", [0.0, 1.0])
def test_a_rep_whose_beginning_was_not_seen_is_not_judged(arch: float, side: Side) -> None:
    whole = replace(lift(arch=arch), side=side)
    leg = [MAT.names.index(f"{row}_left") for row in ("foot", "knee", "thigh")]
    late = replace(unread(whole, -0.5, 0.8, leg), start_s=0.8)
    said = judge(late, MAT, MODEL)
    assert (said.verdict, said.confidence) == (Verdict.UNSURE, 0.0)
    assert said.reason == "I cannot judge this rep, because its beginning was not seen."
    assert "tilt_deg" not in said.numbers
    # One strip of the leg is enough to see it leave.
    seen = replace(unread(whole, -0.5, 0.8, leg[:2]), start_s=0.8)
    assert judge(seen, MAT, MODEL).confidence > 0.0


def reps_of(source: Excerpt, counts: FloatArray) -> list[Rep]:
    pipeline = Pipeline(source.calibration, MODEL)
    return [
        event
        for t_s, frame in zip(source.t_s.tolist(), counts, strict=True)
        for event in pipeline.step(t_s, frame)
        if isinstance(event, Rep)
    ]


@pytest.mark.parametrize("name", ["each_leg", "both_legs"])
def test_chips_that_fall_silent_turn_no_verdict_and_add_no_rep(name: str) -> None:
    """Each chip for a second, four times in seven: beginnings, tops and ends are lost in turn."""
    source = excerpt(name)
    counts = source.counts.copy()
    second = (source.t_s - source.t_s[0]).astype(int)
    for chip, strips in enumerate(CHIPS):
        counts[np.ix_(np.flatnonzero((second + 2 * chip) % 7 == 0), strips)] = np.nan
    sound = reps_of(source, source.counts)
    found = reps_of(source, counts)
    assert len(found) >= len(sound) - 1
    for rep in found:
        (same,) = [one for one in sound if one.start_s < rep.top_s < one.end_s]
        assert rep.side is same.side
        assert Verdict.UNSURE in (rep.verdict, same.verdict) or rep.verdict is same.verdict
