"""Everything that is stored of one member, as a plain document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from device.store.schema import Base, RepRow, SessionRow, SetRow, TraceRow
from device.store.schema_people import (
    CorrectionRow,
    DecisionRow,
    MarkRow,
    MemberRow,
    ProgrammeRow,
)
from device.store.traces import unpack_trace

INNER = frozenset({"last_utc", "last_monotonic_s", "last_boot_id"})
"""Columns that say something about the machine, nothing about the member."""


def member_head(session: Session, member_id: UUID) -> dict[str, Any]:
    """The member with programme and decisions: all but the sessions."""
    decisions = select(DecisionRow).where(DecisionRow.member_id == member_id)
    programme = session.get(ProgrammeRow, member_id)
    member = session.get_one(MemberRow, member_id)
    return {
        "member": row_document(member),
        "programme": None if programme is None else row_document(programme),
        "decisions": _documents(session.scalars(decisions.order_by(DecisionRow.at_utc))),
    }


def session_ids(session: Session, member_id: UUID) -> tuple[UUID, ...]:
    """The member's sessions in their order."""
    query = select(SessionRow.id).where(SessionRow.member_id == member_id)
    return tuple(session.scalars(query.order_by(SessionRow.position)))


def session_document(session: Session, session_id: UUID) -> dict[str, Any] | None:
    """One session with its sets, reps, their traces and what was said of them; None if it has gone
    meanwhile."""
    row = session.get(SessionRow, session_id)
    return None if row is None else _session(session, row)


def row_document(row: Base) -> dict[str, Any]:
    """The columns of a row for JSON: times in ISO 8601 with their zone, ids as text."""
    columns = (attribute.key for attribute in inspect(type(row)).column_attrs)
    return {key: plain(getattr(row, key)) for key in columns if key not in INNER}


def plain(value: Any) -> Any:
    """A value of a column for JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    return str(value) if isinstance(value, UUID) else value


def _documents(rows: Iterable[Base]) -> list[dict[str, Any]]:
    return [row_document(row) for row in rows]


def _session(session: Session, row: SessionRow) -> dict[str, Any]:
    reps = (
        select(RepRow, CorrectionRow, MarkRow, TraceRow)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .outerjoin(CorrectionRow, CorrectionRow.rep_id == RepRow.id)
        .outerjoin(MarkRow, MarkRow.rep_id == RepRow.id)
        .outerjoin(TraceRow, TraceRow.rep_id == RepRow.id)
        .where(SetRow.session_id == row.id)
        .order_by(SetRow.number, RepRow.number)
    )
    by_set: dict[UUID, list[dict[str, Any]]] = {}
    for rep, correction, mark, trace in session.execute(reps):
        document = row_document(rep)
        document["correction"] = None if correction is None else row_document(correction)
        document["mark"] = None if mark is None else row_document(mark)
        document["trace"] = None if trace is None else unpack_trace(trace.document)
        by_set.setdefault(rep.set_id, []).append(document)
    sets = [{**row_document(one), "reps": by_set.get(one.id, [])} for one in row.sets]
    return {**row_document(row), "sets": sets}
