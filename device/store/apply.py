"""What each record does to the tables. Applying a record again changes nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from device.core.types import NUMBER_DIGITS
from device.store.records import (
    CalibrationUsed,
    EquipmentNoted,
    Mark,
    Moment,
    PlanChanged,
    Record,
    RepDone,
    RepTrace,
    SafetyAcknowledged,
    SessionBegun,
    SessionEnded,
    SetBegun,
    SetEnded,
    WeightNoticed,
)
from device.store.rules import expire_some
from device.store.schema import CalibrationRow, RepRow, SessionRow, SetRow, TotalsRow, TraceRow
from device.store.schema_gym import EquipmentRow
from device.store.schema_people import MarkFramesRow, MarkRow, MemberRow
from device.store.totals import add_rep, begin_totals, strictness_of
from device.store.traces import pack_trace


def apply_record(session: Session, record: Record) -> None:
    """Put one record into the tables, within the caller's transaction."""
    match record:
        case CalibrationUsed():
            _calibration(session, record)
        case SessionBegun():
            _begin_session(session, record)
        case PlanChanged():
            _change_plan(session, record)
        case WeightNoticed():
            if (noticed := session.get(SessionRow, record.session_id)) is not None:
                noticed.weight_noticed = record.noticed
        case SafetyAcknowledged():
            if (member := session.get(MemberRow, record.member_id)) is not None:
                member.acknowledged_utc = record.at.utc
        case SetBegun():
            _begin_set(session, record)
        case RepDone():
            _add_rep(session, record)
        case RepTrace():
            _add_trace(session, record)
        case Mark():
            set_mark(session, record.rep_id, record.by, record.note, record.at.utc, record.raw)
        case EquipmentNoted():
            note_equipment(session, record.id, record.kind, record.document, record.at.utc)
        case SetEnded():
            row = session.get(SetRow, record.id)
            if row is not None:
                row.ended_utc = record.at.utc
            _heard_of(session, record.session_id, record.at)
        case SessionEnded():
            _end_session(session, record)
    session.flush()


def _calibration(session: Session, record: CalibrationUsed) -> None:
    known = select(CalibrationRow).where(CalibrationRow.digest == record.digest)
    if session.scalar(known) is None:
        session.add(
            CalibrationRow(
                id=record.id,
                digest=record.digest,
                name=record.name,
                first_used_utc=record.at.utc,
                document=dict(record.document),
            )
        )


def _begin_session(session: Session, record: SessionBegun) -> None:
    if session.get(SessionRow, record.id) is not None:
        return
    member_id = record.member_id
    if member_id is not None and session.get(MemberRow, member_id) is None:
        # Deleted since they came: then it is a guest's.
        member_id = None
    by_digest = select(CalibrationRow.id).where(CalibrationRow.digest == record.calibration_digest)
    last = session.scalar(select(func.max(SessionRow.position)))
    session.add(
        SessionRow(
            id=record.id,
            position=(last or 0) + 1,
            member_id=member_id,
            source=record.source,
            state="open",
            calibrated=record.calibration_digest is not None,
            calibration_id=session.scalar(by_digest),
            started_utc=record.at.utc,
            duration_s=0.0,
            last_utc=record.at.utc,
            last_monotonic_s=record.at.monotonic_s,
            last_boot_id=record.at.boot_id,
            **_planned(record.plan),
        )
    )
    session.add(begin_totals(record.id, record.source, record.at.utc))


def _planned(plan: Mapping[str, Any] | None) -> dict[str, Any]:
    if plan is None:
        return {"plan": None, "variation": None, "strictness": None}
    return {
        "plan": dict(plan),
        "variation": plan.get("variation"),
        "strictness": plan.get("strictness"),
    }


def _change_plan(session: Session, record: PlanChanged) -> None:
    row = session.get(SessionRow, record.session_id)
    if row is None:
        return
    for field, value in _planned(record.plan).items():
        setattr(row, field, value)


def _begin_set(session: Session, record: SetBegun) -> None:
    if session.get(SetRow, record.id) is None:
        row = session.get(SessionRow, record.session_id)
        session.add(
            SetRow(
                id=record.id,
                session_id=record.session_id,
                number=record.number,
                started_utc=record.at.utc,
                strictness=None if row is None else row.strictness,
            )
        )
        session.flush()
        if (totals := session.get(TotalsRow, record.session_id)) is not None:
            totals.sets += 1
    _heard_of(session, record.session_id, record.at)


def _add_rep(session: Session, record: RepDone) -> None:
    if session.get(RepRow, record.id) is None:
        rep = _rep_row(record)
        session.add(rep)
        # A rep that contradicts what is stored is found out before it is counted.
        session.flush()
        row = session.get(SetRow, record.set_id)
        totals = session.get(TotalsRow, record.session_id)
        if row is not None and totals is not None:
            add_rep(totals, strictness_of(row), rep)
    _heard_of(session, record.session_id, record.at)


def _add_trace(session: Session, record: RepTrace) -> None:
    known = session.get(TraceRow, record.rep_id) is not None
    if known or session.get(RepRow, record.rep_id) is None:
        return
    document = pack_trace(record.document)
    session.add(TraceRow(rep_id=record.rep_id, at_utc=record.at.utc, document=document))


def set_mark(
    session: Session, rep_id: UUID, by: str, note: str, at_utc: datetime, raw: bytes | None
) -> bool:
    """Mark a rep, in place of the mark there was; raw frames stay unless there are others.

    False if there is no such rep (any more).
    """
    if session.get(RepRow, rep_id) is None:
        return False
    mark = session.get(MarkRow, rep_id)
    if mark is None:
        session.add(MarkRow(rep_id=rep_id, by=by, note=note, at_utc=at_utc))
        session.flush()
    else:
        mark.by, mark.note, mark.at_utc = by, note, at_utc
    if raw is not None:
        frames = session.get(MarkFramesRow, rep_id)
        if frames is None:
            session.add(MarkFramesRow(rep_id=rep_id, raw=raw))
        else:
            frames.raw = raw
    return True


def note_equipment(
    session: Session, row_id: UUID, kind: str, document: Mapping[str, Any], at_utc: datetime
) -> None:
    """Keep what was found of the mat."""
    if session.get(EquipmentRow, row_id) is not None:
        return
    last = session.scalar(select(func.max(EquipmentRow.position)))
    session.add(
        EquipmentRow(
            id=row_id,
            position=(last or 0) + 1,
            at_utc=at_utc,
            kind=kind,
            document=dict(document),
        )
    )


def _end_session(session: Session, record: SessionEnded) -> None:
    row = session.get(SessionRow, record.id)
    if row is None or row.state != "open":
        return
    if record.interrupted:
        # Nobody saw the end: the session lasted as long as it was heard of.
        row.state, row.ended_utc = "interrupted", row.last_utc
    else:
        _heard_of(session, record.id, record.at)
        row.state, row.ended_utc = "ended", record.at.utc
    for exercise_set in row.sets:
        if exercise_set.ended_utc is None:
            exercise_set.ended_utc = row.ended_utc
    session.flush()
    expire_some(session, record.at.utc)


def _heard_of(session: Session, session_id: object, at: Moment) -> None:
    row = session.get(SessionRow, session_id)
    if row is None:
        return
    if at.boot_id == row.last_boot_id:
        row.duration_s += max(at.monotonic_s - row.last_monotonic_s, 0.0)
        row.last_monotonic_s = max(at.monotonic_s, row.last_monotonic_s)
    else:
        row.last_boot_id, row.last_monotonic_s = at.boot_id, at.monotonic_s
    row.last_utc = at.utc


def _rep_row(record: RepDone) -> RepRow:
    rep = record.rep
    return RepRow(
        id=record.id,
        set_id=record.set_id,
        number=record.number,
        ended_utc=record.at.utc,
        side=rep.side.value,
        verdict=rep.verdict.value,
        confidence=rep.confidence,
        start_s=rep.start_s,
        top_s=rep.top_s,
        end_s=rep.end_s,
        at_s=rep.at_s,
        lift_s=rep.lift_s,
        hold_s=rep.hold_s,
        lower_s=rep.lower_s,
        faults=[fault.value for fault in rep.faults],
        numbers={
            key: round(float(value), NUMBER_DIGITS) if math.isfinite(value) else None
            for key, value in rep.numbers.items()
        },
        reason=rep.reason,
    )
