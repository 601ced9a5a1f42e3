"""The writing thread: what was said to be stored stays, and nothing waits for the disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from device.errors import StoreError
from device.store.database import open_database
from device.store.queries import History
from device.store.writer import Writer
from tests.store.visits import DEADLINE_S, REP, Visit, numbers, store, wait_for

SQLITE_MOST_PAGES = 4294967294
"""SQLite's own limit of a database's size, in pages."""


@pytest.fixture(autouse=True)
def tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the disk is tried again ten times a second in place of once."""
    monkeypatch.setattr("device.store.writer.RETRY_S", 0.1)


def problem(writer: Writer) -> str:
    """The sentence, as soon as there is one."""
    wait_for(lambda: writer.problem is not None)
    return writer.problem or ""


def limit_while(engine: Engine, full: Callable[[], bool]) -> None:
    """No transaction begun while `full` may take another page, as on a disk without room."""

    def limit(connection: Connection) -> None:
        pages = 1 if full() else SQLITE_MOST_PAGES
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "begin", limit)


def test_a_rep_is_on_the_disk_soon_though_nobody_asks_for_it(
    writer: Writer, history: History
) -> None:
    visit = Visit()
    store(writer, *visit.begin)
    writer.put(visit.rep(1))
    wait_for(lambda: numbers(history, visit.id) == [1])


def test_a_record_that_contradicts_the_others_does_not_hold_them_up(
    writer: Writer, history: History, caplog: pytest.LogCaptureFixture
) -> None:
    visit = Visit()
    store(writer, *visit.begin, visit.rep(1), visit.rep(1), visit.rep(2))
    assert numbers(history, visit.id) == [1, 2]
    assert "not stored" in caplog.text


def test_a_number_that_no_column_takes_does_not_hold_up_the_others(
    writer: Writer, history: History, caplog: pytest.LogCaptureFixture
) -> None:
    visit = Visit()
    broken = visit.rep(1, rep=replace(REP, reason=object()))  # type: ignore[arg-type]
    store(writer, *visit.begin, broken, visit.rep(2))
    assert numbers(history, visit.id) == [2]
    assert "not stored, because" in caplog.text
    assert str(broken.id) in caplog.text
    assert REP.reason not in caplog.text
    assert writer.problem is None


def test_while_the_disk_is_full_reps_wait_and_are_written_when_there_is_room(
    engine: Engine, path: Path, history: History
) -> None:
    full = threading.Event()
    limit_while(engine, full.is_set)
    visit = Visit()
    with closing(Writer(engine, path)) as writer:
        store(writer, *visit.begin, visit.rep(1))
        full.set()
        for number in range(2, 200):
            writer.put(visit.rep(number, rep=replace(REP, reason="x" * 200)))
        sentence = problem(writer)
        assert "is full; free some space" in sentence
        # The first of them may still have found room in a page that was not full.
        assert f"{200 - len(numbers(history, visit.id)) - 1} records wait in memory" in sentence
        full.clear()
        assert writer.flush(DEADLINE_S)
        assert writer.problem is None
    assert numbers(history, visit.id) == list(range(1, 200))


def test_a_full_disk_gives_up_its_reserve_and_the_reps_are_stored_at_once(
    path: Path, history: History
) -> None:
    engine = open_database(path)
    reserve = path.with_name("pronemat.db.reserve")
    visit = Visit()
    with closing(Writer(engine, path)) as writer:
        store(writer, *visit.begin)
        assert reserve.stat().st_blocks * 512 >= 1 << 20
        limit_while(engine, reserve.exists)
        store(writer, *(visit.rep(number) for number in range(1, 100)))
        assert writer.problem is None
    assert numbers(history, visit.id) == list(range(1, 100))
    assert reserve.exists()


def test_without_room_for_the_reserve_the_disk_is_called_full_until_there_is(
    engine: Engine, path: Path, history: History
) -> None:
    reserve = path.with_name("pronemat.db.reserve")
    visit = Visit()
    reserve.mkdir()
    with closing(Writer(engine, path)) as writer:
        assert "is full; free some space on it" in problem(writer)
        store(writer, *visit.begin, visit.rep(1))
        assert numbers(history, visit.id) == [1]
        assert "wait in memory" not in problem(writer)
        reserve.rmdir()
        wait_for(lambda: writer.problem is None)


def test_while_another_program_locks_the_database_reps_wait(
    engine: Engine, path: Path, history: History
) -> None:
    visit = Visit()
    impatient = open_database(path, wait_s=0.2)
    with closing(Writer(impatient, path)) as writer:
        store(writer, *visit.begin)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            writer.put(visit.rep(1))
            assert "is locked by another program; end that program" in problem(writer)
            other.execute("ROLLBACK")
        assert writer.flush(DEADLINE_S)
    assert numbers(history, visit.id) == [1]


def test_closing_says_how_much_could_not_be_stored(
    engine: Engine, path: Path, history: History
) -> None:
    writer = Writer(engine, path)
    visit = Visit()
    store(writer, *visit.begin)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer.put(visit.rep(1))
        with pytest.raises(StoreError, match="1 records are not stored"):
            writer.close()
        other.execute("ROLLBACK")
    # The attempt that was under way succeeds once the lock is gone.
    writer.close(DEADLINE_S)
    assert numbers(history, visit.id) == [1]
