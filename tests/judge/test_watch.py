"""The watch on the pelvis: what is said while the leg is still up."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.rep_trace import RepTrace
from device.core.types import Fault, Side
from device.core.warn import PelvisWatch
from tests.judge.lifts import MAT, MODEL, lift, mirrored, without

ARCH_BEGINS_S = 0.6
ARCH_DONE_S = 1.6


def warnings(trace: RepTrace) -> list[tuple[float, Fault]]:
    """Every warning of the lift with its time."""
    watch = PelvisWatch(MAT, MODEL)
    watch.start(trace.rest_pct, trace.side, trace.start_s)
    said = []
    for t_s, loads in zip(trace.t_s.tolist(), trace.loads_pct, strict=True):
        fault = watch.update(t_s, loads)
        if fault is not None:
            said.append((t_s, fault))
    return said


def test_a_clean_lift_is_not_warned() -> None:
    assert warnings(lift()) == []


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_tipping_pelvis_is_said_while_it_tips(side: Side) -> None:
    (t_s, fault), *more = warnings(lift(side, arch=1.0))
    assert fault is Fault.TILT
    assert ARCH_BEGINS_S < t_s < ARCH_DONE_S + 0.3
    assert fault not in [other for _, other in more]


def test_the_mirrored_lift_is_warned_at_the_same_moment() -> None:
    trace = lift(arch=0.8)
    assert warnings(trace) == warnings(mirrored(trace, MAT))


def test_what_comes_later_changes_no_warning() -> None:
    trace = lift(arch=1.0)
    said = warnings(trace)
    later = trace.loads_pct.copy()
    later[trace.t_s > said[0][0]] = 0.0
    cut = RepTrace(trace.t_s, later, trace.rest_pct, trace.side, 0.0, 2.0, 4.0, 180.0)
    assert warnings(cut)[0] == said[0]


def test_nothing_is_warned_of_when_the_strips_that_tell_are_gone() -> None:
    gone = [name for name in MAT.names if name.startswith(("ribs", "abdomen", "asis", "pubis"))]
    assert warnings(without(lift(arch=1.0), *gone)) == []


def test_how_far_the_pelvis_has_moved_can_be_read_at_each_tick() -> None:
    peaks = []
    for trace in (lift(), lift(arch=1.0)):
        watch = PelvisWatch(MAT, MODEL)
        watch.start(trace.rest_pct, trace.side, trace.start_s)
        tips = []
        for t_s, loads in zip(trace.t_s.tolist(), trace.loads_pct, strict=True):
            watch.update(t_s, loads)
            tips.append(watch.moved[0])
        peaks.append(max(tips))
    still, arched = peaks
    assert still < MODEL.warn_at[0] < arched
    unread = PelvisWatch(MAT, MODEL)
    assert np.isnan(unread.moved).all()


def test_before_a_lift_there_is_nothing_to_watch() -> None:
    assert PelvisWatch(MAT, MODEL).update(0.0, np.ones(len(MAT.names))) is None
