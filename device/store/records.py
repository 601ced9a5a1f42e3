"""What the daemon hands to the writer: small facts, each of which stands for itself.

Every record carries the id of its row, so writing one twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from device.core.types import Rep


@dataclass(frozen=True, slots=True)
class Moment:
    """A time by the wall clock, which may jump, and by the monotonic clock of one boot."""

    utc: datetime
    monotonic_s: float
    boot_id: str


@dataclass(frozen=True, slots=True)
class CalibrationUsed:
    """The calibration in force; `digest` is the SHA-256 of its document."""

    id: UUID
    digest: str
    name: str
    document: Mapping[str, Any]
    at: Moment


@dataclass(frozen=True, slots=True)
class SessionBegun:
    """A session with its source and, unless the data-sheet curves serve, its calibration; whose it
    is (None for a guest), and the plan that is trained, as plain JSON with its `variation` and
    `strictness`."""

    id: UUID
    source: str
    calibration_digest: str | None
    at: Moment
    member_id: UUID | None = None
    plan: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """From now on the session trains another plan."""

    session_id: UUID
    plan: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WeightNoticed:
    """Whether the mat felt an ankle weight in this session."""

    session_id: UUID
    noticed: bool


@dataclass(frozen=True, slots=True)
class SafetyAcknowledged:
    """A member has read the safety page."""

    member_id: UUID
    at: Moment


@dataclass(frozen=True, slots=True)
class SetBegun:
    """A set, `number` from 1."""

    id: UUID
    session_id: UUID
    number: int
    at: Moment


@dataclass(frozen=True, slots=True)
class RepDone:
    """A finished rep, `number` from 1 within its set."""

    id: UUID
    session_id: UUID
    set_id: UUID
    number: int
    rep: Rep
    at: Moment


@dataclass(frozen=True, slots=True)
class RepTrace:
    """How a rep went, to follow its `RepDone`: `document` is what `device.store.traces` packs, such
    as times, row loads, tilt, roll and phases at 20 instants a second."""

    rep_id: UUID
    document: Mapping[str, Any]
    at: Moment


@dataclass(frozen=True, slots=True)
class Mark:
    """A rep that the maintainers are to look at, with its raw frames if they are still there."""

    rep_id: UUID
    by: str
    note: str
    at: Moment
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class EquipmentNoted:
    """What doctor, a calibration or a check found; `kind` is one of
    `device.store.schema_gym.EQUIPMENT_KINDS`."""

    id: UUID
    kind: str
    document: Mapping[str, Any]
    at: Moment


@dataclass(frozen=True, slots=True)
class SetEnded:
    """The end of a set."""

    id: UUID
    session_id: UUID
    at: Moment


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The end of a session, `interrupted` when nobody was there to see it."""

    id: UUID
    at: Moment
    interrupted: bool = False


Record = (
    CalibrationUsed
    | SessionBegun
    | PlanChanged
    | WeightNoticed
    | SafetyAcknowledged
    | SetBegun
    | RepDone
    | RepTrace
    | Mark
    | EquipmentNoted
    | SetEnded
    | SessionEnded
)
