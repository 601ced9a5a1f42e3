"""What the pages read of the sessions, as plain frozen objects. Reading never delays the writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, selectinload

from device.core.types import Verdict
from device.errors import StoreError
from device.store.database import connect, store_error
from device.store.schema import RepRow, SessionRow, SetRow


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
    """One set with its reps in order."""

    id: UUID
    number: int
    started_utc: datetime
    ended_utc: datetime | None
    reps: tuple[StoredRep, ...]


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of a list of sessions. `position` rises from session to session, whatever the clock
    did. `simulated` is true for anything but the mat itself."""

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
    clean: int


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A whole session."""

    summary: SessionSummary
    sets: tuple[StoredSet, ...]


class History:
    """The stored sessions, read only, from any thread. The file may come to be later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = connect(path, read_only=True)

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    def sessions(
        self, limit: int = 50, before: int | None = None, simulated: bool = True
    ) -> tuple[SessionSummary, ...]:
        """The latest sessions, newest first; `before` a position, for the page after.

        Without `simulated` only those of the mat itself.
        """
        query = _summaries().order_by(SessionRow.position.desc()).limit(limit)
        if before is not None:
            query = query.where(SessionRow.position < before)
        if not simulated:
            query = query.where(SessionRow.source == "mat")
        with self._reading() as session:
            return tuple(
                _summary(row, sets, reps, clean)
                for row, sets, reps, clean in session.execute(query)
            )

    def session(self, session_id: UUID) -> StoredSession | None:
        """One session with all its sets and reps; None if there is no such session."""
        query = _summaries().where(SessionRow.id == session_id)
        sets = (
            select(SetRow)
            .where(SetRow.session_id == session_id)
            .order_by(SetRow.number)
            .options(selectinload(SetRow.reps))
        )
        with self._reading() as session:
            row = session.execute(query).one_or_none()
            if row is None:
                return None
            return StoredSession(
                _summary(*row), tuple(stored_set(item) for item in session.scalars(sets))
            )

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        if not self._path.exists():
            raise StoreError(f"nothing is stored yet in {self._path}; start the daemon once.")
        try:
            with Session(self._engine) as session:
                yield session
        except DatabaseError as error:
            raise store_error(self._path, error) from None


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
    return StoredSet(row.id, row.number, row.started_utc, row.ended_utc, reps)


def _summaries() -> Select[SessionRow, int, int, int]:
    clean = case((RepRow.verdict == Verdict.GLUTE.value, 1))
    return (
        select(
            SessionRow,
            func.count(SetRow.id.distinct()),
            func.count(RepRow.id),
            func.count(clean),
        )
        .outerjoin(SetRow, SetRow.session_id == SessionRow.id)
        .outerjoin(RepRow, RepRow.set_id == SetRow.id)
        .group_by(SessionRow.id)
    )


def _summary(row: SessionRow, sets: int, reps: int, clean: int) -> SessionSummary:
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
        sets=sets,
        reps=reps,
        clean=clean,
    )
