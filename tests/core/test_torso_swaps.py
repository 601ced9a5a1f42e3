"""Strips of ribs, belly or hips in each other's plugs are found from a few lifts of each leg."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from device.core.rep_trace import RepTrace
from device.core.torso_swaps import HIPS_LIFTS, LIFTS, TorsoSwapWatch
from device.core.types import Side
from tests.judge.lifts import MAT, lift


def plugged_wrongly(trace: RepTrace, row: str) -> RepTrace:
    left, right = MAT.names.index(f"{row}_left"), MAT.names.index(f"{row}_right")
    loads, rest = trace.loads_pct.copy(), trace.rest_pct.copy()
    loads[:, [left, right]] = loads[:, [right, left]]
    rest[[left, right]] = rest[[right, left]]
    return replace(trace, loads_pct=loads, rest_pct=rest)


def hips_as_in(trace: RepTrace, lifted_pct: float, resting_pct: float) -> RepTrace:
    """The hip bones as they bear a leg: its own side at once, then what is given, lifted first."""
    sides = (trace.side, Side.RIGHT if trace.side is Side.LEFT else Side.LEFT)
    mine, other = (MAT.names.index(f"asis_{side.value}") for side in sides)
    begun = np.clip((trace.t_s - trace.start_s + 0.2) / 0.2, 0.0, 1.0)
    later = np.clip((trace.t_s - trace.start_s - 0.3) / 0.5, 0.0, 1.0)
    loads = trace.loads_pct.copy()
    loads[:, mine] = trace.rest_pct[mine] + 4.0 * begun + (lifted_pct - 4.0) * later
    loads[:, other] = trace.rest_pct[other] + 1.0 * begun + (resting_pct - 1.0) * later
    return replace(trace, loads_pct=loads)


def rolled(side: Side) -> RepTrace:
    return hips_as_in(lift(side), -6.0, 30.0)


def found(row: str | None, sides: list[Side]) -> list[str | None]:
    watch = TorsoSwapWatch(MAT)
    lifts = [hips_as_in(lift(side, arch=0.3), 7.0, 12.0) for side in sides]
    return [watch.update(plugged_wrongly(one, row) if row else one) for one in lifts]


@pytest.mark.parametrize("row", ["ribs", "abdomen"])
def test_a_swapped_row_is_named_after_some_lifts_of_each_leg(row: str) -> None:
    said = found(row, [Side.LEFT, Side.RIGHT] * LIFTS)
    assert said == [None] * (2 * LIFTS - 1) + [row]


def test_swapped_hip_bones_are_named_by_what_bears_the_leg_as_it_leaves() -> None:
    said = found("asis", [Side.LEFT, Side.RIGHT] * HIPS_LIFTS)
    assert said == [None] * (2 * HIPS_LIFTS - 1) + ["asis"]


def test_a_pelvis_that_rolls_in_every_lift_accuses_no_hip_bone() -> None:
    """In the middle of a rolled lift the other side's hip bone bears more; at its start it did
    not."""
    watch = TorsoSwapWatch(MAT)
    for side in [Side.LEFT, Side.RIGHT] * (2 * HIPS_LIFTS):
        assert watch.update(rolled(side)) is None


def test_lifts_whose_edges_are_told_without_all_strips_accuse_no_hip_bone() -> None:
    watch = TorsoSwapWatch(MAT)
    for side in [Side.LEFT, Side.RIGHT] * (2 * HIPS_LIFTS):
        one = plugged_wrongly(lift(side), "asis")
        rest = one.rest_pct.copy()
        rest[MAT.names.index("knee_left")] = np.nan
        assert watch.update(replace(one, rest_pct=rest)) is None


def test_rows_in_their_places_are_not_accused() -> None:
    assert not any(found(None, [Side.LEFT, Side.RIGHT] * 10))


def test_one_leg_alone_accuses_nothing() -> None:
    assert not any(found("ribs", [Side.LEFT] * 10))


def test_somebody_else_begins_anew() -> None:
    watch = TorsoSwapWatch(MAT)
    for side in [Side.LEFT, Side.RIGHT] * LIFTS:
        watch.forget()
        assert watch.update(plugged_wrongly(lift(side), "ribs")) is None
