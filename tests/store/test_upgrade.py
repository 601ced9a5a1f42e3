"""A database of an earlier version is brought to this one's form with all that is in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from device.errors import StoreError
from device.store.database import connect, open_database
from device.store.migrate import migrate
from device.store.progress import Progress
from device.store.queries import History

MEMBER = uuid4()
REPS = (("left", "glute", []), ("right", "arch", ["tilt"]), ("left", "unsure", ["tilt", "head"]))


@pytest.fixture
def first_version(path: Path) -> Path:
    """What the first version wrote: one session of three reps, and one without any."""
    path.parent.mkdir()
    engine = connect(path)
    migrate(engine, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as old, old:
        for position in (1, 2):
            old.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, 'mat', 'ended', 0, NULL,"
                " '2026-05-01 10:30:00.000000', '2026-05-01 10:40:00.000000', 600.0,"
                " '2026-05-01 10:40:00.000000', 700.0, 'boot')",
                (f"{position:032x}", position, MEMBER.hex),
            )
        old.execute(
            "INSERT INTO sets VALUES (?, ?, 1, '2026-05-01 10:31:00.000000', NULL)",
            ("a" * 32, f"{1:032x}"),
        )
        for number, (side, verdict, faults) in enumerate(REPS, 1):
            times = (1.0, 2.0, 3.0, 4.0, 1.5, float(number), 2.5)
            old.execute(
                "INSERT INTO reps VALUES (?, ?, ?, '2026-05-01 10:32:00.000000', ?, ?, 0.9,"
                " ?, ?, ?, ?, ?, ?, ?, ?, '{\"tilt\": 1.5}', 'Because.')",
                (f"{number:032x}", "a" * 32, number, side, verdict, *times, json.dumps(faults)),
            )
    return path


def test_sessions_of_the_first_version_are_summed_up(first_version: Path) -> None:
    open_database(first_version).dispose()
    with closing(History(first_version)) as history:
        empty, summary = history.sessions()
        stored = history.session(UUID(int=1))
    assert (empty.sets, empty.reps, empty.judged, empty.clean) == (0, 0, 0, 0)
    assert (summary.sets, summary.reps, summary.judged, summary.clean) == (1, 3, 2, 1)
    assert summary.variation is None
    assert stored is not None
    assert [rep.verdict for rep in stored.sets[0].reps] == ["glute", "arch", "unsure"]
    with closing(Progress(first_version)) as progress:
        (week,) = progress.weeks(MEMBER)
    assert (week.left_share, week.right_share, week.hold_s) == (1.0, 0.0, 2.0)
    assert week.faults == {"tilt": 2, "head": 1}


def test_the_day_and_the_hour_are_those_that_a_session_stored_now_would_get(
    first_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(first_version).dispose()
    with closing(sqlite3.connect(first_version)) as upgraded:
        rows = upgraded.execute("SELECT day, hour FROM session_totals").fetchall()
    local = History(first_version)
    with closing(local):
        started = local.sessions()[0].started_utc.astimezone()
    assert rows == [(started.toordinal(), started.hour)] * 2


def test_an_upgrade_that_is_cut_short_leaves_the_earlier_version(first_version: Path) -> None:
    before = sqlite3.connect(first_version)
    with closing(before):
        before.execute("CREATE TABLE members (in_the_way)")
        before.commit()
    with pytest.raises(StoreError, match="members"):
        open_database(first_version)
    with closing(sqlite3.connect(first_version)) as left:
        assert left.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        columns = [row[1] for row in left.execute("PRAGMA table_info(sessions)")]
        tables = [row[0] for row in left.execute("SELECT name FROM sqlite_master")]
    assert "variation" not in columns
    assert "session_totals" not in tables


def test_sets_stored_before_keep_what_they_were_counted_by(first_version: Path) -> None:
    engine = connect(first_version)
    migrate(engine, "0003")
    engine.dispose()
    with closing(sqlite3.connect(first_version)) as old, old:
        old.execute("UPDATE sessions SET strictness = 'strict'")
    open_database(first_version).dispose()
    with closing(sqlite3.connect(first_version)) as upgraded:
        assert upgraded.execute("SELECT strictness FROM sets").fetchall() == [("strict",)]
