"""What trainers say of reps, beside what the program said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from math import inf, isfinite, nan
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.types import Verdict
from device.errors import StoreError
from device.store.people import People
from device.store.records import Mark, RepTrace
from device.store.reviews import Reviews
from device.store.traces import pack_trace, unpack_trace
from device.store.writer import Writer
from tests.store.visits import Visit, at, store


@pytest.fixture
def reviews(path: Path) -> Iterator[Reviews]:
    with closing(Reviews(path)) as reviews:
        yield reviews


@pytest.fixture
def visit(writer: Writer) -> Visit:
    """A session with two reps; `rep_id` is the first."""
    visit = Visit()
    first = visit.rep(1)
    store(writer, *visit.begin, first, visit.rep(2))
    visit.rep_id = first.id
    return visit


def test_a_correction_stands_beside_the_verdict_until_it_is_taken_back(
    reviews: Reviews, visit: Visit
) -> None:
    reviews.correct(visit.rep_id, Verdict.ARCH, "Kim")
    reviews.correct(visit.rep_id, "unsure", "Lou")
    (correction,) = reviews.corrections(visit.id).values()
    assert (correction.rep_id, correction.verdict) == (visit.rep_id, Verdict.UNSURE)
    assert correction.by == "Lou"
    reviews.correct(visit.rep_id, None, "Kim")
    assert reviews.corrections(visit.id) == {}
    assert reviews.corrections(uuid4()) == {}


def test_a_mark_keeps_its_raw_frames_when_only_the_note_changes(
    reviews: Reviews, visit: Visit
) -> None:
    reviews.mark(visit.rep_id, "Kim", "the strip crackled", b"frames")
    reviews.mark(visit.rep_id, "Lou", "again")
    (mark,) = reviews.marks(visit.id)
    assert (mark.by, mark.note, mark.session_id, mark.has_frames) == (
        "Lou",
        "again",
        visit.id,
        True,
    )
    assert reviews.frames(visit.rep_id) == b"frames"
    assert reviews.marks() == (mark,)
    assert reviews.marks(uuid4()) == ()
    reviews.unmark(visit.rep_id)
    assert (reviews.marks(), reviews.frames(visit.rep_id)) == ((), None)


def test_the_daemon_may_mark_too(reviews: Reviews, visit: Visit, writer: Writer) -> None:
    store(writer, Mark(visit.rep_id, "Kim", "", at(5), b"frames"), Mark(uuid4(), "Kim", "", at(5)))
    assert [(mark.rep_id, mark.has_frames) for mark in reviews.marks()] == [(visit.rep_id, True)]
    assert writer.problem is None


def test_a_trace_is_read_back_rounded_to_what_the_mat_feels(
    reviews: Reviews, visit: Visit, writer: Writer
) -> None:
    document = {"t_s": [-1.0, 0.05], "rows_pct": {"asis": [1.23456, nan]}, "phase": ["ready"]}
    trace = RepTrace(visit.rep_id, document, at(9))
    store(writer, trace, trace, RepTrace(uuid4(), document, at(9)))
    assert reviews.trace(visit.rep_id) == {
        "t_s": [-1.0, 0.05],
        "rows_pct": {"asis": [1.2, None]},
        "phase": ["ready"],
    }
    assert reviews.trace(uuid4()) is None
    assert writer.problem is None


@given(st.lists(st.floats(-1000, 1000) | st.sampled_from([nan, inf, -inf]), max_size=40))
def test_a_packed_trace_is_the_trace_to_a_tenth(values: list[float]) -> None:
    document = {"t_s": values, "rows_pct": {"chest": values}, "top_s": 1.005, "side": "left"}
    found = unpack_trace(pack_trace(document))
    for given_value, second, pct in zip(
        values, found["t_s"], found["rows_pct"]["chest"], strict=True
    ):
        if isfinite(given_value):
            assert second == pytest.approx(given_value, abs=0.0051)
            assert pct == pytest.approx(given_value, abs=0.051)
        else:
            assert (second, pct) == (None, None)
    assert found["side"] == "left"


def test_what_a_trainer_made_of_a_proposal_is_kept(reviews: Reviews, path: Path) -> None:
    with closing(People(path)) as people:
        member = people.create({"name": "Anna"})
    reviews.decide(member.id, "Kim", "both", "single", "  her back  ")
    reviews.decide(member.id, "Lou", "both", "both")
    last, first = reviews.decisions(member.id)
    assert (first.by, first.proposal, first.decision, first.note) == (
        "Kim",
        "both",
        "single",
        "her back",
    )
    assert (last.by, last.note) == ("Lou", "")


def test_what_is_not_there_is_one_sentence(reviews: Reviews, visit: Visit) -> None:
    for ask in (
        lambda: reviews.correct(uuid4(), "arch", "Kim"),
        lambda: reviews.mark(uuid4(), "Kim", ""),
        lambda: reviews.decide(uuid4(), "Kim", "both", "both"),
    ):
        with pytest.raises(StoreError, match="there is no such"):
            ask()
    with pytest.raises(ValueError, match="Choose one of glute, arch, unsure"):
        reviews.correct(visit.rep_id, "splendid", "Kim")
