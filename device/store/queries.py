"""What the pages read of the sessions, as plain frozen objects. Reading never delays the writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from device.store.access import Reader
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow


@dataclass(frozen=True, slots=True)
class StoredRep:
    """One rep; see `device.core.types.Rep` for what the fields mean. `numbers` may lack a value."""

    id: UUID
    number: int
    ended_utc: datetime
    side: str
    verdict: str
    confidence: float
    start_s: float
    top_s: float
    end_s: float
    at_s: float
    lift_s: float
    hold_s: float
    lower_s: float
    faults: tuple[str, ...]
    numbers: Mapping[str, float | None]
    reason: str


@dataclass(frozen=True, slots=True)
class StoredSet:
    """One set with its reps in order, and what counts as clean in it (None: as usual)."""

    id: UUID
    number: int
    started_utc: datetime
    ended_utc: datetime | None
    reps: tuple[StoredRep, ...]
    strictness: str | None = None


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of a list of sessions. `position` rises from session to session, whatever the clock
    did. `simulated` is true for anything but the mat itself. `judged` and `clean` are counted by
    each set's strictness, and by a trainer's verdict where there is one."""

    id: UUID
    position: int
    member_id: UUID | None
    source: str
    simulated: bool
    calibrated: bool
    state: str
    started_utc: datetime
    ended_utc: datetime | None
    duration_s: float
    sets: int
    reps: int
    judged: int
    clean: int
    variation: str | None
    strictness: str | None
    weight_noticed: bool | None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A whole session; `plan` is what was trained, as plain JSON, if a plan was kept."""

    summary: SessionSummary
    sets: tuple[StoredSet, ...]
    plan: Mapping[str, Any] | None


class History(Reader):
    """The stored sessions in the database at `path`, from any thread."""

    def sessions(
        self,
        limit: int = 50,
        before: int | None = None,
        simulated: bool = True,
        member_id: UUID | None = None,
        guests: bool = False,
        since_utc: datetime | None = None,
        until_utc: datetime | None = None,
    ) -> tuple[SessionSummary, ...]:
        """The latest sessions, newest first; `before` a position, for the page after.

        Without `simulated` only those of the mat itself; `guests` only those of nobody in
        particular; from `since_utc` on, and before `until_utc`.
        """
        query = _summaries().order_by(SessionRow.position.desc()).limit(limit)
        if before is not None:
            query = query.where(SessionRow.position < before)
        if not simulated:
            query = query.where(SessionRow.source == "mat")
        if member_id is not None:
            query = query.where(SessionRow.member_id == member_id)
        if guests:
            query = query.where(SessionRow.member_id.is_(None))
        if since_utc is not None:
            query = query.where(SessionRow.started_utc >= since_utc)
        if until_utc is not None:
            query = query.where(SessionRow.started_utc < until_utc)
        with self.reading() as session:
            return tuple(_summary(row, sums) for row, sums in session.execute(query))

    def session(self, session_id: UUID) -> StoredSession | None:
        """One session with all its sets and reps; None if there is no such session."""
        query = _summaries().where(SessionRow.id == session_id)
        sets = (
            select(SetRow)
            .where(SetRow.session_id == session_id)
            .order_by(SetRow.number)
            .options(selectinload(SetRow.reps))
        )
        with self.reading() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            row, sums = found
            stored = tuple(stored_set(item) for item in session.scalars(sets))
            return StoredSession(_summary(row, sums), stored, row.plan)


def stored_rep(row: RepRow) -> StoredRep:
    """The rep of a row."""
    return StoredRep(
        id=row.id,
        number=row.number,
        ended_utc=row.ended_utc,
        side=row.side,
        verdict=row.verdict,
        confidence=row.confidence,
        start_s=row.start_s,
        top_s=row.top_s,
        end_s=row.end_s,
        at_s=row.at_s,
        lift_s=row.lift_s,
        hold_s=row.hold_s,
        lower_s=row.lower_s,
        faults=tuple(row.faults),
        numbers=row.numbers,
        reason=row.reason,
    )


def stored_set(row: SetRow) -> StoredSet:
    """The set of a row, with its reps."""
    reps = tuple(stored_rep(rep) for rep in row.reps)
    return StoredSet(row.id, row.number, row.started_utc, row.ended_utc, reps, row.strictness)


def _summaries() -> Select[SessionRow, TotalsRow]:
    return select(SessionRow, TotalsRow).join(TotalsRow, TotalsRow.session_id == SessionRow.id)


def _summary(row: SessionRow, sums: TotalsRow) -> SessionSummary:
    return SessionSummary(
        id=row.id,
        position=row.position,
        member_id=row.member_id,
        source=row.source,
        simulated=row.source != "mat",
        calibrated=row.calibrated,
        state=row.state,
        started_utc=row.started_utc,
        ended_utc=row.ended_utc,
        duration_s=row.duration_s,
        sets=sums.sets,
        reps=sums.reps,
        judged=sums.left_judged + sums.right_judged + sums.both_judged,
        clean=sums.left_clean + sums.right_clean + sums.both_clean,
        variation=row.variation,
        strictness=row.strictness,
        weight_noticed=row.weight_noticed,
    )
