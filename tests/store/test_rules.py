"""Retention: what is too old goes by itself, and a wrong clock deletes nothing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from device.errors import FieldError
from device.store.queries import History
from device.store.records import RepTrace, SessionEnded
from device.store.reviews import Reviews
from device.store.rules import SESSIONS_AT_ONCE, GymRules, Rules
from device.store.writer import Writer
from tests.store.visits import NOON, Visit, at, store


@pytest.fixture
def rules(path: Path) -> Iterator[Rules]:
    with closing(Rules(path)) as rules:
        yield rules


def lifted(writer: Writer, days: float) -> UUID:
    """A session so many days after the first one, with a rep that has a trace."""
    begun = at(0, NOON + timedelta(days=days))
    visit = Visit(begun=begun)
    rep = visit.rep(1, begun)
    store(writer, *visit.begin, rep, RepTrace(rep.id, {}, begun), SessionEnded(visit.id, begun))
    return rep.id


def days_stored(history: History) -> list[int]:
    """How many days after the first one the sessions that there are were."""
    return [(one.started_utc - NOON).days for one in reversed(history.sessions(limit=1000))]


def test_sessions_are_kept_for_ever_and_traces_for_a_year_unless_changed(rules: Rules) -> None:
    assert rules.get() == GymRules(session_days=None, trace_days=365)
    assert rules.change({"session_days": "730"}, "Kim") == GymRules(730, 365)
    assert rules.change({"session_days": "", "trace_days": 30}, "Kim") == GymRules(None, 30)
    assert rules.get() == GymRules(None, 30)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "soon", 36501, True])
def test_a_limit_that_cannot_be_has_its_sentence(rules: Rules, value: object) -> None:
    with pytest.raises(FieldError) as refused:
        rules.change({"session_days": value}, "Kim")
    assert "from 1 to 36500 days" in refused.value.fields["session_days"]


def test_a_sessions_end_lets_go_what_is_too_old(
    writer: Writer, history: History, rules: Rules
) -> None:
    rules.change({"session_days": 100}, "Kim")
    for days in (0, 50, 99, 120, 180):
        lifted(writer, days)
    assert days_stored(history) == [99, 120, 180]


def test_traces_go_before_their_reps(writer: Writer, history: History, path: Path) -> None:
    first, second = lifted(writer, 0), lifted(writer, 364)
    with closing(Reviews(path)) as reviews:
        assert reviews.trace(first) == {}
        third = lifted(writer, 366)
        assert [reviews.trace(rep) for rep in (first, second, third)] == [None, {}, {}]
    assert days_stored(history) == [0, 364, 366]


def test_a_clock_that_jumps_ahead_deletes_nothing_until_somebody_trains(
    writer: Writer, history: History, rules: Rules
) -> None:
    for days in (0, 10):
        lifted(writer, days)
    rules.change({"session_days": 100}, "Kim")
    assert rules.expire(NOON + timedelta(days=9000)) == 0
    assert days_stored(history) == [0, 10]


def test_sessions_of_a_wrong_clock_go_with_their_neighbours(
    writer: Writer, history: History, rules: Rules
) -> None:
    for days in (0, 9000, 20, -9000, 150):
        lifted(writer, days)
    rules.change({"session_days": 100}, "Kim")
    # The clock is right again, or the one session from the future would make all others old.
    assert rules.expire(NOON + timedelta(days=150)) == 4
    assert days_stored(history) == [150]


def test_one_from_the_past_between_younger_ones_waits_its_turn(
    writer: Writer, history: History, rules: Rules
) -> None:
    for days in (60, -9000, 150):
        lifted(writer, days)
    rules.change({"session_days": 100}, "Kim")
    rules.expire(datetime.now(UTC))
    assert days_stored(history) == [60, -9000, 150]


def test_a_backlog_goes_in_bites(writer: Writer, history: History, rules: Rules) -> None:
    count = SESSIONS_AT_ONCE + 3
    for _ in range(count):
        lifted(writer, 0)
    lifted(writer, 500)
    rules.change({"session_days": 100}, "Kim")
    assert rules.expire() == count
    assert days_stored(history) == [500]
