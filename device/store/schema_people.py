"""The tables of members, their programmes, and of what trainers say about reps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from device.store.schema import Base


class MemberRow(Base):
    """A member. The four digits of `code` are a convenience at the kiosk, not a secret."""

    __tablename__ = "members"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(String(4), unique=True)
    height_cm: Mapped[float | None]
    mass_kg: Mapped[float | None]
    notes: Mapped[str]
    consent_utc: Mapped[datetime | None]
    created_utc: Mapped[datetime]
    acknowledged_utc: Mapped[datetime | None]


class ProgrammeRow(Base):
    """What a trainer set for a member; it overrules the rule of the progression."""

    __tablename__ = "programmes"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    variation: Mapped[str] = mapped_column(String(16))
    sets: Mapped[int]
    reps: Mapped[int]
    lift_s: Mapped[float]
    hold_s: Mapped[float]
    lower_s: Mapped[float]
    rest_s: Mapped[float]
    strictness: Mapped[str] = mapped_column(String(8))
    ankle_weight_kg: Mapped[float | None]
    decided_utc: Mapped[datetime]
    decided_by: Mapped[str]


class DecisionRow(Base):
    """What a trainer made of a proposal of the progression."""

    __tablename__ = "decisions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    at_utc: Mapped[datetime]
    by: Mapped[str]
    proposal: Mapped[str]
    decision: Mapped[str]
    note: Mapped[str]


class CorrectionRow(Base):
    """A trainer's verdict on a rep; the same one where they agree. The program's own and the
    session's source stand here again, so that all are counted without looking for their reps."""

    __tablename__ = "corrections"

    rep_id: Mapped[UUID] = mapped_column(ForeignKey("reps.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(8))
    program: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(16))
    by: Mapped[str]
    at_utc: Mapped[datetime]


class MarkRow(Base):
    """A rep that the maintainers are to look at."""

    __tablename__ = "marks"

    rep_id: Mapped[UUID] = mapped_column(ForeignKey("reps.id"), primary_key=True)
    at_utc: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]


class MarkFramesRow(Base):
    """The raw frames around a marked rep, apart from its note: they are some hundred kilobytes."""

    __tablename__ = "mark_frames"

    rep_id: Mapped[UUID] = mapped_column(ForeignKey("marks.rep_id"), primary_key=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
