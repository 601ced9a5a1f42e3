"""What trainers say of reps and members: corrected verdicts, marks, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from device.core.types import Verdict
from device.errors import StoreError
from device.store import fields
from device.store.access import Editor
from device.store.apply import set_mark
from device.store.schema import RepRow, SessionRow, SetRow, TraceRow
from device.store.schema_people import (
    CorrectionRow,
    DecisionRow,
    MarkFramesRow,
    MarkRow,
    MemberRow,
)
from device.store.totals import count_anew
from device.store.traces import unpack_trace


@dataclass(frozen=True, slots=True)
class Correction:
    """A trainer's verdict on a rep, beside the program's own."""

    rep_id: UUID
    verdict: Verdict
    by: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class RepMark:
    """A rep that the maintainers are to look at; `has_frames` if its raw frames are kept."""

    rep_id: UUID
    session_id: UUID
    by: str
    note: str
    at_utc: datetime
    has_frames: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a trainer made of a proposal of the rule."""

    at_utc: datetime
    by: str
    proposal: str
    decision: str
    note: str


class Reviews(Editor):
    """What was said in the database at `path`, to read and to add to, from any thread."""

    def correct(self, rep_id: UUID, verdict: Verdict | str | None, by: str) -> None:
        """Put a trainer's verdict beside the program's own; None takes it back.

        The same verdict says that the trainer agrees. From now on the trainer's counts in all
        statistics and in the progression; `Gym.agreement` compares the two.
        """
        said = None if verdict is None else fields.one_of(Verdict)(verdict)
        with self.changing() as session:
            rep, owner = _rep_of(session, rep_id)
            session.execute(delete(CorrectionRow).where(CorrectionRow.rep_id == rep_id))
            if said is not None:
                session.add(
                    CorrectionRow(
                        rep_id=rep_id,
                        verdict=said,
                        program=rep.verdict,
                        source=owner.source,
                        by=by,
                        at_utc=datetime.now(UTC),
                    )
                )
            session.flush()
            count_anew(session, owner.id)

    def corrections(self, session_id: UUID) -> dict[UUID, Correction]:
        """The corrections of a session, by rep."""
        query = _of_session(select(CorrectionRow), CorrectionRow, session_id)
        with self.reading() as session:
            return {
                row.rep_id: Correction(row.rep_id, Verdict(row.verdict), row.by, row.at_utc)
                for row in session.scalars(query)
            }

    def mark(self, rep_id: UUID, by: str, note: str, raw: bytes | None = None) -> None:
        """Mark a rep for the maintainers, with its raw frames if there are any."""
        words = fields.checked({"note": note}, {"note": fields.notes})["note"]
        with self.changing() as session:
            if not set_mark(session, rep_id, by, words, datetime.now(UTC), raw):
                raise _no_such_rep()

    def unmark(self, rep_id: UUID) -> None:
        """Take the mark away, with its frames."""
        with self.changing() as session:
            session.execute(delete(MarkFramesRow).where(MarkFramesRow.rep_id == rep_id))
            session.execute(delete(MarkRow).where(MarkRow.rep_id == rep_id))

    def marks(self, session_id: UUID | None = None, limit: int = 200) -> tuple[RepMark, ...]:
        """The latest marks, of a session or of all, the newest first."""
        query = (
            select(MarkRow, SetRow.session_id, MarkFramesRow.rep_id)
            .join(RepRow, RepRow.id == MarkRow.rep_id)
            .join(SetRow, SetRow.id == RepRow.set_id)
            .outerjoin(MarkFramesRow, MarkFramesRow.rep_id == MarkRow.rep_id)
            .order_by(MarkRow.at_utc.desc())
            .limit(limit)
        )
        if session_id is not None:
            query = query.where(SetRow.session_id == session_id)
        with self.reading() as session:
            return tuple(
                RepMark(row.rep_id, owner, row.by, row.note, row.at_utc, frames is not None)
                for row, owner, frames in session.execute(query)
            )

    def frames(self, rep_id: UUID) -> bytes | None:
        """The raw frames of a marked rep, as they were handed over."""
        with self.reading() as session:
            row = session.get(MarkFramesRow, rep_id)
            return None if row is None else row.raw

    def trace(self, rep_id: UUID) -> dict[str, Any] | None:
        """How the rep went; None where nothing was kept, or not any more."""
        with self.reading() as session:
            row = session.get(TraceRow, rep_id)
            return None if row is None else unpack_trace(row.document)

    def decide(
        self, member_id: UUID, by: str, proposal: str, decision: str, note: str = ""
    ) -> None:
        """Keep what a trainer made of a proposal."""
        words = fields.checked({"note": note}, {"note": fields.notes})["note"]
        with self.changing() as session:
            if session.get(MemberRow, member_id) is None:
                raise StoreError("there is no such member (any more); look at the list again.")
            session.add(
                DecisionRow(
                    id=uuid4(),
                    member_id=member_id,
                    at_utc=datetime.now(UTC),
                    by=by,
                    proposal=proposal,
                    decision=decision,
                    note=words,
                )
            )

    def decisions(self, member_id: UUID) -> tuple[Decision, ...]:
        """What was decided for a member, the newest first."""
        query = (
            select(DecisionRow)
            .where(DecisionRow.member_id == member_id)
            .order_by(DecisionRow.at_utc.desc())
        )
        with self.reading() as session:
            return tuple(
                Decision(row.at_utc, row.by, row.proposal, row.decision, row.note)
                for row in session.scalars(query)
            )


def _rep_of(session: Session, rep_id: UUID) -> tuple[RepRow, SessionRow]:
    query = (
        select(RepRow, SessionRow)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .join(SessionRow, SessionRow.id == SetRow.session_id)
    )
    found = session.execute(query.where(RepRow.id == rep_id)).one_or_none()
    if found is None:
        raise _no_such_rep()
    rep, owner = found
    return rep, owner


def _no_such_rep() -> StoreError:
    return StoreError("there is no such lift (any more); look at the session again.")


def _of_session(
    query: Select[CorrectionRow], table: type[CorrectionRow], session_id: UUID
) -> Select[CorrectionRow]:
    return (
        query.join(RepRow, RepRow.id == table.rep_id)
        .join(SetRow, SetRow.id == RepRow.set_id)
        .where(SetRow.session_id == session_id)
    )
