"""The tables of what was exercised, in types that SQLite and PostgreSQL share.

Rows are named by UUIDs made where they arise, so that the mats of a gym can later put theirs into
one database. Nothing is ever ordered by a time of day: a Raspberry Pi has no clock battery and its
clock may jump, so sessions have a `position` and sets and reps a `number`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

SOURCES = ("mat", "demo", "replay")
STATES = ("open", "ended", "interrupted")
"""`interrupted`: the daemon was gone for longer than a session waits."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite, which has no time zones, keeps it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The constraints have names, so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        UUID: Uuid,
        float: Double,
        int: Integer,
        str: Text,
    }


class CalibrationRow(Base):
    """A calibration that sessions were recorded with; `digest` is the SHA-256 of its document."""

    __tablename__ = "calibrations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    first_used_utc: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class SessionRow(Base):
    """A visit to the mat.

    `last_*` is when the session was last heard of, by the wall clock and by the monotonic clock of
    the boot `last_boot_id`; `duration_s` is counted by the monotonic clock alone, and does not
    count time in which the machine was off. `member_id` is empty for a guest. `calibration_id` is
    empty where the data-sheet curves were used. `plan` is the plan that was trained, with its
    `variation` and the `strictness` of the sets to come; `weight_noticed` whether the mat felt an
    ankle weight.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_sessions_started_utc", "started_utc"),
        Index("ix_sessions_member_id_position", "member_id", "position"),
        Index("ix_sessions_source_position", "source", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    member_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), index=True)
    calibrated: Mapped[bool]
    calibration_id: Mapped[UUID | None] = mapped_column(ForeignKey("calibrations.id"))
    started_utc: Mapped[datetime]
    ended_utc: Mapped[datetime | None]
    duration_s: Mapped[float]
    last_utc: Mapped[datetime]
    last_monotonic_s: Mapped[float]
    last_boot_id: Mapped[str] = mapped_column(String(36))
    variation: Mapped[str | None] = mapped_column(String(16))
    strictness: Mapped[str | None] = mapped_column(String(8))
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    weight_noticed: Mapped[bool | None]
    sets: Mapped[list[SetRow]] = relationship(back_populates="session", order_by="SetRow.number")


class SetRow(Base):
    """Reps without a long pause between them; `number` counts from 1 within the session, and
    `strictness` is what the session had when the set began: its lifts are counted by that."""

    __tablename__ = "sets"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    number: Mapped[int]
    started_utc: Mapped[datetime]
    ended_utc: Mapped[datetime | None]
    strictness: Mapped[str | None] = mapped_column(String(8))
    session: Mapped[SessionRow] = relationship(back_populates="sets")
    reps: Mapped[list[RepRow]] = relationship(back_populates="set", order_by="RepRow.number")


class RepRow(Base):
    """One finished rep; `number` counts from 1 within the set.

    `start_s`, `top_s`, `end_s` and `at_s`, when it was said, are on the clock of that run's frames:
    differences have a meaning, within a run. `numbers` are keyed as in `device.core.quantities`.
    """

    __tablename__ = "reps"
    __table_args__ = (UniqueConstraint("set_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    set_id: Mapped[UUID] = mapped_column(ForeignKey("sets.id"))
    number: Mapped[int]
    ended_utc: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(8))
    confidence: Mapped[float]
    start_s: Mapped[float]
    top_s: Mapped[float]
    end_s: Mapped[float]
    at_s: Mapped[float]
    lift_s: Mapped[float]
    hold_s: Mapped[float]
    lower_s: Mapped[float]
    faults: Mapped[list[str]] = mapped_column(JSON)
    numbers: Mapped[dict[str, float | None]] = mapped_column(JSON)
    reason: Mapped[str]
    set: Mapped[SetRow] = relationship(back_populates="reps")


class TotalsRow(Base):
    """What a session's reps add up to, kept with every rep so that ten years can be summed up.

    `day` is the local date as `date.toordinal()` and `hour` the local hour of the session's
    beginning. A side's `judged` lifts are those held for or against it, its `clean` ones counted
    by their sets' strictness; a trainer's correction takes the place of the program's verdict.
    The seconds are sums over all reps, `faults` counts them by their key.
    """

    __tablename__ = "session_totals"
    __table_args__ = (Index("ix_session_totals_day_source", "day", "source"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(16))
    day: Mapped[int]
    hour: Mapped[int]
    sets: Mapped[int] = mapped_column(default=0)
    reps: Mapped[int] = mapped_column(default=0)
    left_judged: Mapped[int] = mapped_column(default=0)
    left_clean: Mapped[int] = mapped_column(default=0)
    right_judged: Mapped[int] = mapped_column(default=0)
    right_clean: Mapped[int] = mapped_column(default=0)
    both_judged: Mapped[int] = mapped_column(default=0)
    both_clean: Mapped[int] = mapped_column(default=0)
    lift_s: Mapped[float] = mapped_column(default=0.0)
    hold_s: Mapped[float] = mapped_column(default=0.0)
    lower_s: Mapped[float] = mapped_column(default=0.0)
    faults: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class DayRow(Base):
    """What the sessions of one local day add up to. Triggers of the database keep it and `HourRow`
    in step with `session_totals`, whoever changes that."""

    __tablename__ = "gym_days"

    day: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    sessions: Mapped[int]
    reps: Mapped[int]
    judged: Mapped[int]
    clean: Mapped[int]


class HourRow(Base):
    """What the sessions that ever began in one hour of the week add up to; Monday is 0."""

    __tablename__ = "gym_hours"

    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    sessions: Mapped[int]
    reps: Mapped[int]


class TraceRow(Base):
    """How the mat's loads went through one rep: `document` as `device.store.traces` packs it."""

    __tablename__ = "rep_traces"

    rep_id: Mapped[UUID] = mapped_column(ForeignKey("reps.id"), primary_key=True)
    at_utc: Mapped[datetime] = mapped_column(index=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
