"""Sessions as they are read back: in their order, whatever the clock did."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from device.core.types import Side, Verdict, event_json
from device.errors import StoreError
from device.store.queries import History
from device.store.records import (
    CalibrationUsed,
    Moment,
    SessionBegun,
    SessionEnded,
    SetEnded,
)
from device.store.resume import open_sessions
from device.store.writer import Writer
from tests.store.visits import NOON, REP, Visit, at, numbers, store


def test_a_session_is_read_back_as_it_was_written(writer: Writer, history: History) -> None:
    visit = Visit("demo")
    arch = replace(REP, verdict=Verdict.ARCH, side=Side.BOTH)
    store(writer, *visit.begin, visit.rep(1), visit.rep(2, rep=arch))
    store(writer, SetEnded(visit.set_id, visit.id, at(50)), SessionEnded(visit.id, at(60)))

    session = history.session(visit.id)
    assert session is not None
    summary = session.summary
    assert (summary.source, summary.simulated, summary.calibrated) == ("demo", True, False)
    assert (summary.state, summary.duration_s) == ("ended", 60.0)
    assert (summary.sets, summary.reps, summary.clean) == (1, 2, 1)
    assert summary.started_utc == NOON
    assert summary.ended_utc == NOON + timedelta(seconds=60)
    assert history.sessions() == (summary,)
    first, second = session.sets[0].reps
    assert session.sets[0].ended_utc == NOON + timedelta(seconds=50)
    assert (first.side, first.verdict, first.faults) == ("left", "glute", ("fast_lift",))
    assert first.numbers == {"tilt": 1.5, "roll": None}
    assert (first.start_s, first.top_s, first.end_s) == (12.0, 14.0, 16.0)
    assert first.reason == "The pelvis stayed still."
    assert (second.side, second.verdict) == ("both", "arch")


def test_a_rep_from_the_store_is_told_in_the_numbers_that_it_was_first_told_in(
    writer: Writer, history: History
) -> None:
    # As many as meet the halves that two roundings in a row get wrong.
    random = Random(1)
    reps = [
        replace(REP, numbers={f"of_{10**size}": random.uniform(0, 10**size) for size in range(5)})
        for _ in range(200)
    ]
    visit = Visit()
    store(writer, *visit.begin, *(visit.rep(i, rep=rep) for i, rep in enumerate(reps, 1)))
    session = history.session(visit.id)
    assert session is not None
    told = [event_json(rep)["numbers"] for rep in reps]
    again = [event_json(replace(REP, numbers=one.numbers)) for one in session.sets[0].reps]
    assert [event["numbers"] for event in again] == told


def test_a_session_lasts_until_it_was_last_heard_of_and_ends_once(
    writer: Writer, history: History
) -> None:
    cut, left = Visit(), Visit(begun=at(100))
    store(writer, *cut.begin, cut.rep(1, at(30)), SessionEnded(cut.id, at(90), interrupted=True))
    store(writer, *left.begin, SessionEnded(left.id, at(160)))
    ends = [NOON + timedelta(seconds=second) for second in (160, 30)]
    assert [one.ended_utc for one in history.sessions()] == ends
    store(writer, SessionEnded(cut.id, at(500)), SessionEnded(left.id, at(500)))
    assert [one.ended_utc for one in history.sessions()] == ends


def test_a_session_knows_the_calibration_it_was_recorded_with(
    writer: Writer, history: History
) -> None:
    used = CalibrationUsed(uuid4(), "d" * 64, "spring", {"curves": {}}, at(0))
    again = replace(used, id=uuid4())
    session_id = uuid4()
    store(writer, used, again, SessionBegun(session_id, "mat", used.digest, at(1)))
    (summary,) = history.sessions()
    assert summary.calibrated
    assert not summary.simulated


def test_a_clock_that_jumps_back_neither_reorders_nor_shortens_a_session(
    writer: Writer, history: History
) -> None:
    before, after = Visit(), Visit(begun=at(100, NOON - timedelta(days=9000)))
    store(
        writer,
        *before.begin,
        before.rep(1, at(10)),
        before.rep(2, at(20, NOON - timedelta(days=9000))),
        before.rep(3, at(30, NOON - timedelta(days=9000, seconds=-10))),
        SessionEnded(before.id, at(40, NOON + timedelta(days=9000))),
        *after.begin,
    )
    assert numbers(history, before.id) == [1, 2, 3]
    newest, oldest = history.sessions()
    assert (newest.id, oldest.id) == (after.id, before.id)
    assert newest.position > oldest.position
    assert oldest.duration_s == 40.0


def test_the_list_goes_on_from_a_position_and_can_leave_out_what_was_simulated(
    writer: Writer, history: History
) -> None:
    visits = [Visit(source) for source in ("mat", "demo", "mat", "replay", "mat")]
    for visit in visits:
        store(writer, *visit.begin)
    first = history.sessions(limit=2)
    rest = history.sessions(before=first[-1].position)
    assert [item.id for item in (*first, *rest)] == [visit.id for visit in reversed(visits)]
    assert [item.source for item in history.sessions(simulated=False)] == ["mat"] * 3
    assert history.session(uuid4()) is None


def test_writing_a_record_again_changes_nothing(writer: Writer, history: History) -> None:
    visit = Visit()
    records = (*visit.begin, visit.rep(1), SessionEnded(visit.id, at(9)))
    store(writer, *records)
    once = history.session(visit.id)
    store(writer, *records)
    assert history.session(visit.id) == once


def test_before_the_first_start_the_history_says_that_nothing_is_stored(tmp_path: Path) -> None:
    with (
        closing(History(tmp_path / "pronemat.db")) as history,
        pytest.raises(StoreError, match="nothing is stored yet"),
    ):
        history.sessions()
    assert list(tmp_path.iterdir()) == []


def test_an_open_session_is_found_again_with_its_reps_and_its_age(
    writer: Writer, engine: Engine, path: Path
) -> None:
    ended, visit = Visit(), Visit()
    store(writer, *ended.begin, SessionEnded(ended.id, at(5)))
    store(writer, *visit.begin, visit.rep(1), visit.rep(2, at(100)))
    (found,) = open_sessions(engine, path)
    assert found.id == visit.id
    assert [rep.number for rep in found.sets[0].reps] == [1, 2]
    jumped = NOON + timedelta(days=-9000)
    assert found.age_s(at(130, jumped)) == 30.0
    assert found.age_s(Moment(NOON + timedelta(seconds=190), 3.0, "next boot")) == 90.0
    assert found.age_s(Moment(jumped, 3.0, "next boot")) == math.inf


def test_an_interrupted_session_ends_when_it_was_last_heard_of(
    writer: Writer, history: History
) -> None:
    visit = Visit()
    store(writer, *visit.begin, visit.rep(1, at(70)))
    store(writer, SessionEnded(visit.id, at(5000), interrupted=True))
    (summary,) = history.sessions()
    assert (summary.state, summary.duration_s) == ("interrupted", 70.0)
    assert summary.ended_utc == NOON + timedelta(seconds=70)
