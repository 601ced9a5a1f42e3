"""The database file: its tables, and every trouble with it as one sentence."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_mock_engine
from sqlalchemy.schema import CreateTable

from device.errors import StoreError
from device.store.database import open_database
from device.store.revisions import SCRIPTS, known_revisions, newest_revision
from device.store.tables import Base
from device.store.writer import Writer
from tests.store.visits import Visit, store


def test_commits_are_synced_to_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_migrations_make_exactly_the_tables_of_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_names_of_the_migrations_are_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert known_revisions() == {script.revision for script in scripts.walk_revisions()}
    assert newest_revision() == scripts.get_current_head()


def test_a_start_without_a_migration_does_without_alembic(engine: Engine, path: Path) -> None:
    start = (
        "import sys; from pathlib import Path; from device.store.database import open_database; "
        "open_database(Path(sys.argv[1])).dispose(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", start, path], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"False\n"


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
