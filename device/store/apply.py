"""What each record does to the tables. Applying a record again changes nothing."""

from __future__ import annotations

import math

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from device.store.records import (
    CalibrationUsed,
    Moment,
    Record,
    RepDone,
    SessionBegun,
    SessionEnded,
    SetBegun,
    SetEnded,
)
from device.store.schema import CalibrationRow, RepRow, SessionRow, SetRow


def apply_record(session: Session, record: Record) -> None:
    """Put one record into the tables, within the caller's transaction."""
    match record:
        case CalibrationUsed():
            _calibration(session, record)
        case SessionBegun():
            _begin_session(session, record)
        case SetBegun():
            if session.get(SetRow, record.id) is None:
                session.add(
                    SetRow(
                        id=record.id,
                        session_id=record.session_id,
                        number=record.number,
                        started_utc=record.at.utc,
                    )
                )
            _heard_of(session, record.session_id, record.at)
        case RepDone():
            if session.get(RepRow, record.id) is None:
                session.add(_rep_row(record))
            _heard_of(session, record.session_id, record.at)
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
    by_digest = select(CalibrationRow.id).where(CalibrationRow.digest == record.calibration_digest)
    last = session.scalar(select(func.max(SessionRow.position)))
    session.add(
        SessionRow(
            id=record.id,
            position=(last or 0) + 1,
            member_id=record.member_id,
            source=record.source,
            state="open",
            calibrated=record.calibration_digest is not None,
            calibration_id=session.scalar(by_digest),
            started_utc=record.at.utc,
            duration_s=0.0,
            last_utc=record.at.utc,
            last_monotonic_s=record.at.monotonic_s,
            last_boot_id=record.at.boot_id,
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
            key: float(value) if math.isfinite(value) else None
            for key, value in rep.numbers.items()
        },
        reason=rep.reason,
    )
