"""What a session adds up to, kept up with every rep and made anew when a trainer corrects one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from device.coach.programme import Strictness
from device.core.types import Fault, Verdict
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow
from device.store.schema_people import CorrectionRow


def begin_totals(session_id: UUID, source: str, started_utc: datetime) -> TotalsRow:
    """Totals of a session without reps. Its day and hour are those of the machine's time zone."""
    local = started_utc.astimezone()
    return TotalsRow(
        session_id=session_id,
        source=source,
        day=local.toordinal(),
        hour=local.hour,
        sets=0,
        reps=0,
        left_judged=0,
        left_clean=0,
        right_judged=0,
        right_clean=0,
        both_judged=0,
        both_clean=0,
        lift_s=0.0,
        hold_s=0.0,
        lower_s=0.0,
        faults={},
    )


def add_rep(
    totals: TotalsRow,
    strictness: Strictness,
    rep: RepRow,
    corrected: str | None = None,
) -> None:
    """Count a rep, by a trainer's verdict where there is one."""
    verdict = Verdict(corrected or rep.verdict)
    totals.reps += 1
    totals.lift_s += rep.lift_s
    totals.hold_s += rep.hold_s
    totals.lower_s += rep.lower_s
    for counter, counts in (
        (f"{rep.side}_judged", strictness.judges(verdict)),
        (f"{rep.side}_clean", strictness.is_clean(verdict, known_faults(rep.faults))),
    ):
        setattr(totals, counter, getattr(totals, counter) + counts)
    # A new mapping: what changes within one is not seen.
    totals.faults = totals.faults | {
        fault: totals.faults.get(fault, 0) + 1 for fault in set(rep.faults)
    }


def count_anew(session: Session, session_id: UUID) -> None:
    """Make a session's totals from its reps, after one was corrected."""
    row = session.get(SessionRow, session_id)
    if row is None:
        return
    old = session.get(TotalsRow, session_id)
    fresh = begin_totals(row.id, row.source, row.started_utc)
    if old is not None:
        fresh.day, fresh.hour = old.day, old.hour
        session.delete(old)
        session.flush()
    reps = (
        select(RepRow, SetRow, CorrectionRow.verdict)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .outerjoin(CorrectionRow, CorrectionRow.rep_id == RepRow.id)
        .where(SetRow.session_id == session_id)
    )
    fresh.sets = len(row.sets)
    for rep, of_set, corrected in session.execute(reps):
        add_rep(fresh, strictness_of(of_set), rep, corrected)
    session.add(fresh)


def strictness_of(row: SetRow) -> Strictness:
    """By what a set's lifts are counted."""
    return Strictness.NORMAL if row.strictness is None else Strictness(row.strictness)


def known_faults(faults: Sequence[str]) -> frozenset[Fault]:
    """The faults that this program knows."""
    return frozenset(Fault(fault) for fault in Fault if fault.value in faults)
