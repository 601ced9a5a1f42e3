"""Members and their programmes: what a form may hold, what is found, whose a session is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.coach.programme import Strictness, Variation
from device.errors import FieldError, StoreError
from device.store.people import MEMBER_CHECKS, People, programme_from_fields
from device.store.queries import History
from device.store.records import SafetyAcknowledged
from device.store.writer import Writer
from tests.store.visits import NOON, Visit, at, store

PLAN = {
    "variation": "both",
    "sets": "3",
    "reps": "6",
    "lift_s": "2",
    "hold_s": "3,5",
    "lower_s": "2.5",
    "rest_s": "60",
    "strictness": "strict",
    "ankle_weight_kg": "",
}


@pytest.fixture
def people(path: Path) -> Iterator[People]:
    with closing(People(path)) as people:
        yield people


def test_a_member_is_found_by_code_and_by_any_part_of_the_name(people: People) -> None:
    zoe = people.create({"name": "  Zoé   Çelik ", "code": "0427"})
    ada = people.create({"name": "Ada Lang", "code": ""})
    assert zoe.name == "Zoé Çelik"
    assert people.by_code("0427") == zoe
    assert people.by_code("") is None
    assert people.get(ada.id) == ada
    assert people.search() == (ada, zoe)
    assert people.search(limit=1) == (ada,)
    for text in ("zoe", "CELIK", "cel zo", "0427", " ZOÉ "):
        assert people.search(text) == (zoe,), text
    assert people.search("zoe lang") == ()
    assert people.count() == 2


def test_only_what_is_given_changes(people: People) -> None:
    member = people.create({"name": "Ada", "code": "0001", "height_cm": "172,5", "mass_kg": 70})
    assert (member.height_cm, member.mass_kg) == (172.5, 70.0)
    changed = people.change(member.id, {"mass_kg": "", "consent_utc": "2026-05-01"})
    assert changed == replace(member, mass_kg=None, consent_utc=NOON)
    assert people.change(member.id, {"code": "0001"}).code == "0001"


@pytest.mark.parametrize(
    ("given_fields", "wrong"),
    [
        ({}, {"name": "Write a name"}),
        ({"name": "  "}, {"name": "Write a name"}),
        ({"name": "x" * 81}, {"name": "at most 80"}),
        ({"name": "a\u202eb"}, {"name": "cannot be printed"}),
        ({"name": "Ada", "code": "12"}, {"code": "four digits"}),
        ({"name": "Ada", "code": "١٢٣٤"}, {"code": "four digits"}),
        (
            {"name": "Ada", "height_cm": "tall", "mass_kg": "nan"},
            {"height_cm": "from 100 to 230 cm", "mass_kg": "from 25 to 250 kg"},
        ),
        ({"name": "Ada", "consent_utc": "yesterday"}, {"consent_utc": "such as 2026-05-01"}),
        ({"name": "Ada", "shoe_size": 42}, {"shoe_size": "There is no field"}),
    ],
)
def test_what_cannot_be_has_a_sentence_for_each_field(
    people: People, given_fields: dict[str, object], wrong: dict[str, str]
) -> None:
    with pytest.raises(FieldError) as refused:
        people.create(given_fields)
    assert refused.value.fields.keys() == wrong.keys()
    for field, words in wrong.items():
        assert words in refused.value.fields[field]
    assert people.count() == 0


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*MEMBER_CHECKS, "id"]),
        st.one_of(st.text(max_size=90), st.none(), st.floats(), st.integers(), st.booleans()),
    )
)
def test_no_form_ever_does_more_than_be_refused(
    people: People, given_fields: dict[str, object]
) -> None:
    try:
        member = people.create(given_fields)
    except FieldError as refused:
        wrong = set(refused.fields)
    else:
        wrong = set()
        assert people.get(member.id) == member
        people.delete(member.id)
    assert wrong <= {*given_fields, "name"}


def test_a_code_is_one_members_alone(people: People) -> None:
    people.create({"name": "Ada", "code": "0427"})
    with pytest.raises(FieldError, match="Another member has this code"):
        people.create({"name": "Ben", "code": "0427"})
    ben = people.create({"name": "Ben"})
    with pytest.raises(FieldError, match="Another member has this code"):
        people.change(ben.id, {"code": "0427"})


def test_a_trainers_programme_is_kept_until_it_is_taken_back(people: People) -> None:
    member = people.create({"name": "Ada"})
    assert people.programme(member.id) is None
    programme = programme_from_fields(PLAN, "Kim", NOON)
    people.set_programme(member.id, programme)
    assert people.programme(member.id) == programme
    assert (programme.variation, programme.strictness) == (Variation.BOTH, Strictness.STRICT)
    assert (programme.sets, programme.hold_s, programme.ankle_weight_kg) == (3, 3.5, None)
    heavier = replace(programme, variation=Variation.WEIGHT, ankle_weight_kg=2.0)
    people.set_programme(member.id, heavier)
    assert people.programme(member.id) == heavier
    people.set_programme(member.id, None)
    assert people.programme(member.id) is None


def test_a_programme_with_holes_or_nonsense_says_which_fields() -> None:
    with pytest.raises(FieldError) as refused:
        programme_from_fields({**PLAN, "sets": "2.5", "variation": "handstand"}, "Kim")
    assert set(refused.value.fields) == {"sets", "variation"}
    assert "single, long_hold, both, weight" in refused.value.fields["variation"]
    with pytest.raises(FieldError) as refused:
        programme_from_fields({}, "Kim")
    assert set(refused.value.fields) == {*PLAN} - {"ankle_weight_kg"}


def test_a_guests_session_becomes_a_members(
    people: People, writer: Writer, history: History
) -> None:
    ada, ben = people.create({"name": "Ada"}), people.create({"name": "Ben"})
    visit = Visit()
    store(writer, *visit.begin, visit.rep(1))
    people.claim(visit.id, ada.id)
    assert [one.id for one in history.sessions(member_id=ada.id)] == [visit.id]
    assert history.sessions(guests=True) == ()
    with pytest.raises(StoreError, match="another member's"):
        people.claim(visit.id, ben.id)
    people.claim(visit.id, None)
    people.claim(visit.id, ben.id)
    assert [one.member_id for one in history.sessions()] == [ben.id]


def test_the_daemon_writes_down_who_read_the_safety_page(people: People, writer: Writer) -> None:
    member = people.create({"name": "Ada"})
    store(writer, SafetyAcknowledged(member.id, at(60)), SafetyAcknowledged(uuid4(), at(61)))
    found = people.get(member.id)
    assert found is not None
    assert found.acknowledged_utc == at(60).utc
    later = datetime(2027, 1, 1, tzinfo=UTC)
    people.acknowledge(member.id, later)
    assert people.get(member.id) == replace(found, acknowledged_utc=later)


def test_what_is_not_there_is_one_sentence(people: People) -> None:
    member = people.create({"name": "Ada"})
    for ask in (
        lambda: people.change(uuid4(), {"name": "Ada"}),
        lambda: people.export(uuid4()),
        lambda: people.set_programme(uuid4(), None),
        lambda: people.claim(uuid4(), None),
        lambda: people.claim(uuid4(), member.id),
    ):
        with pytest.raises(StoreError, match="there is no such"):
            ask()
