"""The rule of progression, as a table of histories and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.coach.programme import Variation
from device.coach.progression import (
    STEPS,
    Advice,
    Practice,
    Reason,
    advise,
)
from device.core.types import Side, Verdict
from tests.coach.moments import rep
from tests.coach.practices import (
    BAD,
    BAD_HOLD,
    GOOD,
    GOOD_HOLD,
    PRACTICES,
    both,
    practice_of,
    turns,
)

SINGLE, HOLD, BOTH, WEIGHT = Variation


@pytest.mark.parametrize(
    ("history", "variation", "reason"),
    [
        pytest.param([], SINGLE, Reason.TOO_FEW, id="nobody known"),
        pytest.param([turns((1, 1), (0, 0))], SINGLE, Reason.TOO_FEW, id="one rep"),
        pytest.param([turns((16, 16), (0, 0))], SINGLE, Reason.UNEVEN, id="only left"),
        pytest.param([turns((16, 16), (0, 0))] * 5, SINGLE, Reason.UNEVEN, id="always only left"),
        pytest.param([turns((8, 8), (5, 8))], SINGLE, Reason.UNEVEN, id="right is weaker"),
        pytest.param([turns((6, 8), (6, 8))], SINGLE, Reason.PRACTISE, id="three of four"),
        pytest.param([GOOD], SINGLE, Reason.NEARLY, id="one good session"),
        pytest.param([GOOD, GOOD], HOLD, Reason.EARNED, id="two good sessions"),
        pytest.param([GOOD, BAD, GOOD], SINGLE, Reason.NEARLY, id="not in a row"),
        pytest.param([GOOD, GOOD_HOLD], HOLD, Reason.NEARLY, id="the first of the new step"),
        pytest.param([GOOD_HOLD, GOOD_HOLD], BOTH, Reason.EARNED, id="from hold to both"),
        pytest.param([both(13, 16), both(16, 16)], WEIGHT, Reason.EARNED, id="from both to weight"),
        pytest.param([both(12, 12, WEIGHT)], WEIGHT, Reason.TOP, id="the top"),
        pytest.param([BAD_HOLD], HOLD, Reason.PRACTISE, id="one bad session"),
        pytest.param([BAD_HOLD, BAD_HOLD], SINGLE, Reason.FELL, id="two bad sessions"),
        pytest.param([BAD, BAD], SINGLE, Reason.FELL, id="no step below the first"),
        pytest.param([both(2, 6, WEIGHT)] * 2, BOTH, Reason.FELL, id="weight was too much"),
        pytest.param([both(1, 5)] * 2, BOTH, Reason.TOO_FEW, id="too few to fall"),
        pytest.param([both(3, 6)] * 2, BOTH, Reason.TOO_FEW, id="half is not less than half"),
        pytest.param([turns((8, 8), (8, 8), BOTH)], BOTH, Reason.TOO_FEW, id="single for both"),
    ],
)
def test_the_rule(history: list[Practice], variation: Variation, reason: Reason) -> None:
    advice = advise(history)
    assert (advice.variation, advice.reason) == (variation, reason)


def test_the_advice_names_the_step_it_leads_to() -> None:
    assert advise([GOOD]) == Advice(SINGLE, Reason.NEARLY, HOLD)
    assert advise([both(12, 12, WEIGHT)]).leads_to is WEIGHT


def test_what_the_mat_cannot_judge_counts_for_nobody() -> None:
    verdicts = (Verdict.GLUTE, Verdict.UNSURE, Verdict.ARCH, Verdict.GLUTE)
    reps = [rep(10.0 * number, verdict) for number, verdict in enumerate(verdicts)]
    reps[3] = replace(reps[3], side=Side.RIGHT)
    assert practice_of(SINGLE, reps) == turns((1, 2), (1, 1))


@given(st.lists(PRACTICES, max_size=6))
def test_one_session_moves_by_one_step_at_most(history: list[Practice]) -> None:
    before = STEPS.index(history[-1].variation) if history else 0
    advice = advise(history)
    moved = STEPS.index(advice.variation) - before
    assert abs(moved) <= 1
    assert (moved == 1) == (advice.reason is Reason.EARNED)
    assert moved >= 0 or advice.reason is Reason.FELL


@given(st.lists(PRACTICES, max_size=6), PRACTICES)
def test_older_sessions_than_the_last_two_decide_nothing(
    history: list[Practice], older: Practice
) -> None:
    recent = history[-2:]
    if len(recent) == 2:
        assert advise([older, *history]) == advise(recent)
