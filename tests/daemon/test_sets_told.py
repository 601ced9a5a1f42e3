"""What a page that comes late is told of the session: every set, each rep with what was clean."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from device.coach.coach import Coach
from device.coach.events import CoachEvent
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN, Plan, Strictness
from device.core.types import Fault, Side, Verdict
from device.service.logbook import Logbook
from device.service.scene import session_json
from device.store.database import open_database
from device.store.records import Record
from device.store.resume import open_sessions
from device.store.writer import Writer
from tests.store.visits import DEADLINE_S, REP, at

STRICT = replace(DEFAULT_PLAN, sets=3, reps=2, strictness=Strictness.STRICT)
LIFT = replace(REP, side=Side.LEFT, numbers={"tilt": 1.5})
LIFTS = (
    (Verdict.GLUTE, ()),
    (Verdict.GLUTE, (Fault.TOO_HIGH,)),
    (Verdict.ARCH, ()),
    (Verdict.GLUTE, ()),
    (Verdict.GLUTE, ()),
)
CLEAN = [[True, False], [False, True], [True]]
"""Of these lifts, two in a set, for whom lifting too high is not clean."""


class Told:
    """A coach and its logbook, as the loop has them, and what they have the writer write."""

    def __init__(self) -> None:
        self.coach = Coach(Rules(45.0, 60.0, 300.0, plan=DEFAULT_PLAN))
        self.logbook = Logbook("mat", None)
        self.written: list[Record] = []

    def lift(self, plan: Plan, after_four: Plan | None = None) -> None:
        self.coach.choose(0.0, plan, by_trainer=True)
        for second, (verdict, faults) in zip(count(10, 5), LIFTS, strict=False):
            if second == 30 and after_four is not None:
                self._note(self.coach.choose(second, after_four, by_trainer=True), second)
            rep = replace(LIFT, at_s=second + 0.3, verdict=verdict, faults=faults)
            self._note(self.coach.take(rep), second)

    def _note(self, events: Iterable[CoachEvent], second: float) -> None:
        for event in events:
            self.written += self.logbook.note(event, at(second))

    def session(self) -> dict[str, Any]:
        told = session_json(self.logbook.session_id, self.coach.tally)
        assert told is not None
        return told


def clean_of(session: dict[str, Any]) -> list[list[bool]]:
    sets = [*session["earlier"], session]
    return [[rep["clean"] for rep in one["reps"]] for one in sets]


def test_it_is_told_every_set_with_its_reps_and_what_was_clean() -> None:
    told = Told()
    told.lift(STRICT)
    session = told.session()
    assert (session["set"], session["count"], session["clean"]) == (3, 1, 1)
    assert [(one["set"], one["count"], one["clean"]) for one in session["earlier"]] == [
        (1, 2, 1),
        (2, 2, 1),
    ]
    assert clean_of(session) == CLEAN
    assert {rep["event"] for one in session["earlier"] for rep in one["reps"]} == {"rep"}


def test_before_the_second_set_there_is_none_before() -> None:
    told = Told()
    told.lift(replace(STRICT, reps=9))
    assert told.session()["earlier"] == []


@pytest.mark.parametrize("later", [STRICT, DEFAULT_PLAN])
def test_after_a_restart_it_is_told_the_same(tmp_path: Path, later: Plan) -> None:
    before, after = Told(), Told()
    before.lift(STRICT, after_four=later)
    database = tmp_path / "pronemat.db"
    engine = open_database(database)
    with closing(Writer(engine, database)) as writer:
        for record in before.written:
            writer.put(record)
        assert writer.flush(DEADLINE_S)
        found = open_sessions(engine, database)
    tally, trainee, _ = after.logbook.resume(found, at(60), 120.0)
    assert tally is not None
    after.coach.resume(tally, trainee)
    assert after.session() == before.session()
    assert clean_of(after.session()) == CLEAN
    assert after.coach.advice == before.coach.advice
