"""Turns what the coach decides into records for the store, and takes an open session up again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

from device.coach.events import (
    By,
    CoachEvent,
    Counted,
    PlanChanged,
    SessionEnded,
    SessionStarted,
    SetEnded,
    SetStarted,
    VisitChanged,
)
from device.coach.programme import Strictness
from device.coach.tally import ExerciseSet, Tally
from device.coach.trainee import GUEST, Member, Trainee
from device.coach.wire import plan_from, plan_json
from device.core.types import Fault, PostureEvent, Rep, Side, Verdict
from device.errors import FieldError
from device.store import records
from device.store.queries import StoredRep, StoredSet
from device.store.records import Moment, Record
from device.store.resume import OpenSession

RESUMED_SOURCES = ("mat", "demo")
"""A recording that is replayed anew begins at its beginning, so it begins a session."""
WEIGHT_SURE = 0.5
"""The chance of an ankle weight, as the resting feet tell it, from which one is noticed."""


class Logbook:
    """Gives sessions, sets and reps their ids, and says what is to be written of them."""

    def __init__(self, source: str, calibration_digest: str | None) -> None:
        self._source = source
        self._digest = calibration_digest
        self._session_id: UUID | None = None
        self._set_id: UUID | None = None
        self._weights: list[bool] = []

    def use(self, calibration_digest: str | None) -> None:
        """Sessions that begin from now on are of this calibration."""
        self._digest = calibration_digest

    @property
    def session_id(self) -> UUID | None:
        """The session that is open."""
        return self._session_id

    def resume(
        self, found: Sequence[OpenSession], now: Moment, resume_within_s: float
    ) -> tuple[Tally | None, Trainee, list[Record]]:
        """Take up the newest of the open sessions if it is recent and of this source.

        Returns where it stands (None if there is none), whose it is, and what is to be written: all
        others are closed as interrupted. The member's name is not stored with a session.
        """
        tally, trainee = None, GUEST
        left = list(found)
        if left and self._resumable(left[0], now, resume_within_s):
            session = left.pop(0)
            self._session_id = session.id
            tally, trainee = Tally(), _trainee(session)
            if session.sets:
                last = session.sets[-1]
                self._set_id = last.id
                *earlier, present = map(_exercise_set, session.sets)
                tally = Tally(
                    present.number,
                    present.reps,
                    last.ended_utc is None,
                    present.strictness,
                    tuple(earlier),
                )
        return tally, trainee, [records.SessionEnded(one.id, now, interrupted=True) for one in left]

    def note(self, event: CoachEvent, at: Moment) -> list[Record]:
        """What is to be written of an event of the coach."""
        noted = list(self._records(event, at))
        if isinstance(event, SessionEnded):
            self._session_id = self._set_id = None
        return noted

    def lies(self, event: PostureEvent) -> None:
        """How the body lies at rest: whether it wears an ankle weight."""
        chance = event.numbers.get("ankle_weight")
        if chance is not None and self._session_id is not None:
            self._weights.append(chance >= WEIGHT_SURE)

    def _resumable(self, session: OpenSession, now: Moment, within_s: float) -> bool:
        same = session.source == self._source and self._source in RESUMED_SOURCES
        return same and 0 <= session.age_s(now) <= within_s

    def _records(self, event: CoachEvent, at: Moment) -> Iterator[Record]:
        if isinstance(event, VisitChanged):
            if event.answered and event.member is not None and event.by is By.PERSON:
                yield records.SafetyAcknowledged(event.member.id, at)
            return
        if isinstance(event, SessionStarted):
            self._session_id, self._set_id, self._weights = uuid4(), None, []
            yield records.SessionBegun(
                self._session_id,
                self._source,
                self._digest,
                at,
                member_id=None if event.member is None else event.member.id,
                plan=None if event.plan is None else plan_json(event.plan),
            )
            return
        session_id = self._session_id
        if session_id is None:
            return
        match event:
            case SetStarted():
                self._set_id = uuid4()
                yield records.SetBegun(self._set_id, session_id, event.number, at)
            case Counted() if self._set_id is not None:
                yield records.RepDone(
                    uuid4(), session_id, self._set_id, event.number, event.rep, at
                )
            case SetEnded() if self._set_id is not None:
                yield records.SetEnded(self._set_id, session_id, at)
            case PlanChanged() if event.plan is not None and not event.from_next_set:
                yield records.PlanChanged(session_id, plan_json(event.plan))
            case SessionEnded():
                if self._weights:
                    # Most of the times that it lay still: one reading may be a foot off its strip.
                    noticed = 2 * sum(self._weights) > len(self._weights)
                    yield records.WeightNoticed(session_id, noticed)
                yield records.SessionEnded(session_id, at)


def _trainee(session: OpenSession) -> Trainee:
    """Whose session it is, and what is trained in it."""
    try:
        plan = None if session.plan is None else plan_from(session.plan)
    except FieldError:
        # Written by another version of the program: the mat's own plan serves as well.
        plan = None
    member = None if session.member_id is None else Member(session.member_id, "")
    return Trainee(member=member, acknowledged=True, plan=plan)


def _exercise_set(stored: StoredSet) -> ExerciseSet:
    """The set as it was trained."""
    strictness = Strictness.NORMAL if stored.strictness is None else Strictness(stored.strictness)
    return ExerciseSet(stored.number, tuple(map(_rep, stored.reps)), strictness)


def _rep(stored: StoredRep) -> Rep:
    """The rep as the core once gave it. Its times are those of the run that saw it."""
    return Rep(
        at_s=stored.at_s,
        side=Side(stored.side),
        verdict=Verdict(stored.verdict),
        confidence=stored.confidence,
        start_s=stored.start_s,
        top_s=stored.top_s,
        end_s=stored.end_s,
        lift_s=stored.lift_s,
        hold_s=stored.hold_s,
        lower_s=stored.lower_s,
        faults=tuple(Fault(fault) for fault in stored.faults),
        numbers={
            key: math.nan if value is None else value for key, value in stored.numbers.items()
        },
        reason=stored.reason,
    )
