"""The store: what was said to be stored stays, in its order, whatever clock and disk do."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_mock_engine, event
from sqlalchemy.schema import CreateTable

from device.core.types import Fault, Rep, Side, Verdict
from device.errors import StoreError
from device.store.database import open_database
from device.store.queries import History
from device.store.records import (
    CalibrationUsed,
    Moment,
    Record,
    RepDone,
    SessionBegun,
    SessionEnded,
    SetBegun,
    SetEnded,
)
from device.store.resume import open_sessions
from device.store.tables import Base
from device.store.writer import Writer

DEADLINE_S = 10.0
SQLITE_MOST_PAGES = 4294967294
"""SQLite's own limit of a database's size, in pages."""
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
REP = Rep(
    at_s=16.3,
    side=Side.LEFT,
    verdict=Verdict.GLUTE,
    confidence=0.9,
    start_s=12.0,
    top_s=14.0,
    end_s=16.0,
    lift_s=1.5,
    hold_s=1.0,
    lower_s=1.5,
    faults=(Fault.FAST_LIFT,),
    numbers={"tilt": 1.5, "roll": math.nan},
    reason="The pelvis stayed still.",
)


def at(second: float, utc: datetime | None = None, boot_id: str = "boot") -> Moment:
    return Moment(utc or NOON + timedelta(seconds=second), second, boot_id)


class Visit:
    """The records of one session, made in order."""

    def __init__(self, source: str = "mat", begun: Moment | None = None) -> None:
        self.id = uuid4()
        self.set_id = uuid4()
        self.begin: tuple[Record, ...] = (
            SessionBegun(self.id, source, None, begun or at(0)),
            SetBegun(self.set_id, self.id, 1, begun or at(0)),
        )

    def rep(self, number: int, when: Moment | None = None, rep: Rep = REP) -> RepDone:
        return RepDone(uuid4(), self.id, self.set_id, number, rep, when or at(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "pronemat.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_database(path)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine, path: Path) -> Iterator[Writer]:
    with closing(Writer(engine, path)) as writer:
        yield writer


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with closing(History(path)) as history:
        yield history


def store(writer: Writer, *records: Record) -> None:
    for record in records:
        writer.put(record)
    assert writer.flush(DEADLINE_S)


def numbers(history: History, session_id: UUID) -> list[int]:
    session = history.session(session_id)
    assert session is not None
    return [rep.number for exercise_set in session.sets for rep in exercise_set.reps]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def problem(writer: Writer) -> str:
    """The sentence, as soon as there is one."""
    wait_for(lambda: writer.problem is not None)
    return writer.problem or ""


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


def test_a_rep_is_on_the_disk_long_before_a_second_has_passed(
    writer: Writer, history: History
) -> None:
    visit = Visit()
    store(writer, *visit.begin)
    begun = time.monotonic()
    writer.put(visit.rep(1))
    assert time.monotonic() - begun < 0.05
    wait_for(lambda: numbers(history, visit.id) == [1])
    assert time.monotonic() - begun < 1.0


def test_commits_are_synced_to_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_migrations_make_exactly_the_tables_of_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


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
    assert "not stored" in caplog.text
    assert writer.problem is None


def test_the_tables_can_be_made_in_postgresql() -> None:
    dialect = create_mock_engine("postgresql://", lambda statement: None).dialect
    made = {
        table.name: str(CreateTable(table).compile(dialect=dialect))
        for table in Base.metadata.sorted_tables
    }
    assert {"calibrations", "sessions", "sets", "reps", "members", "audit"} <= set(made)
    assert "started_utc TIMESTAMP WITH TIME ZONE NOT NULL" in made["sessions"]
    assert "id UUID NOT NULL" in made["sessions"]
    assert "member_id UUID" in made["sessions"]
    assert "confidence DOUBLE PRECISION NOT NULL" in made["reps"]


def limit_while(engine: Engine, full: Callable[[], bool]) -> None:
    """No transaction begun while `full` may take another page, as on a disk without room."""

    def limit(connection: Connection) -> None:
        pages = 1 if full() else SQLITE_MOST_PAGES
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "begin", limit)


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
    writer: Writer, path: Path, history: History
) -> None:
    visit = Visit()
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
        begun = time.monotonic()
        with pytest.raises(StoreError, match="1 records are not stored"):
            writer.close()
        assert time.monotonic() - begun < 1.0
        other.execute("ROLLBACK")
    # The attempt that was under way succeeds once the lock is gone.
    writer.close(DEADLINE_S)
    assert numbers(history, visit.id) == [1]


def test_a_file_that_is_no_database_is_named_with_the_remedy_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"these are my notes, not a database" * 100)
    with pytest.raises(StoreError, match=r"is damaged; .* move the file aside"):
        open_database(path)
    assert path.read_bytes().startswith(b"these are my notes")


def test_a_database_with_a_damaged_page_is_reported_and_what_is_new_waits(
    engine: Engine, path: Path
) -> None:
    visit = Visit()
    writer = Writer(engine, path)
    store(writer, *visit.begin, *(visit.rep(number) for number in range(1, 100)))
    writer.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    with pytest.raises(StoreError, match="is damaged"):
        open_database(path)


def test_a_locked_database_is_one_sentence_at_the_start(engine: Engine, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="is locked by another program"):
            open_database(path)


def test_a_database_of_a_newer_program_is_not_touched(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="written by a newer pronemat; update"):
        open_database(path)


def test_a_data_directory_that_cannot_be_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/data cannot be made.*'data' under \[paths\]"):
        open_database(tmp_path / "file" / "data" / "pronemat.db")


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
