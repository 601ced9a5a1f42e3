"""What the judge says of a lift, and what may not change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.judge import judge
from device.core.quantities import QUANTITIES
from device.core.rep_trace import RepTrace
from device.core.types import Fault, Side, Verdict
from tests.judge.lifts import MAT, MODEL, lift, mirrored, without

PELVIC = {Fault.TILT, Fault.ROTATION, Fault.TOO_HIGH}


def test_a_quiet_pelvis_is_the_hips_work() -> None:
    said = judge(lift(), MAT, MODEL)
    assert said.verdict is Verdict.GLUTE
    assert said.confidence > 0.8
    assert not PELVIC & set(said.faults)
    assert said.reason.startswith("The pelvis stayed quiet: it tipped about")


def test_an_emptied_pubis_under_filled_ribs_is_an_arch() -> None:
    said = judge(lift(arch=1.0), MAT, MODEL)
    assert said.verdict is Verdict.ARCH
    assert {Fault.TILT, Fault.TOO_HIGH} & set(said.faults)
    assert "tipped forward about" in said.reason
    assert "the pubis gave up" in said.reason
    assert said.numbers["tilt_deg"] > 6.0
    assert 0.0 < said.numbers["moved_s"] < 3.0


@pytest.mark.parametrize("arch", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("side", list(Side))
def test_the_mirrored_lift_gets_the_mirrored_judgement(arch: float, side: Side) -> None:
    trace = replace(lift(arch=arch), side=side)
    one, other = judge(trace, MAT, MODEL), judge(mirrored(trace, MAT), MAT, MODEL)
    assert (one.verdict, one.faults, one.reason) == (other.verdict, other.faults, other.reason)
    assert one.confidence == pytest.approx(other.confidence, abs=1e-9)
    assert one.numbers == pytest.approx(dict(other.numbers), abs=1e-9)


@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
def test_a_heavier_member_gets_the_same_judgement(scale: float) -> None:
    trace = lift(arch=0.7)
    heavier = replace(trace, loads_pct=trace.loads_pct * scale, rest_pct=trace.rest_pct * scale)
    one, other = judge(trace, MAT, MODEL), judge(heavier, MAT, MODEL)
    assert (one.verdict, one.faults, one.reason) == (other.verdict, other.faults, other.reason)


def test_a_later_clock_changes_nothing() -> None:
    trace = lift(arch=0.7)
    by_s = 86400.0
    later = replace(
        trace,
        t_s=trace.t_s + by_s,
        start_s=trace.start_s + by_s,
        top_s=trace.top_s + by_s,
        end_s=trace.end_s + by_s,
    )
    one, other = judge(trace, MAT, MODEL), judge(later, MAT, MODEL)
    assert (one.verdict, one.faults, one.reason) == (other.verdict, other.faults, other.reason)


def test_a_missing_strip_costs_confidence_and_is_named() -> None:
    whole = judge(lift(), MAT, MODEL)
    said = judge(without(lift(), "ribs_left"), MAT, MODEL)
    assert said.verdict in (Verdict.GLUTE, Verdict.UNSURE)
    assert said.confidence < whole.confidence
    assert "the strip ribs left is bad" in said.reason


def test_without_the_strips_that_carry_it_there_is_no_verdict() -> None:
    gone = [name for name in MAT.names if name.startswith(("ribs", "abdomen", "asis", "pubis"))]
    said = judge(without(lift(arch=1.0), *gone), MAT, MODEL)
    assert said.verdict is Verdict.UNSURE
    assert said.reason.startswith("I cannot judge this rep, because the strips ribs left,")
    assert not PELVIC & set(said.faults)


def test_a_strip_that_fails_in_the_lift_counts_as_missing() -> None:
    trace = lift()
    loads = trace.loads_pct.copy()
    loads[trace.t_s > 0.5, MAT.names.index("chest")] = np.nan
    said = judge(replace(trace, loads_pct=loads), MAT, MODEL)
    assert "the strip chest is bad" in said.reason


def test_a_rep_of_which_nothing_was_measured_is_refused() -> None:
    trace = lift()
    nothing = replace(
        trace,
        t_s=trace.t_s[:0],
        loads_pct=trace.loads_pct[:0],
        rest_pct=np.full_like(trace.rest_pct, np.nan),
    )
    said = judge(nothing, MAT, MODEL)
    assert said.verdict is Verdict.UNSURE
    assert said.confidence == 0.0
    assert said.reason == "I cannot judge this rep, because too little of it was measured."


def test_every_number_of_a_rep_has_a_unit_and_words() -> None:
    for arch in (0.0, 1.0):
        assert set(judge(lift(arch=arch), MAT, MODEL).numbers) <= set(QUANTITIES)


ABSURD = st.floats(allow_nan=True, allow_infinity=False, width=32)


@settings(max_examples=20, deadline=None)
@given(data=st.data(), side=st.sampled_from(list(Side)))
def test_no_reading_however_absurd_breaks_the_judge(data: st.DataObject, side: Side) -> None:
    count = len(MAT.names)
    some = st.lists(ABSURD, min_size=count, max_size=count)
    rows = np.array(data.draw(st.lists(some, min_size=3, max_size=12)))
    loads = np.repeat(rows, 10, axis=0)
    t_s = np.arange(len(loads)) * 0.02
    rest = np.array(data.draw(some))
    trace = RepTrace(t_s, loads, rest, side, 0.0, float(t_s[-1]) / 2, float(t_s[-1]), 100.0)
    said = judge(trace, MAT, MODEL)
    assert 0.0 <= said.confidence <= 1.0
    assert all(np.isfinite(value) for value in said.numbers.values())


@pytest.mark.parametrize("side", list(Side))
def test_an_arch_always_names_what_the_pelvis_did(side: Side) -> None:
    """Of one leg, what lies too near the limit to be named is called unsure instead."""
    said = []
    for arch in (0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0):
        trace = lift(Side.LEFT if side is Side.BOTH else side, arch=arch)
        judged = judge(replace(trace, side=side), MAT, MODEL)
        assert bool(PELVIC & set(judged.faults)) == (judged.verdict is Verdict.ARCH)
        said.append(judged.verdict)
    if side is not Side.BOTH:
        assert (said[0], said[-1]) == (Verdict.GLUTE, Verdict.ARCH)
