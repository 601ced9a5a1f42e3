"""The gym as a whole: its hours, whether trainer and program agree, and what the mat suffers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from device.cli.bench_store import store as bench_store
from device.cli.gym import gym as gym_command
from device.core.types import Verdict
from device.errors import StoreError
from device.store.database import open_database
from device.store.equipment import Equipment, keep_note
from device.store.gym import Agreement, Gym
from device.store.made_up import make_gym
from device.store.records import EquipmentNoted
from device.store.reviews import Reviews
from device.store.schema import RepRow, SetRow, TotalsRow
from device.store.schema_people import CorrectionRow
from device.store.totals import count_anew
from device.store.writer import Writer
from tests.store.visits import Visit, at, store

PAIRS = [(program, trainer) for program in Verdict for trainer in Verdict]


@pytest.fixture
def gym(path: Path) -> Iterator[Gym]:
    with closing(Gym(path)) as gym:
        yield gym


def agreement(**counts: int) -> Agreement:
    """`glute_arch=3`: three that the program called glute and the trainer arch."""
    found = dict.fromkeys(PAIRS, 0)
    for pair, count in counts.items():
        program, trainer = pair.split("_")
        found[Verdict(program), Verdict(trainer)] = count
    return Agreement(found)


def test_an_empty_gym_has_empty_statistics(writer: Writer, gym: Gym) -> None:
    assert gym.weeks() == ()
    assert set(sum(gym.use().sessions, ())) == {0}
    assert (gym.agreement().reps, gym.agreement().share, gym.agreement().kappa) == (0, None, None)
    assert gym.equipment() == ()
    assert (gym.size().sessions, gym.size().reps) == (0, 0)
    assert gym.size().file_bytes > 0


def test_use_is_by_the_local_hour_and_weekday(writer: Writer, gym: Gym) -> None:
    for hour in (6, 6, 18):
        began = datetime(2026, 5, 8, hour, 30).astimezone(UTC)  # a Friday, local time
        visit = Visit(begun=at(0, began))
        store(writer, *visit.begin, visit.rep(1), visit.rep(2))
    use = gym.use()
    assert (use.sessions[4][6], use.sessions[4][18], sum(map(sum, use.sessions))) == (2, 1, 3)
    assert use.reps[4][6] == 4
    assert sum(map(sum, gym.use(date(2026, 5, 9)).sessions)) == 0
    assert gym.weeks(date(2026, 5, 9)) == ()
    (week,) = gym.weeks(date(2026, 5, 8))
    assert (week.monday, week.sessions, week.reps, week.share) == (date(2026, 5, 4), 3, 6, 1.0)


def test_what_was_simulated_is_left_out_unless_asked_for(
    writer: Writer, gym: Gym, path: Path
) -> None:
    for source in ("mat", "demo"):
        visit = Visit(source)
        rep = visit.rep(1)
        store(writer, *visit.begin, rep)
        with closing(Reviews(path)) as reviews:
            reviews.correct(rep.id, "glute", "Kim")
    assert (gym.weeks()[0].reps, gym.agreement().reps) == (1, 1)
    with closing(Gym(path, simulated=True)) as all_of_it:
        assert (all_of_it.weeks()[0].reps, all_of_it.agreement().reps) == (2, 2)


def test_kappa_is_cohens() -> None:
    # The example of J. Cohen (1960): 50 of 100 by chance, 70 seen.
    assert agreement(glute_glute=20, glute_arch=5, arch_glute=10, arch_arch=15).kappa == (
        pytest.approx(0.4)
    )
    assert agreement(glute_glute=7, arch_arch=3, unsure_unsure=1).kappa == 1.0
    assert agreement(glute_arch=5, arch_glute=5).kappa == -1.0
    assert agreement(glute_glute=9).kappa is None
    assert agreement().kappa is None
    assert agreement(glute_glute=3, glute_arch=1).share == 0.75


@given(st.lists(st.integers(0, 50), min_size=9, max_size=9))
def test_kappa_is_never_above_one_and_the_same_from_both_sides(counts: list[int]) -> None:
    table = dict(zip(PAIRS, counts, strict=True))
    found = Agreement(table).kappa
    mirrored = Agreement({pair: table[pair[::-1]] for pair in PAIRS}).kappa
    if found is None:
        assert mirrored is None
    else:
        assert -1.0 <= found <= 1.0
        assert mirrored == pytest.approx(found)


def test_what_was_found_of_the_mat_is_kept_in_its_order(
    writer: Writer, gym: Gym, path: Path
) -> None:
    with closing(Equipment(path)) as equipment:
        equipment.note("calibration", {"id": "2026-05-01-anna"})
        equipment.note("drift", {"strips": {"asis_left": 4.2}})
        with pytest.raises(StoreError):
            equipment.note("gossip", {})
    noted = EquipmentNoted(uuid4(), "doctor", {"verdict": "sound"}, at(0))
    store(writer, noted, noted)
    assert [note.kind for note in gym.equipment()] == ["doctor", "drift", "calibration"]
    (drift,) = gym.equipment("drift")
    assert drift.document == {"strips": {"asis_left": 4.2}}
    assert len(gym.equipment(limit=1)) == 1


def test_a_note_is_kept_only_where_there_is_a_database_to_keep_it(
    writer: Writer, gym: Gym, path: Path, tmp_path: Path
) -> None:
    keep_note(path, "doctor", {"words": "Nothing is known to be wrong."})
    assert [note.kind for note in gym.equipment()] == ["doctor"]
    keep_note(tmp_path / "nowhere.db", "doctor", {})
    assert not (tmp_path / "nowhere.db").exists()
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"nonsense" * 1000)
    keep_note(damaged, "doctor", {})
    assert damaged.read_bytes() == b"nonsense" * 1000


def test_a_made_up_gym_says_so_and_its_sums_are_those_of_its_reps(tmp_path: Path) -> None:
    path = tmp_path / "gym.db"
    shares: list[float] = []
    make_gym(path, members=12, reps=700, years=0.5, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with closing(Gym(path)) as real, closing(Gym(path, simulated=True)) as gym:
        assert real.weeks() == ()
        assert gym.size().reps == sum(week.reps for week in gym.weeks()) == 700
        assert gym.agreement().kappa is not None
    engine = open_database(path)
    with Session(engine) as session:
        assert session.scalars(select(CorrectionRow)).first() is not None
        columns = TotalsRow.__table__.columns.keys()
        rows = session.scalars(select(TotalsRow)).all()
        before = [[getattr(row, key) for key in columns] for row in rows]
        for row in rows:
            session_id = row.session_id
            count_anew(session, session_id)
        session.flush()
        session.expunge_all()
        again = {row.session_id: row for row in session.scalars(select(TotalsRow))}
        for values in before:
            fresh = [getattr(again[values[0]], key) for key in columns]
            assert fresh[: columns.index("lift_s")] == values[: columns.index("lift_s")]
            assert fresh[columns.index("lift_s") : -1] == pytest.approx(values[-4:-1])
            assert fresh[-1] == values[-1]
        assert session.scalar(select(SetRow.id).join(RepRow).limit(1)) is not None
    engine.dispose()
    with pytest.raises(StoreError, match="exists already"):
        make_gym(path, 1, 1, 1.0, shares.append)


def test_the_commands_make_a_gym_and_time_what_the_pages_ask(tmp_path: Path) -> None:
    path = str(tmp_path / "gym.db")
    run = CliRunner()
    made = run.invoke(gym_command, [path, "--members", "3", "--reps", "60", "--years", "1"])
    assert made.exit_code == 0
    assert "60 reps, all made up" in made.output
    timed = run.invoke(bench_store, [path, "--times", "2", "--json"])
    timings = json.loads(timed.stdout)
    assert len(timings) > 20
    assert all(one["median_ms"] <= one["p95_ms"] for one in timings.values())
    assert "weeks of a member" in run.invoke(bench_store, [path, "--times", "1"]).output
