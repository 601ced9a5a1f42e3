"""Sessions as tables and as documents for other programs, one at a time, so that ten years of them
need no more memory than one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from device.store.access import Reader
from device.store.member_export import plain
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow
from device.store.schema_people import CorrectionRow, MemberRow

SESSION_COLUMNS = (
    "session_id",
    "position",
    "started_utc",
    "ended_utc",
    "duration_s",
    "source",
    "state",
    "calibrated",
    "member_id",
    "variation",
    "strictness",
    "sets",
    "reps",
    "judged",
    "clean",
)
REP_COLUMNS = (
    "session_id",
    "member_id",
    "source",
    "set",
    "rep",
    "ended_utc",
    "side",
    "verdict",
    "corrected_verdict",
    "confidence",
    "lift_s",
    "hold_s",
    "lower_s",
    "faults",
    "reason",
)
NAME_COLUMN = "member_name"
BITE = 40
"""Sessions read at once; the first of them are there at once."""
NO_NAME = ""

Rows = Sequence[tuple[SessionRow, TotalsRow]]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: from `since_utc` on and before `until_utc`, of one member or of all, and with
    `simulated` also what was demonstrated or replayed."""

    since_utc: datetime | None = None
    until_utc: datetime | None = None
    member_id: UUID | None = None
    simulated: bool = False


class Exports(Reader):
    """What is stored in the database at `path`, as plain values for CSV and JSON. Times are ISO
    8601 in UTC; nothing is rounded."""

    def count(self, wanted: Wanted) -> int:
        """How many sessions there are."""
        query = select(func.count()).select_from(SessionRow).where(*_conditions(wanted))
        with self.reading() as session:
            return int(session.scalar(query) or 0)

    def sessions(self, wanted: Wanted, names: bool = False) -> Iterator[dict[str, Any]]:
        """Sessions in their order with the columns of `SESSION_COLUMNS`; `names` adds members'."""

        def made(session: Session, rows: Rows) -> list[dict[str, Any]]:
            known = _names(session, rows) if names else None
            return [_session(row, sums, known) for row, sums in rows]

        return self._in_bites(wanted, made)

    def documents(self, wanted: Wanted, names: bool = False) -> Iterator[dict[str, Any]]:
        """The same with `rep_list`: each rep with the columns of `REP_COLUMNS` and its numbers."""

        def made(session: Session, rows: Rows) -> list[dict[str, Any]]:
            known = _names(session, rows) if names else None
            by_session = _reps(session, rows)
            documents = []
            for row, sums in rows:
                reps = [
                    _rep(row, rep, number, corrected, None)
                    | {"faults": rep.faults, "numbers": rep.numbers}
                    for rep, number, corrected in by_session.get(row.id, ())
                ]
                documents.append(_session(row, sums, known) | {"rep_list": reps})
            return documents

        return self._in_bites(wanted, made)

    def reps(self, wanted: Wanted, names: bool = False) -> Iterator[list[dict[str, Any]]]:
        """The reps of each session in its order, with the columns of `REP_COLUMNS`."""

        def made(session: Session, rows: Rows) -> list[list[dict[str, Any]]]:
            known = _names(session, rows) if names else None
            by_session = _reps(session, rows)
            return [
                [
                    _rep(row, rep, number, corrected, known)
                    for rep, number, corrected in by_session.get(row.id, ())
                ]
                for row, _ in rows
            ]

        return self._in_bites(wanted, made)

    def _in_bites(
        self, wanted: Wanted, make: Callable[[Session, Rows], list[Made]]
    ) -> Iterator[Made]:
        """What is made of some sessions at a time. Nothing is read while somebody takes it: who
        takes long would keep the database's log from being cut."""
        last = -1
        while True:
            query = (
                select(SessionRow, TotalsRow)
                .join(TotalsRow, TotalsRow.session_id == SessionRow.id)
                .where(SessionRow.position > last, *_conditions(wanted))
                .order_by(SessionRow.position)
                .limit(BITE)
            )
            with self.reading() as session:
                rows = [(row, sums) for row, sums in session.execute(query)]
                if not rows:
                    return
                last = rows[-1][0].position
                made = make(session, rows)
            yield from made


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since_utc is not None:
        conditions.append(SessionRow.started_utc >= wanted.since_utc)
    if wanted.until_utc is not None:
        conditions.append(SessionRow.started_utc < wanted.until_utc)
    if wanted.member_id is not None:
        conditions.append(SessionRow.member_id == wanted.member_id)
    if not wanted.simulated:
        conditions.append(SessionRow.source == "mat")
    return conditions


def _names(session: Session, rows: Sequence[tuple[SessionRow, TotalsRow]]) -> dict[UUID, str]:
    wanted = {row.member_id for row, _ in rows if row.member_id is not None}
    query = select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(wanted))
    return {row.id: row.name for row in session.execute(query)}


def _reps(session: Session, rows: Rows) -> dict[UUID, list[tuple[RepRow, int, str | None]]]:
    query = (
        select(SetRow.session_id, RepRow, SetRow.number, CorrectionRow.verdict)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .outerjoin(CorrectionRow, CorrectionRow.rep_id == RepRow.id)
        .where(SetRow.session_id.in_([row.id for row, _ in rows]))
        .order_by(SetRow.number, RepRow.number)
    )
    found: dict[UUID, list[tuple[RepRow, int, str | None]]] = {}
    for session_id, rep, number, corrected in session.execute(query):
        found.setdefault(session_id, []).append((rep, number, corrected))
    return found


def _session(row: SessionRow, sums: TotalsRow, names: dict[UUID, str] | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "session_id": row.id,
        "sets": sums.sets,
        "reps": sums.reps,
        "judged": sums.left_judged + sums.right_judged + sums.both_judged,
        "clean": sums.left_clean + sums.right_clean + sums.both_clean,
    }
    found = {
        column: plain(values[column] if column in values else getattr(row, column))
        for column in SESSION_COLUMNS
    }
    return found | _name(row, names)


def _rep(
    row: SessionRow,
    rep: RepRow,
    set_number: int,
    corrected: str | None,
    names: dict[UUID, str] | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "session_id": row.id,
        "member_id": row.member_id,
        "source": row.source,
        "set": set_number,
        "rep": rep.number,
        "corrected_verdict": corrected,
        "faults": " ".join(rep.faults),
    }
    found = {
        column: plain(values[column] if column in values else getattr(rep, column))
        for column in REP_COLUMNS
    }
    return found | _name(row, names)


def _name(row: SessionRow, names: dict[UUID, str] | None) -> dict[str, str]:
    if names is None:
        return {}
    return {NAME_COLUMN: NO_NAME if row.member_id is None else names.get(row.member_id, NO_NAME)}
