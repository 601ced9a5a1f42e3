"""The API that reads: as its own document says, whatever is asked; and the tables to take along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    not_a_server_error,
    response_schema_conformance,
)
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tests.trainer.desk import Desk
from tests.trainer.gym import SmallGym

BASE = "/trainer/api/v1"
TRIES = 50
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def at_this_machine(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The application as schemathesis calls it, which says of itself nowhere where it is."""

    def called(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return called


@pytest.fixture
def operations(app: Flask, gym: SmallGym) -> list[APIOperation[Any, Any, Any, Any]]:
    """What the API offers, by its own document; read once for all the questions."""
    headers = {"Authorization": f"Bearer {gym.token}"}
    here = at_this_machine(app)
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", here, headers=headers)
    return sorted((one.ok() for one in schema.get_all_operations()), key=lambda one: one.label)


@settings(
    max_examples=TRIES,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_answer_is_as_the_document_says(
    operations: list[APIOperation[Any, Any, Any, Any]], gym: SmallGym, data: st.DataObject
) -> None:
    case = data.draw(data.draw(st.sampled_from(operations)).as_strategy())
    if data.draw(st.booleans(), label="of what there is"):
        there = {"member_id": gym.member, "session_id": gym.session, "rep_id": gym.rep}
        case.path_parameters = {key: str(there[key]) for key in case.path_parameters or {}}
    case.call_and_validate(headers={"Authorization": f"Bearer {gym.token}"}, checks=CHECKS)


def test_a_session_is_read_with_its_lifts_and_a_trace(stranger: Desk, gym: SmallGym) -> None:
    headers = {"Authorization": f"Bearer {gym.token}"}
    session = stranger.get(f"{BASE}/sessions/{gym.session}", headers=headers).json
    assert session is not None
    reps = session["sets"][0]["reps"]
    assert [rep["verdict"] for rep in reps] == ["glute", "glute"]
    trace = stranger.get(f"{BASE}/sessions/{gym.session}/reps/{gym.rep}/trace", headers=headers)
    assert trace.json is not None
    assert trace.json["phase"][1] == "lifting"


def test_a_wrong_question_gets_a_sentence(owner: Desk) -> None:
    for query, sentence in (
        ("limit=0", "'limit' must be a whole number from 1 to 500."),
        ("before=99999999999999999999", "'before' must be a whole number"),
        ("member_id=Ada", "'member_id' is not a UUID."),
    ):
        answer = owner.get(f"{BASE}/sessions?{query}")
        assert answer.status_code == 400
        assert answer.json is not None
        assert sentence in answer.json["error"]


def test_tables_are_taken_along_as_csv_and_json(trainer: Desk) -> None:
    trainer.send("/trainer/members/new", {"name": "=cmd|' /C calc'!A1"})
    for name, count in (("members", 2), ("sessions", 2), ("reps", 3), ("weeks", 1)):
        answer = trainer.get(f"/trainer/export/{name}.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == count, name
        assert len(json.loads(trainer.page(f"/trainer/export/{name}.json"))) == count
    members = trainer.page("/trainer/export/members.csv")
    assert "'=cmd" in members, "a name that would be a formula"
