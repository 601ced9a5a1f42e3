"""What a member or a guest is offered, and that what travels to the daemon and back is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.coach.programme import DEFAULT_PLAN, PLANS, Plan, Strictness, Variation
from device.coach.progression import STEPS, Practice, Reason
from device.coach.welcome import identify_request, offered, plan_of
from device.coach.wire import BOUNDS, plan_from, plan_json, practice_from, practice_json
from device.errors import FieldError
from tests.coach.practices import BAD, BAD_HOLD, GOOD, GOOD_HOLD, PRACTICES, both, turns

SINGLE, HOLD, BOTH, WEIGHT = Variation


@dataclass(frozen=True)
class Decided:
    """A programme as the store has it."""

    variation: Variation = BOTH
    sets: int = 3
    reps: int = 6
    lift_s: float = 3.0
    hold_s: float = 1.0
    lower_s: float = 3.0
    rest_s: float = 60.0
    strictness: Strictness = Strictness.STRICT
    ankle_weight_kg: float | None = None


def test_a_guest_is_offered_the_default_and_every_further_step_says_why_not() -> None:
    offer = offered((), None)
    assert (offer.today, offer.variations) == (DEFAULT_PLAN, (SINGLE,))
    assert dict(offer.locked) == dict.fromkeys((HOLD, BOTH, WEIGHT), Reason.TOO_FEW)


@pytest.mark.parametrize(
    ("history", "today", "open_steps", "why"),
    [
        pytest.param([GOOD], SINGLE, 1, Reason.NEARLY, id="nearly"),
        pytest.param([GOOD, GOOD], HOLD, 2, Reason.PRACTISE, id="earned"),
        pytest.param([GOOD, GOOD, BAD_HOLD, BAD_HOLD], SINGLE, 1, Reason.FELL, id="fell"),
        pytest.param([GOOD, GOOD, GOOD_HOLD, GOOD_HOLD, turns((3, 8), (3, 8))], SINGLE, 3,
                     Reason.PRACTISE, id="an easy day takes no step away"),
        pytest.param([both(12, 12, WEIGHT)], WEIGHT, 4, None, id="the top"),
        pytest.param([BAD, BAD], SINGLE, 1, Reason.FELL, id="no step below the first"),
    ],
)  # fmt: skip
def test_the_next_step_is_open_only_when_earned(
    history: list[Practice], today: Variation, open_steps: int, why: Reason | None
) -> None:
    offer = offered(history, None)
    assert offer.today == PLANS[today]
    assert offer.variations == STEPS[:open_steps]
    assert set(offer.locked.values()) == ({why} if why else set())


def test_the_trainers_programme_overrules_the_rule() -> None:
    offer = offered([GOOD], Decided())
    assert offer.today == plan_of(Decided())
    assert offer.advice.reason is Reason.PROGRAMME
    assert (offer.variations, dict(offer.locked)) == (
        (SINGLE, HOLD, BOTH),
        {WEIGHT: Reason.PROGRAMME},
    )
    assert offer.plans[BOTH].strictness is Strictness.STRICT
    assert offer.plans[SINGLE] == DEFAULT_PLAN


@given(st.lists(PRACTICES, max_size=8))
def test_todays_step_is_always_one_of_the_open_ones(history: list[Practice]) -> None:
    offer = offered(history, None)
    assert offer.today.variation in offer.variations
    assert {*offer.variations, *offer.locked} == set(STEPS)


PLAN_FIELDS = {
    name: st.integers(int(bounds.low), int(bounds.high))
    if bounds.whole
    else st.floats(bounds.low, min(bounds.high, 8.0))
    for name, bounds in BOUNDS.items()
}


@given(
    st.builds(
        Plan,
        variation=st.sampled_from(Variation),
        strictness=st.sampled_from(Strictness),
        **{**PLAN_FIELDS, "ankle_weight_kg": st.none() | PLAN_FIELDS["ankle_weight_kg"]},
    )
)
def test_a_plan_comes_back_as_it_went(plan: Plan) -> None:
    assert plan_from(json.loads(json.dumps(plan_json(plan)))) == plan


@given(PRACTICES)
def test_a_practice_comes_back_as_it_went(practice: Practice) -> None:
    assert practice_from(json.loads(json.dumps(practice_json(practice)))) == practice


def test_what_a_plan_does_not_say_is_as_in_its_steps_own() -> None:
    assert plan_from({"variation": "long_hold"}) == PLANS[HOLD]
    assert plan_from({"variation": "both", "sets": 3}) == replace(PLANS[BOTH], sets=3)


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"variation": "fly"}, "variation", "one of single, long_hold, both, weight, not 'fly'"),
        ({"variation": "both", "sets": 0}, "sets", "sets: 1 to 10, not 0"),
        ({"variation": "both", "reps": 2.5}, "reps", "a whole number, not 2.5"),
        ({"variation": "both", "hold_s": "long"}, "hold_s", "a number, not 'long'"),
        ({"variation": "both", "hold_s": float("nan")}, "hold_s", "0 to 30, not nan"),
        ({"variation": "both", "sets": True}, "sets", "a number, not True"),
        ({"variation": "both", "lift_s": None}, "lift_s", "a number, not None"),
        ({"variation": "both", "lift_s": 8, "hold_s": 18}, "hold_s", "longer than the 24"),
        ({"variation": "both", "colour": 1}, "colour", "has no field 'colour'"),
        ({"variation": "both", "strictness": "harsh"}, "strictness", "gentle, normal, strict"),
        ([], "plan", "at least its variation"),
    ],
)
def test_a_plan_that_nobody_can_train_is_refused_by_field(
    fields: Any, name: str, sentence: str
) -> None:
    with pytest.raises(FieldError) as refused:
        plan_from(fields)
    assert list(refused.value.fields) == [name]
    assert sentence in refused.value.fields[name]


@pytest.mark.parametrize(
    "fields", [None, {}, {"variation": "both", "both": [1, 2]}, {"variation": "x"}]
)
def test_what_is_no_practice_is_refused(fields: Any) -> None:
    with pytest.raises(FieldError):
        practice_from(fields)


def test_the_command_that_begins_a_visit_carries_all_that_the_page_needs() -> None:
    member = UUID(int=7)
    request = identify_request(
        member, "Ada", acknowledged=True, practices=[GOOD, GOOD], before={"clean": 14}
    )
    assert request["member"] == str(member)
    assert request["plan"] == request["offer"]["today"] == plan_json(PLANS[HOLD])
    assert [practice_from(item) for item in request["practices"]] == [GOOD, GOOD]
    assert request["before"] == {"clean": 14}
    assert not request["programme"]
    json.dumps(request)
