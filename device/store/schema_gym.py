"""The tables of the dashboard's accounts, of what was done there, and of the mat's own health."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from device.store.schema import Base

ROLES = ("trainer", "owner")
EQUIPMENT_KINDS = ("doctor", "calibration", "drift")


class AccountRow(Base):
    """Somebody who may log in. `key` is the name as it is compared; `version` rises with every
    change that ends the logins there are."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(String(8))
    password_hash: Mapped[str]
    created_utc: Mapped[datetime]
    disabled: Mapped[bool]
    version: Mapped[int]


class TokenRow(Base):
    """A key to the reading API; only the SHA-256 of it is kept."""

    __tablename__ = "tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_utc: Mapped[datetime]
    last_used_utc: Mapped[datetime | None]


class AuditRow(Base):
    """Something that was done, by whom, to what: ids, never the name of a member."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    at_utc: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str]
    details: Mapped[str]


class AttemptRow(Base):
    """A login that failed; `origin` is where it came from."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_key_at_utc", "key", "at_utc"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    origin: Mapped[str]
    at_utc: Mapped[datetime]


class GymRuleRow(Base):
    """A rule of this gym, such as how long sessions are kept."""

    __tablename__ = "gym_rules"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_utc: Mapped[datetime]
    changed_by: Mapped[str]


class EquipmentRow(Base):
    """What doctor, a calibration or a check found of the mat."""

    __tablename__ = "equipment"
    __table_args__ = (
        CheckConstraint(f"kind IN {EQUIPMENT_KINDS}", name="kind"),
        Index("ix_equipment_kind_position", "kind", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    at_utc: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
