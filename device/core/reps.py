"""A finished lift becomes a rep: the trace for its judge, and everything that is said of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from device.core.features import Layout
from device.core.history import History
from device.core.judge import Judgement
from device.core.rep_trace import RepTrace
from device.core.segment import Lift
from device.core.tempo import durations_s, unsteady_pct
from device.core.types import FloatArray, Rep, Verdict

BEFORE_S = 1.5
"""How much of the rest before a rep its trace shows."""
NO_JUDGEMENT = Judgement(Verdict.UNSURE, 0.0, (), {}, "There is no fitted model to judge with.")


def trace_of(lift: Lift, rest_n: FloatArray, history: History) -> RepTrace:
    """The lift's course in % of the rest sum. `rest_n` is its rest load, NaN for bad strips."""
    weight_n = float(np.nansum(np.maximum(lift.rest_n, 0.0)))
    scale = 100.0 / max(weight_n, 1.0)
    times, rows = history.since(lift.start_s - BEFORE_S)
    return RepTrace(
        t_s=times.copy(),
        loads_pct=rows * scale,
        rest_pct=rest_n * scale,
        side=lift.side,
        start_s=lift.start_s,
        top_s=lift.top_s,
        end_s=lift.end_s,
        weight_n=weight_n,
    )


def rep_of(
    trace: RepTrace,
    judgement: Judgement,
    layout: Layout,
    belly: Mapping[str, float],
    at_s: float,
) -> Rep:
    """The rep as it is told. `belly` is what breath and brace were just before it."""
    torso_pct = trace.loads_pct[:, list(layout.torso_strips)]
    lift_s, hold_s, lower_s = durations_s(
        trace.t_s, torso_pct, trace.start_s, trace.top_s, trace.end_s
    )
    numbers = {**belly, **judgement.numbers}
    if layout.hips:
        hips_pct = trace.loads_pct[:, list(layout.hips)].sum(axis=1)
        hold_from_s = trace.start_s + lift_s
        unsteady = unsteady_pct(trace.t_s, hips_pct, hold_from_s, hold_from_s + hold_s)
        if unsteady is not None:
            numbers["unsteady_pct"] = unsteady
    return Rep(
        at_s=at_s,
        side=trace.side,
        verdict=judgement.verdict,
        confidence=judgement.confidence,
        start_s=trace.start_s,
        top_s=trace.top_s,
        end_s=trace.end_s,
        lift_s=lift_s,
        hold_s=hold_s,
        lower_s=lower_s,
        faults=judgement.faults,
        numbers=numbers,
        reason=judgement.reason,
    )
