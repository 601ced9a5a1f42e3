"""Reading and changing the database, with every trouble as one sentence: what the APIs stand on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from device.errors import StoreError
from device.store.database import connect, open_database, store_error

PATIENCE_S = 10.0
"""A page rather waits for the daemon, which may write what waited for a disk, than fails."""


class Reader:
    """Reads the database at `path` from any thread. The file may come to be later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = connect(path, read_only=True)

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database; `StoreError` if it cannot be read."""
        if not self._path.exists():
            raise StoreError(f"nothing is stored yet in {self._path}; start the daemon once.")
        try:
            with Session(self._engine) as session:
                yield session
        except DatabaseError as error:
            raise store_error(self._path, error) from None


class Editor(Reader):
    """Changes the database at `path` too, from any thread; made and migrated at the first change.

    Changes are short: the daemon writes its reps between them.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._opening = threading.Lock()
        self._writing: Engine | None = None

    def close(self) -> None:
        """Give the file back."""
        super().close()
        with self._opening:
            if self._writing is not None:
                self._writing.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """As in `Reader`; a file that is not there yet is made."""
        self.writing_engine()
        with super().reading() as session:
            yield session

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A transaction: all of it is on the disk when the block ends, or nothing of it."""
        try:
            with Session(self.writing_engine()) as session, session.begin():
                yield session
        except DatabaseError as error:
            raise store_error(self._path, error) from None

    def writing_engine(self) -> Engine:
        """The engine for changes, opened when it is first needed."""
        with self._opening:
            if self._writing is not None and not self._path.exists():
                self._writing.dispose()
                self._writing = None
            if self._writing is None:
                self._writing = open_database(self._path, PATIENCE_S)
            return self._writing
