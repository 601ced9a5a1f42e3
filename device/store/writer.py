"""Writing in a thread of its own, so that syncing a disk never delays a frame.

Records are kept in order until they are committed. While the database cannot be written they wait
in memory and are tried again every second; the coaching goes on and `problem` says so. A disk that
is full gives up a reserve first, so that also what is finished then survives the daemon's end.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import fields
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.orm import Session

from device.errors import StoreError
from device.store.apply import apply_record
from device.store.database import is_full, store_error
from device.store.records import Record
from device.store.reserve import Reserve

RETRY_S = 1.0
BATCH = 100
"""Records of one commit: a backlog is written in bites that leave the lock free between them."""
MOST_WAITING = 20_000
"""Records kept while nothing can be written: over a day of lifting, in some 40 MB."""
CLOSE_S = 0.6
"""The daemon ends within a second; most of it is for the last commit."""

_log = logging.getLogger(__name__)


class Writer:
    """Commits records to the database of `engine`. `put` from one thread; `close` at the end."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._waiting: deque[Record] = deque()
        self._refused = 0
        self._trouble: str | None = None
        self._reserve = Reserve(path)
        self._closing = False
        self._idle = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        """Hand over a record; returns at once, whatever the disk does."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._refused += 1
                return
            self._waiting.append(record)
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """Records that are not yet on the disk."""
        return len(self._waiting)

    @property
    def problem(self) -> str | None:
        """Why records are waiting, as a sentence; None while all is well."""
        trouble = self._trouble
        if not self._thread.is_alive() and not self._closing:
            trouble = "the writing of sessions has failed; look into the log, restart the daemon."
        if trouble is None:
            return None
        if self._refused:
            return f"{trouble} {self._refused} records had no room to wait and are lost."
        if self._waiting:
            return f"{trouble} {len(self._waiting)} records wait in memory and are written then."
        return trouble

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything is on the disk; False if that took longer than `timeout_s`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle and not self._waiting, timeout_s)

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Commit what waits and end the thread.

        Raises `StoreError` with the number of records that could not be written in time; the thread
        goes on with the attempt it is in, and another `close` waits for that again.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        left = len(self._waiting)
        if left:
            reason = self._trouble or f"the disk of {self._path} is too slow."
            raise StoreError(f"{left} records are not stored: {reason}")

    def _run(self) -> None:
        try:
            self._write_until_closed()
        finally:
            # By the thread that uses the connections: one that is still in use when the engine is
            # disposed of by another would stay open.
            self._engine.dispose()

    def _write_until_closed(self) -> None:
        while True:
            room = bool(self._waiting) or self._has_room()
            with self._changed:
                self._idle = not self._waiting
                self._changed.notify_all()
                # A full disk is looked at again and again, for somebody may free some space.
                self._changed.wait_for(
                    lambda: self._waiting or self._closing, None if room else RETRY_S
                )
                batch = [self._waiting[place] for place in range(min(BATCH, len(self._waiting)))]
                self._idle, closing = False, self._closing
            if batch and not self._written(batch):
                if closing:
                    return
                with self._changed:
                    self._changed.wait_for(lambda: self._closing, RETRY_S)
            elif closing and not batch:
                return

    def _has_room(self) -> bool:
        """Hold the reserve; say while there is no room for it, and when all is well again."""
        room = self._reserve.hold()
        full = f"the disk of the database {self._path} is full; free some space on it."
        self._say(None if room else full)
        return room

    def _written(self, batch: list[Record]) -> bool:
        """Commit the oldest records that wait; False if the disk refuses them for now."""
        try:
            self._commit(batch)
        except DatabaseError as error:
            self._say(str(store_error(self._path, error)))
            return is_full(error) and self._reserve.release()
        with self._changed:
            for _ in batch:
                self._waiting.popleft()
        return True

    def _commit(self, batch: list[Record]) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                for record in batch:
                    apply_record(session, record)
        except StatementError as error:
            # Trouble with the disk passes. A record that contradicts what is stored, or holds what
            # no column takes, stays so for ever, and must not keep the others waiting.
            lasting = (IntegrityError, DataError, ProgrammingError)
            if isinstance(error, DatabaseError) and not isinstance(error, lasting):
                raise
            if len(batch) == 1:
                _log.error("not stored, because %s: %s", error.orig, _identity(batch[0]))
                return
            for record in batch:
                self._commit([record])

    def _say(self, trouble: str | None) -> None:
        if trouble != self._trouble:
            if trouble is None:
                _log.warning("%s can be written again", self._path)
            else:
                _log.error("%s", trouble)
            self._trouble = trouble


def _identity(record: Record) -> str:
    """What the record is and of which rows: what people wrote stays out of the log."""
    names = [field.name for field in fields(record) if field.name.endswith("id")]
    ids = [f"{name} {getattr(record, name)}" for name in names]
    return " ".join([type(record).__name__, *ids])
