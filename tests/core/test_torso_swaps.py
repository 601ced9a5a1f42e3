"""Ribs' or belly's strips in each other's plugs are found from a few lifts of each leg."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.core.rep_trace import RepTrace
from device.core.torso_swaps import LIFTS, TorsoSwapWatch
from device.core.types import Side
from tests.judge.lifts import MAT, lift


def plugged_wrongly(trace: RepTrace, row: str) -> RepTrace:
    left, right = MAT.names.index(f"{row}_left"), MAT.names.index(f"{row}_right")
    loads, rest = trace.loads_pct.copy(), trace.rest_pct.copy()
    loads[:, [left, right]] = loads[:, [right, left]]
    rest[[left, right]] = rest[[right, left]]
    return replace(trace, loads_pct=loads, rest_pct=rest)


def found(row: str | None, sides: list[Side]) -> list[str | None]:
    watch = TorsoSwapWatch(MAT)
    lifts = [lift(side, arch=0.3) for side in sides]
    return [watch.update(plugged_wrongly(one, row) if row else one) for one in lifts]


@pytest.mark.parametrize("row", ["ribs", "abdomen"])
def test_a_swapped_row_is_named_after_some_lifts_of_each_leg(row: str) -> None:
    said = found(row, [Side.LEFT, Side.RIGHT] * LIFTS)
    assert said == [None] * (2 * LIFTS - 1) + [row]


def test_rows_in_their_places_are_not_accused() -> None:
    assert not any(found(None, [Side.LEFT, Side.RIGHT] * 10))


def test_one_leg_alone_accuses_nothing() -> None:
    assert not any(found("ribs", [Side.LEFT] * 10))


def test_somebody_else_begins_anew() -> None:
    watch = TorsoSwapWatch(MAT)
    for side in [Side.LEFT, Side.RIGHT] * LIFTS:
        watch.forget()
        assert watch.update(plugged_wrongly(lift(side), "ribs")) is None
