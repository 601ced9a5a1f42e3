"""A member who is deleted is gone: from the tables, from the bytes of the files, from backups."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from device.errors import StoreError
from device.store.accounts import Accounts
from device.store.forget import forget_again
from device.store.people import People, programme_from_fields
from device.store.queries import History
from device.store.records import RepTrace, SessionBegun, SessionEnded
from device.store.reviews import Reviews
from device.store.tombstones import read_tombstones
from device.store.writer import Writer
from tests.store.visits import REP, Visit, at, store

PLAN = {
    "variation": "both",
    "sets": 2,
    "reps": 8,
    "lift_s": 2,
    "hold_s": 2,
    "lower_s": 2,
    "rest_s": 45,
    "strictness": "normal",
}


@pytest.fixture
def people(path: Path) -> Iterator[People]:
    with closing(People(path)) as people:
        yield people


@pytest.fixture
def reviews(path: Path) -> Iterator[Reviews]:
    with closing(Reviews(path)) as reviews:
        yield reviews


def trained(writer: Writer, member_id: UUID | None, reason: str = "") -> Visit:
    """A session of the member with a rep and its trace, which has ended."""
    visit = Visit(member_id=member_id)
    rep = visit.rep(1, rep=replace(REP, reason=reason))
    store(writer, *visit.begin, rep, RepTrace(rep.id, {"t_s": [0.0, 0.05]}, at(2)))
    store(writer, SessionEnded(visit.id, at(60)))
    visit.rep_id = rep.id
    return visit


def files(path: Path) -> bytes:
    """The bytes of the database and of whatever lies beside it."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())


def test_everything_of_a_member_is_deleted_and_nothing_of_another(
    people: People, reviews: Reviews, writer: Writer, history: History, path: Path
) -> None:
    gone, stays = people.create({"name": "Anna"}), people.create({"name": "Bea"})
    visits = [trained(writer, member.id) for member in (gone, stays, gone)]
    for visit in visits:
        reviews.correct(visit.rep_id, "arch", "Kim")
        reviews.mark(visit.rep_id, "Kim", "look", b"frames")
    for member in (gone, stays):
        people.set_programme(member.id, programme_from_fields(PLAN, "Kim"))
        reviews.decide(member.id, "Kim", "both", "single", "not yet")
    people.delete(gone.id)
    assert people.get(gone.id) is None
    assert people.search("Anna") == ()
    assert [one.id for one in history.sessions()] == [visits[1].id]
    document = people.export(stays.id)
    assert document["programme"]["variation"] == "both"
    assert document["decisions"][0]["note"] == "not yet"
    (rep,) = document["sessions"][0]["sets"][0]["reps"]
    assert rep["correction"]["verdict"] == "arch"
    assert rep["mark"]["note"] == "look"
    assert rep["trace"] == {"t_s": [0.0, 0.05]}
    with closing(sqlite3.connect(path)) as connection:
        for table in ("reps", "sets", "session_totals", "corrections", "marks", "mark_frames"):
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            assert count == 1, table
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_that_was_written_of_a_member_is_left_in_the_bytes(
    people: People, reviews: Reviews, writer: Writer, path: Path
) -> None:
    words = [f"Zaubername{number:02d}" for number in range(4)]
    members = [people.create({"name": word, "notes": f"{word} " * 90}) for word in words]
    for word, member in zip(words, members, strict=True):
        visit = trained(writer, member.id, reason=f"{word} lifted well.")
        reviews.mark(visit.rep_id, "Kim", f"see {word}", f"frames of {word}".encode() * 900)
        reviews.decide(member.id, "Kim", "both", "single", word)
        people.change(member.id, {"notes": word})
    for word, member in zip(words, members, strict=True):
        assert word.encode() in files(path)
        people.delete(member.id)
        assert word.encode() not in files(path)
        assert member.id.hex.encode() not in path.read_bytes()
    assert b"Zaubername" not in files(path)


def test_nothing_is_left_where_rows_have_moved_between_pages(people: People, path: Path) -> None:
    """With this many members coming, changing and going, SQLite's own secure deletion alone leaves
    the name of one of those who are deleted here in a gap of some page."""
    people.count()
    chance = random.Random(3)
    known: dict[str, str] = {}
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = ON")
        for number in range(1200):
            choice = chance.random()
            if choice < 0.45 or not known:
                member_id, word = f"{chance.getrandbits(128):032x}", f"Zaubername{number:04d}"
                known[member_id] = word
                database.execute(
                    "INSERT INTO members (id, name, notes, created_utc) VALUES (?, ?, ?, ?)",
                    (member_id, word, f"{word} " * chance.randrange(60), "2026-05-01 12:00:00"),
                )
                continue
            member_id = chance.choice(list(known))
            if choice < 0.7:
                notes = f"{known[member_id]} " * chance.randrange(90)
                database.execute("UPDATE members SET notes = ? WHERE id = ?", (notes, member_id))
            else:
                database.execute("DELETE FROM members WHERE id = ?", (member_id,))
                del known[member_id]
        database.commit()
    for member_id in chance.sample(list(known), 40):
        people.delete(UUID(member_id))
        assert known[member_id].encode() not in files(path)


def test_the_audit_list_keeps_that_something_was_deleted_but_not_what(
    people: People, path: Path
) -> None:
    with closing(Accounts(path)) as accounts:
        member = people.create({"name": "Anna"})
        accounts.audit("Kim", "member", member.id, "code 0427 given")
        people.delete(member.id)
        accounts.audit("Kim", "deletion", member.id)
        last, first = accounts.audit_list()
    assert (last.what, first.what) == ("deletion", "member")
    assert first.details == ""


def test_a_member_on_the_mat_is_not_deleted_beneath_the_session(
    people: People, writer: Writer, path: Path
) -> None:
    member = people.create({"name": "Anna"})
    now = at(0, datetime.now(UTC))
    session_id = uuid4()
    store(writer, SessionBegun(session_id, "mat", None, now, member.id))
    with pytest.raises(StoreError, match="on the mat; end the session"):
        people.delete(member.id)
    assert read_tombstones(path) == ()
    store(writer, SessionEnded(session_id, now))
    people.delete(member.id)
    assert people.get(member.id) is None


def test_a_session_that_begins_after_its_member_was_deleted_is_a_guests(
    people: People, writer: Writer, history: History
) -> None:
    member = people.create({"name": "Anna"})
    people.delete(member.id)
    store(writer, SessionBegun(uuid4(), "mat", None, at(0), member.id))
    assert [one.member_id for one in history.sessions()] == [None]


def test_the_tombstone_deletes_again_what_an_older_copy_brings_back(
    people: People, writer: Writer, engine: Engine, path: Path, tmp_path: Path
) -> None:
    """Also a session that was still a guest's when the copy was made."""
    member = people.create({"name": "Anna"})
    visits = [trained(writer, member.id), trained(writer, None), trained(writer, None)]
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    people.claim(visits[1].id, member.id)
    people.delete(member.id)
    with closing(People(copy)) as older, closing(History(copy)) as history:
        assert len(history.sessions()) == 3
        forget_again(older.writing_engine(), copy, read_tombstones(path))
        assert older.get(member.id) is None
        assert [one.id for one in history.sessions()] == [visits[2].id]


def test_deleting_somebody_who_is_not_there_is_one_sentence(people: People, path: Path) -> None:
    with pytest.raises(StoreError, match="no such member"):
        people.delete(uuid4())
    assert read_tombstones(path) == ()


def test_a_deletion_that_fails_leaves_the_member_and_no_tombstone(
    people: People, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = people.create({"name": "Anna"})
    monkeypatch.setattr("device.store.access.PATIENCE_S", 0.05)
    with closing(People(path)) as hasty:
        hasty.count()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked by another program"):
                hasty.delete(member.id)
            other.execute("ROLLBACK")
        assert hasty.get(member.id) == member
        assert read_tombstones(path) == ()
        # The connection is as it was before: another deletion is checked by foreign keys again.
        hasty.delete(member.id)
        assert hasty.get(member.id) is None


def test_a_tombstone_file_that_was_edited_into_nonsense_is_named_with_its_line(
    people: People, path: Path
) -> None:
    people.delete(people.create({"name": "Anna"}).id)
    path.with_name("pronemat.db.deleted").write_text("nonsense\n")
    with pytest.raises(StoreError, match=r"pronemat.db.deleted, line 1: .* remove that line"):
        read_tombstones(path)
