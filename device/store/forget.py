"""Deletion that is real: nothing of a member is left in the bytes of the database or of its WAL.

SQLite overwrites what it deletes with zeros (`secure_delete`). Yet a row that was once moved from
one page to another may have left a copy in a gap of the first: after one deletion in a hundred
among some hundreds of members that come, change and go. So the tables that hold what people
wrote are emptied and filled again, which zeroes each of their pages; they are small. The big
tables hold numbers under random ids, which then lead nowhere.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, FromClause, Table, delete, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from device.errors import StoreError
from device.store.database import store_error
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow, TraceRow
from device.store.schema_gym import AuditRow
from device.store.schema_people import (
    CorrectionRow,
    DecisionRow,
    MarkFramesRow,
    MarkRow,
    MemberRow,
    ProgrammeRow,
)
from device.store.tombstones import Tombstone, add_tombstones, drop_tombstone

WRITTEN_BY_PEOPLE = (MemberRow, ProgrammeRow, DecisionRow, MarkRow)
"""The tables with free text about members, none of them big. The audit list, which is, is treated
so only where it says something of whoever is deleted."""
ON_THE_MAT = timedelta(hours=1)
"""An open session that was not heard of for longer was left open by a machine that went off."""
CHECKPOINT_DEADLINE_S = 10.0
CHECKPOINT_RETRY_S = 0.05
BITE = 500
"""Ids named in one statement."""


def forget_member(engine: Engine, path: Path, member_id: UUID) -> None:
    """Delete a member and all that is stored of them; `StoreError` while they are on the mat.

    `engine` writes the database at `path`; its tombstone is written beside it.
    """
    tombstone: Tombstone | None = None
    try:
        with _unchecked(engine) as session, session.begin():
            if session.get(MemberRow, member_id) is None:
                raise StoreError("there is no such member (any more); look at the list again.")
            _refuse_on_the_mat(session, member_id)
            sessions = select(SessionRow.id).where(SessionRow.member_id == member_id)
            tombstone = Tombstone(member_id, tuple(session.scalars(sessions)))
            _forget(session, [tombstone])
            # Before the commit: a power cut between the two must not let a backup bring them back.
            add_tombstones(path, [tombstone])
    except DatabaseError as error:
        if tombstone is not None:
            drop_tombstone(path, tombstone)
        raise store_error(path, error) from None
    empty_wal(engine, path)


def forget_again(engine: Engine, path: Path, tombstones: Iterable[Tombstone]) -> None:
    """Delete whomever the tombstones name, in a database that was brought back from a backup."""
    try:
        with _unchecked(engine) as session, session.begin():
            _forget(session, tuple(tombstones))
    except DatabaseError as error:
        raise store_error(path, error) from None
    empty_wal(engine, path)


def delete_sessions(session: Session, session_ids: Sequence[UUID]) -> None:
    """Delete sessions with all that hangs on them, within the caller's transaction."""
    session.flush()
    for ids in _bites(session_ids):
        sets = select(SetRow.id).where(SetRow.session_id.in_(ids))
        reps = tuple(session.scalars(select(RepRow.id).where(RepRow.set_id.in_(sets))))
        for rep_ids in _bites(reps):
            for table in (MarkFramesRow, MarkRow, CorrectionRow, TraceRow):
                session.execute(delete(table).where(table.rep_id.in_(rep_ids)))
        session.execute(delete(RepRow).where(RepRow.set_id.in_(sets)))
        session.execute(delete(SetRow).where(SetRow.session_id.in_(ids)))
        session.execute(delete(TotalsRow).where(TotalsRow.session_id.in_(ids)))
        session.execute(delete(SessionRow).where(SessionRow.id.in_(ids)))


def empty_wal(engine: Engine, path: Path) -> None:
    """Bring all of the write-ahead log into the database and cut it to nothing.

    `StoreError` if a reader kept that from being done for long; it is done when the next one does.
    """
    deadline = time.monotonic() + CHECKPOINT_DEADLINE_S
    while True:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            try:
                busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                busy = 1
        if not busy:
            return
        if time.monotonic() > deadline:
            raise StoreError(
                f"what was deleted is gone, but traces stay in {path}-wal while another program "
                "reads the database; end that program and delete again, or start the daemon anew."
            )
        time.sleep(CHECKPOINT_RETRY_S)


def _forget(session: Session, tombstones: Sequence[Tombstone]) -> None:
    members = [tombstone.member_id for tombstone in tombstones]
    named = {session_id for one in tombstones for session_id in one.session_ids}
    for ids in _bites(members):
        found = select(SessionRow.id).where(SessionRow.member_id.in_(ids))
        delete_sessions(session, tuple(named.union(session.scalars(found))))
        for table in (DecisionRow, ProgrammeRow):
            session.execute(delete(table).where(table.member_id.in_(ids)))
        session.execute(delete(MemberRow).where(MemberRow.id.in_(ids)))
        subjects = [str(member_id) for member_id in ids]
        about = (AuditRow.subject.in_(subjects), AuditRow.details != "")
        if session.scalar(select(AuditRow.id).where(*about).limit(1)) is not None:
            session.execute(update(AuditRow).where(*about).values(details=""))
            _rewrite(session, AuditRow.__table__)
    for row_class in WRITTEN_BY_PEOPLE:
        _rewrite(session, row_class.__table__)


def _rewrite(session: Session, table: FromClause) -> None:
    """Empty the table, which zeroes its pages and those of its indices, and fill it again."""
    assert isinstance(table, Table)
    rows = [dict(row) for row in session.execute(select(table)).mappings()]
    session.execute(delete(table))
    if rows:
        session.execute(insert(table), rows)


@contextmanager
def _unchecked(engine: Engine) -> Iterator[Session]:
    """A session without foreign keys: with them SQLite deletes row by row, and zeroes less."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with Session(connection) as session:
                yield session
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def _refuse_on_the_mat(session: Session, member_id: UUID) -> None:
    query = select(SessionRow.last_utc).where(
        SessionRow.member_id == member_id, SessionRow.state == "open"
    )
    now = datetime.now(UTC)
    if any(abs(now - last) < ON_THE_MAT for last in session.scalars(query)):
        raise StoreError("this member is on the mat; end the session, then delete.")


def _bites(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), BITE):
        yield ids[start : start + BITE]
