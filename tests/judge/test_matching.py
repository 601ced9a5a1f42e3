"""Which found rep is which labelled one, and the figures made of it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from device.core.types import Fault, Rep, Side, Verdict, WarningEvent
from device.scoring.labels import NEVER_S, Labelled, LabelledRep
from device.scoring.matching import match, overlap
from device.scoring.outcome import outcome_of
from device.scoring.table import Figure, figures


def truth(start_s: float, verdict: Verdict = Verdict.GLUTE, over_s: float = NEVER_S) -> LabelledRep:
    faults = frozenset({Fault.TILT} if verdict is Verdict.ARCH else ())
    return LabelledRep(
        start_s, start_s + 1, start_s + 2, Side.LEFT, verdict, 0.0, 0.0, faults, over_s, over_s
    )


def found(start_s: float, verdict: Verdict = Verdict.GLUTE, confidence: float = 0.95) -> Rep:
    faults = (Fault.TILT,) if verdict is Verdict.ARCH else ()
    return Rep(
        start_s + 2.2, Side.LEFT, verdict, confidence, start_s, start_s + 1.1, start_s + 2,
        1.0, 0.0, 1.0, faults, {}, "",
    )  # fmt: skip


def rows(reps: list[LabelledRep], events: list[Rep | WarningEvent]) -> dict[str, Figure]:
    labelled = Labelled("x", Path("x.csv"), None, "p", tuple(reps), (), None, NEVER_S)
    return {row.key: row for row in figures([outcome_of(labelled, events, 60.0)])}


def test_overlap_is_shared_time_over_the_whole() -> None:
    assert overlap((0.0, 2.0), (1.0, 3.0)) == pytest.approx(1 / 3)
    assert overlap((0.0, 1.0), (2.0, 3.0)) == 0.0


def test_each_rep_is_matched_once_and_to_the_best() -> None:
    assert match([(0.0, 2.0), (0.5, 2.1)], [(0.5, 2.0)]) == [(1, 0)]
    assert match([(0.0, 1.0)], [(0.9, 3.0)]) == []


def test_a_perfect_session_meets_every_bar_it_has() -> None:
    got = rows(
        [truth(0.0), truth(5.0, Verdict.ARCH, 6.0)],
        [found(0.0), found(5.0, Verdict.ARCH), WarningEvent(6.1, Side.LEFT, Fault.TILT)],
    )
    assert all(row.met in (True, None) for row in got.values())
    assert got["verdict"].value == 100.0
    assert got["warning_delay_s"].value == pytest.approx(0.1)
    assert got["tilt_recall"].of == 1


def test_an_unsure_verdict_counts_as_wrong_and_as_unsure() -> None:
    got = rows([truth(0.0), truth(5.0)], [found(0.0), found(5.0, Verdict.UNSURE, 0.3)])
    assert got["verdict"].value == 50.0
    assert got["unsure"].value == 50.0
    assert got["verdict_sure"].of == 1


def test_missed_and_invented_reps_cost_the_count() -> None:
    got = rows([truth(0.0), truth(5.0)], [found(0.0), found(20.0)])
    assert got["exact_count"].value == 100.0
    assert got["rep_f1"].value == 50.0
    assert got["false_reps_per_minute"].value == pytest.approx(1 / (56 / 60))


def test_a_warning_on_a_clean_rep_is_held_against_the_core() -> None:
    got = rows([truth(0.0)], [WarningEvent(1.0, Side.LEFT, Fault.TILT), found(0.0)])
    assert got["quiet_warned"].value == 100.0
    assert got["quiet_warned"].met is False


def test_a_figure_without_anything_to_count_is_neither_met_nor_missed() -> None:
    got = rows([], [])
    assert math.isnan(got["verdict"].value)
    assert got["verdict"].met is None
