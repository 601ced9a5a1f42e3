"""Exports: every session once, in its order, and nothing held up by whoever takes them slowly."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from device.store.export import BITE, REP_COLUMNS, SESSION_COLUMNS, Exports, Wanted
from device.store.people import People
from device.store.reviews import Reviews
from device.store.writer import Writer
from tests.store.visits import NOON, Visit, at, store


@pytest.fixture
def exports(path: Path) -> Iterator[Exports]:
    with closing(Exports(path)) as exports:
        yield exports


def test_every_session_comes_once_and_in_its_order(writer: Writer, exports: Exports) -> None:
    visits = [Visit() for _ in range(2 * BITE + 3)]
    for visit in visits:
        store(writer, *visit.begin)
    everything = Wanted()
    assert exports.count(everything) == len(visits)
    found = [row["session_id"] for row in exports.sessions(everything)]
    assert found == [str(visit.id) for visit in visits]
    assert len(list(exports.reps(everything))) == len(visits)


def test_columns_and_corrections_are_there(writer: Writer, exports: Exports, path: Path) -> None:
    with closing(People(path)) as people, closing(Reviews(path)) as reviews:
        member = people.create({"name": "Anna"})
        visit = Visit(member_id=member.id)
        rep = visit.rep(1)
        store(writer, *visit.begin, rep)
        reviews.correct(rep.id, "arch", "Kim")
    (session,) = exports.sessions(Wanted())
    assert tuple(session) == SESSION_COLUMNS
    assert (session["reps"], session["clean"]) == (1, 0)
    ((row,),) = exports.reps(Wanted(), names=True)
    assert tuple(row) == (*REP_COLUMNS, "member_name")
    assert (row["verdict"], row["corrected_verdict"]) == ("glute", "arch")
    assert (row["member_name"], row["faults"]) == ("Anna", "fast_lift")
    (document,) = exports.documents(Wanted())
    assert document["rep_list"][0]["numbers"] == {"tilt": 1.5, "roll": None}
    assert "member_name" not in document


def test_only_what_is_wanted_is_exported(writer: Writer, exports: Exports, path: Path) -> None:
    with closing(People(path)) as people:
        member = people.create({"name": "Anna"})
    for source, days, member_id in (
        ("mat", 0, member.id),
        ("mat", 5, None),
        ("demo", 6, None),
        ("mat", 9, member.id),
    ):
        store(writer, *Visit(source, at(0, NOON + timedelta(days=days)), member_id).begin)

    def days(wanted: Wanted) -> list[str]:
        found = [row["started_utc"][8:10] for row in exports.sessions(wanted)]
        assert exports.count(wanted) == len(found)
        return found

    assert days(Wanted()) == ["01", "06", "10"]
    assert days(Wanted(simulated=True)) == ["01", "06", "07", "10"]
    assert days(Wanted(member_id=member.id)) == ["01", "10"]
    assert days(Wanted(since_utc=NOON + timedelta(days=5))) == ["06", "10"]
    assert days(Wanted(until_utc=NOON + timedelta(days=5))) == ["01"]


def test_whoever_takes_an_export_slowly_keeps_no_deletion_waiting(
    writer: Writer, exports: Exports, path: Path
) -> None:
    for _ in range(3):
        visit = Visit()
        store(writer, *visit.begin, visit.rep(1))
    slowly = exports.reps(Wanted())
    next(slowly)
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    assert len(list(slowly)) == 2
