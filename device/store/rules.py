"""The rules of a gym: how long sessions and traces are kept, and their end when the time has come.

Age is reckoned from the latest session that was stored, not from the clock alone: a clock that
jumps ahead while nobody trains deletes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from device.store import fields
from device.store.access import Editor
from device.store.forget import delete_sessions
from device.store.schema import SessionRow, TraceRow
from device.store.schema_gym import GymRuleRow

FUTURE = timedelta(days=1)
SESSIONS_AT_ONCE, TRACES_AT_ONCE = 20, 500
"""What one session's end lets go: more than a session adds, and done in some milliseconds."""


@dataclass(frozen=True, slots=True)
class GymRules:
    """How many days sessions and the traces of reps are kept; None for ever."""

    session_days: int | None = None
    trace_days: int | None = 365


KEYS = tuple(rule.name for rule in fields_of(GymRules))
RULE_CHECKS = {key: fields.maybe(fields.whole(fields.RETENTION_DAYS)) for key in KEYS}
"""The rules that a form may set, each with its check."""


class Rules(Editor):
    """The rules in the database at `path`, from any thread."""

    def get(self) -> GymRules:
        """The rules in force."""
        with self.reading() as session:
            return rules_in_force(session)

    def change(self, given: Mapping[str, Any], by: str) -> GymRules:
        """Change the given rules; `FieldError` has a sentence for each that cannot be."""
        values = fields.checked(given, RULE_CHECKS)
        with self.changing() as session:
            for key, value in values.items():
                row = session.get(GymRuleRow, key)
                if row is None:
                    row = GymRuleRow(key=key)
                    session.add(row)
                row.value, row.changed_by, row.changed_utc = value, by, datetime.now(UTC)
            session.flush()
            return rules_in_force(session)

    def expire(self, now: datetime | None = None) -> int:
        """Delete all whose time has come, in bites that let the daemon write; how many sessions."""
        gone = 0
        while True:
            with self.changing() as session:
                sessions, traces = expire_some(session, now or datetime.now(UTC))
            gone += sessions
            if sessions < SESSIONS_AT_ONCE and traces < TRACES_AT_ONCE:
                return gone


def rules_in_force(session: Session) -> GymRules:
    """What was set, and the defaults for the rest."""
    rows = session.scalars(select(GymRuleRow).where(GymRuleRow.key.in_(KEYS)))
    return GymRules(**{row.key: row.value for row in rows})


def expire_some(session: Session, now: datetime) -> tuple[int, int]:
    """Delete some sessions and traces whose time has come; how many of each."""
    rules = rules_in_force(session)
    latest = session.scalar(
        select(SessionRow.last_utc).order_by(SessionRow.position.desc()).limit(1)
    )
    if latest is None:
        return 0, 0
    today = min(now, latest)
    gone: Sequence[UUID] = ()
    if rules.session_days is not None:
        gone = _outlived(session, today - timedelta(days=rules.session_days), today)
        delete_sessions(session, gone)
    rep_ids: Sequence[UUID] = ()
    if rules.trace_days is not None:
        before = today - timedelta(days=rules.trace_days)
        old = select(TraceRow.rep_id).where(TraceRow.at_utc < before).limit(TRACES_AT_ONCE)
        rep_ids = session.scalars(old).all()
        session.execute(delete(TraceRow).where(TraceRow.rep_id.in_(rep_ids)))
    return len(gone), len(rep_ids)


def _outlived(session: Session, before: datetime, today: datetime) -> Sequence[UUID]:
    """The first sessions, in their order, as far as they are old.

    One that a wrong clock put into the future goes when one after it is old, and one that it put
    into the past waits for its turn.
    """
    query = select(SessionRow.id, SessionRow.started_utc).where(SessionRow.state != "open")
    first = session.execute(query.order_by(SessionRow.position).limit(SESSIONS_AT_ONCE)).all()
    gone, old = [], 0
    for session_id, started_utc in first:
        if before <= started_utc <= today + FUTURE:
            break
        gone.append(session_id)
        if started_utc < before:
            old = len(gone)
    return gone[:old]
