"""What statistics say of any history: of none, of one rep, of one leg alone, of ten years."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.coach.programme import Strictness, Variation
from device.coach.progression import Judged
from device.core.types import Fault, Rep, Side, Verdict
from device.store.database import open_database
from device.store.gym import Gym
from device.store.people import People
from device.store.progress import Progress, monday_of, week_of
from device.store.queries import History
from device.store.records import PlanChanged, SessionEnded, SetBegun
from device.store.reviews import Reviews
from device.store.writer import Writer
from tests.coach.practices import practice_of
from tests.store.visits import REP, Visit, at, store

MONDAY = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def progress(path: Path) -> Iterator[Progress]:
    with closing(Progress(path)) as progress:
        yield progress


@pytest.fixture
def member_id(path: Path) -> UUID:
    with closing(People(path)) as people:
        return people.create({"name": "Anna"}).id


def rep(side: str, verdict: str, hold_s: float = 1.0, faults: Sequence[Fault] = ()) -> Rep:
    return replace(
        REP, side=Side(side), verdict=Verdict(verdict), hold_s=hold_s, faults=tuple(faults)
    )


def session_of(
    writer: Writer,
    member_id: UUID | None,
    reps: Sequence[Rep],
    variation: str | None = "single",
    strictness: str = "normal",
    source: str = "mat",
    day: int = 0,
) -> Visit:
    """A session `day` days after a Monday, which has ended."""
    plan = None if variation is None else {"variation": variation, "strictness": strictness}
    begun = at(0, MONDAY + timedelta(days=day))
    visit = Visit(source, begun, member_id, plan)
    records = [visit.rep(number, rep=one) for number, one in enumerate(reps, 1)]
    store(writer, *visit.begin, *records, SessionEnded(visit.id, begun))
    if records:
        visit.rep_id = records[0].id
    return visit


def test_a_member_without_any_history_has_empty_statistics(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    session_of(writer, None, [REP])
    session_of(writer, member_id, [])
    assert progress.practices(member_id) == ()
    assert progress.weeks(member_id) == ()
    assert progress.comparison(member_id, uuid4()) is None
    assert progress.latest(member_id, Variation.SINGLE) is None


def test_one_rep_of_the_left_leg_says_nothing_of_the_right(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    session_of(writer, member_id, [rep("left", "glute", 2.5)])
    (week,) = progress.weeks(member_id)
    assert (week.monday, week.sessions, week.reps) == (date(2026, 5, 4), 1, 1)
    assert (week.share, week.left_share, week.right_share) == (1.0, 1.0, None)
    assert (week.lift_s, week.hold_s, week.lower_s) == (1.5, 2.5, 1.5)
    (practice,) = progress.practices(member_id)
    assert (practice.left, practice.right) == (Judged(1, 1), Judged(0, 0))


def test_a_lift_that_could_not_be_judged_counts_as_a_lift_alone(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    session_of(writer, member_id, [rep("left", "unsure")])
    (week,) = progress.weeks(member_id)
    assert (week.reps, week.judged, week.share) == (1, 0, None)


@pytest.mark.parametrize(("strictness", "judged", "clean"), [
    ("gentle", 4, 3), ("normal", 3, 2), ("strict", 3, 1),
])  # fmt: skip
def test_clean_is_what_the_sessions_strictness_calls_clean(
    writer: Writer,
    history: History,
    progress: Progress,
    member_id: UUID,
    strictness: str,
    judged: int,
    clean: int,
) -> None:
    reps = [
        rep("left", "glute", faults=[Fault.FAST_LIFT]),
        rep("right", "glute", faults=[Fault.TILT]),
        rep("left", "arch", faults=[Fault.TILT]),
        rep("right", "unsure"),
    ]
    session_of(writer, member_id, reps, strictness=strictness)
    summary = history.sessions()[0]
    assert (summary.judged, summary.clean) == (judged, clean)
    (week,) = progress.weeks(member_id)
    assert (week.judged, week.clean) == (judged, clean)
    assert week.faults == {"fast_lift": 1, "tilt": 2}


def test_each_set_is_counted_by_the_strictness_it_was_trained_with(
    writer: Writer, history: History, path: Path
) -> None:
    visit = Visit(plan={"variation": "single", "strictness": "strict"})
    lifts = [rep("left", "glute", faults=[Fault.TILT]), rep("right", "glute")]
    first = [visit.rep(number, rep=one) for number, one in enumerate(lifts, 1)]
    store(writer, *visit.begin, *first)
    visit.set_id = uuid4()
    gentler = PlanChanged(visit.id, {"variation": "single", "strictness": "normal"})
    begun = SetBegun(visit.set_id, visit.id, 2, at(60))
    second = [visit.rep(number, rep=one) for number, one in enumerate(lifts, 1)]
    store(writer, gentler, begun, *second)
    assert history.sessions()[0].clean == 1 + 2
    stored = history.session(visit.id)
    assert stored is not None
    assert [one.strictness for one in stored.sets] == ["strict", "normal"]
    with closing(Reviews(path)) as reviews:
        reviews.correct(first[1].id, Verdict.ARCH, "Tom")
    assert history.sessions()[0].clean == 0 + 2


def test_only_the_mat_itself_counts_unless_asked_otherwise(
    writer: Writer, progress: Progress, member_id: UUID, path: Path
) -> None:
    for source in ("mat", "demo", "replay"):
        session_of(writer, member_id, [REP], source=source)
    assert len(progress.practices(member_id)) == 1
    with closing(Progress(path, simulated=True)) as all_of_it:
        assert len(all_of_it.practices(member_id)) == 3


def test_practices_are_the_latest_with_the_oldest_of_them_first(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    variations = ["single", "both", "long_hold", "weight"]
    for variation in variations:
        session_of(writer, member_id, [rep("both", "glute")], variation)
    practices = progress.practices(member_id, limit=3)
    assert [practice.variation.value for practice in practices] == variations[1:]


def test_a_session_is_compared_with_the_last_one_of_the_same_variation(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    first = session_of(
        writer,
        member_id,
        [rep("left", "glute", 1), rep("right", "arch", 2), rep("left", "glute", 9)],
    )
    session_of(writer, member_id, [rep("both", "glute")], "both")
    session_of(writer, None, [REP])
    last = session_of(writer, member_id, [REP])
    found = progress.comparison(member_id, last.id)
    assert found is not None
    assert (found.session_id, found.reps, found.clean) == (first.id, 3, 2)
    assert (found.clean_left, found.clean_right, found.hold_s) == (2, 0, 2.0)
    assert progress.comparison(member_id, first.id) is None
    latest = progress.latest(member_id, Variation.SINGLE)
    assert latest is not None
    assert latest.session_id == last.id


def test_what_was_trained_without_a_plan_is_told_by_the_lifts(
    writer: Writer, progress: Progress, member_id: UUID
) -> None:
    session_of(writer, member_id, [rep("both", "glute"), rep("left", "glute")], None)
    session_of(writer, member_id, [rep("both", "glute")], None)
    practices = progress.practices(member_id)
    assert [one.variation for one in practices] == [Variation.SINGLE, Variation.BOTH]


def test_weeks_begin_on_mondays_and_know_the_heaviest_weight(
    writer: Writer, progress: Progress, member_id: UUID, path: Path
) -> None:
    for day in (6, 0, 7):
        session_of(writer, member_id, [REP], day=day)
    assert [(week.monday.isoformat(), week.sessions) for week in progress.weeks(member_id)] == [
        ("2026-05-04", 2),
        ("2026-05-11", 1),
    ]
    for kg in (1.5, 2.5, 2.0):
        visit = Visit(
            member_id=member_id,
            plan={"variation": "weight", "strictness": "normal", "ankle_weight_kg": kg},
            begun=at(0, MONDAY + timedelta(days=21)),
        )
        store(writer, *visit.begin, visit.rep(1))
    assert progress.weeks(member_id)[-1].ankle_weight_kg == 2.5
    assert progress.weeks(member_id)[-1].variation is Variation.WEIGHT


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_every_day_is_in_the_week_of_its_monday(day: date) -> None:
    monday = monday_of(week_of(day.toordinal()))
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(weeks=1)


def test_a_correction_takes_the_verdicts_place_in_all_statistics(
    writer: Writer, history: History, progress: Progress, member_id: UUID, path: Path
) -> None:
    visit = session_of(writer, member_id, [rep("left", "arch"), rep("right", "glute")])
    with closing(Reviews(path)) as reviews:
        reviews.correct(visit.rep_id, "glute", "Kim")
        assert history.sessions()[0].clean == 2
        assert progress.practices(member_id)[0].left == Judged(1, 1)
        assert progress.weeks(member_id)[0].share == 1.0
        reviews.correct(visit.rep_id, "unsure", "Kim")
        assert progress.practices(member_id)[0].left == Judged(0, 0)
        reviews.correct(visit.rep_id, None, "Kim")
        assert progress.practices(member_id)[0].left == Judged(1, 0)
    stored = history.session(visit.id)
    assert stored is not None
    assert stored.sets[0].reps[0].verdict == "arch"


REPS = st.builds(
    rep,
    st.sampled_from([side.value for side in Side]),
    st.sampled_from([verdict.value for verdict in Verdict]),
    st.floats(0.0, 10.0),
    st.lists(st.sampled_from(list(Fault)), max_size=3, unique=True),
)
SESSIONS = st.lists(
    st.tuples(
        st.lists(REPS, max_size=5),
        st.sampled_from([variation.value for variation in Variation]),
        st.sampled_from([strictness.value for strictness in Strictness]),
        st.integers(0, 30),
    ),
    max_size=4,
)


@settings(max_examples=12)
@given(sessions=SESSIONS)
def test_the_sums_are_those_of_the_reps_whatever_was_trained(
    empty: Path, sessions: list[tuple[list[Rep], str, str, int]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        with closing(People(path)) as people:
            member_id = people.create({"name": "Anna"}).id
        with closing(Writer(open_database(path), path)) as writer:
            for reps, variation, strictness, day in sessions:
                session_of(writer, member_id, reps, variation, strictness, day=day)
        lifted = [one for one in sessions if one[0]]
        every = [(Strictness(strictness), one) for reps, _, strictness, _ in lifted for one in reps]
        judged = sum(strictness.judges(one.verdict) for strictness, one in every)
        clean = sum(strictness.is_clean(one.verdict, one.faults) for strictness, one in every)
        with closing(Progress(path)) as progress, closing(Gym(path)) as gym:
            weeks, practices = progress.weeks(member_id), progress.practices(member_id)
            gym_weeks, use, size = gym.weeks(), gym.use(), gym.size()
        for found in (weeks, [week for week in gym_weeks if week.reps]):
            assert sum(week.reps for week in found) == len(every)
            assert sum(week.judged for week in found) == judged
            assert sum(week.clean for week in found) == clean
            assert [week.monday for week in found] == sorted({week.monday for week in found})
        assert sum(week.hold_s * week.reps for week in weeks) == pytest.approx(
            sum(one.hold_s for _, one in every)
        )
        for week in weeks:
            for share in (week.share, week.left_share, week.right_share):
                assert share is None or 0.0 <= share <= 1.0
        assert sum(map(sum, use.sessions)) == len(sessions) == size.sessions
        assert sum(map(sum, use.reps)) == len(every) == size.reps
        normal = [one for one in lifted if one[2] == "normal"]
        expected = [practice_of(Variation(variation), reps) for reps, variation, _, _ in normal]
        got = [one for one, (_, _, strictness, _) in zip(practices, lifted, strict=True)
               if strictness == "normal"]  # fmt: skip
        assert got == expected
