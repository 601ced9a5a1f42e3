"""Opening the database: directory, pragmas, migrations, and every trouble as one sentence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from device.errors import StoreError
from device.store.revisions import known_revisions, newest_revision, stored_revision

LOCK_WAIT_S = 2.0
"""How long the daemon waits for another program's lock before it is reported; its records wait
longer."""
PRIMARY_CODE = 0xFF
"""SQLite's extended result codes keep the primary one in the low byte."""
READING_PRAGMAS = ("query_only = ON", "foreign_keys = ON")
WRITING_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
)
"""A rep that was said to be stored survives a power cut: WAL is synced at each commit. What is
deleted is overwritten with zeros, not only forgotten."""


def open_database(path: Path, wait_s: float = LOCK_WAIT_S) -> Engine:
    """Open the database at `path` for writing, created and migrated as needed.

    Another program's lock is waited for `wait_s` at each transaction. `StoreError` names the file
    and the remedy; nothing in it is lost by any of them.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the directory {path.parent} cannot be made: {error.strerror}; set another as 'data' "
            "under [paths]."
        ) from None
    engine = connect(path, wait_s=wait_s)
    try:
        _bring_up_to_date(engine, path)
    except DatabaseError as error:
        engine.dispose()
        raise store_error(path, error) from None
    except StoreError:
        engine.dispose()
        raise
    return engine


def connect(path: Path, read_only: bool = False, wait_s: float = LOCK_WAIT_S) -> Engine:
    """An engine for `path` that waits for locks and commits to the disk, not to a cache."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": wait_s}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver's own way of beginning transactions leaves DDL outside of them.
        connection.isolation_level = None
        try:
            cursor = connection.cursor()
            for pragma in READING_PRAGMAS if read_only else WRITING_PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except sqlite3.Error:
            # The pool does not know of a connection that was refused here.
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def is_full(error: DatabaseError) -> bool:
    """Whether the disk, or the database's own limit, has no room."""
    return getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE == sqlite3.SQLITE_FULL


def store_error(path: Path, error: DatabaseError) -> StoreError:
    """What SQLite reported about `path`, as a sentence with its remedy."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            text = f"the database {path} is locked by another program; end that program."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            text = (
                f"the database {path} is damaged; stop the daemon, move the file aside so that a "
                "new one is begun, and recover its sessions with 'sqlite3 FILE .recover'."
            )
        case sqlite3.SQLITE_FULL:
            text = f"the disk of the database {path} is full; free some space on it."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            text = (
                f"the database {path} cannot be written; give the user who runs the daemon the "
                "right to write there, and to its directory."
            )
        case sqlite3.SQLITE_IOERR:
            text = (
                f"the disk of the database {path} refuses to be read or written; check its space "
                "and its health."
            )
        case sqlite3.SQLITE_ERROR if "no such" in str(error.orig):
            text = f"the database {path} was written by an older pronemat; start the daemon once."
        case _:
            text = f"the database {path} reports '{error.orig}'; look into the daemon's log."
    return StoreError(text)


def _bring_up_to_date(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        revision = stored_revision(connection)
    if revision == newest_revision():
        return
    if revision is not None and revision not in known_revisions():
        raise StoreError(f"the database {path} was written by a newer pronemat; update this one.")
    # Alembic is imported where there is something to do: it is a sixth of what a start takes.
    from device.store.migrate import migrate

    migrate(engine)
