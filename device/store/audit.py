"""What was done in the dashboard, by whom: logins, corrections, deletions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import delete, func, select

from device.store.access import Editor
from device.store.schema_gym import AuditRow

MOST_ROWS = 100_000
"""The list forgets the oldest beyond these: some 20 MB, and years of a busy gym."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done. `subject` is an id or an account's name, never a member's name."""

    position: int
    at_utc: datetime
    who: str
    what: str
    subject: str
    details: str


class Audit(Editor):
    """The list in the database at `path`, from any thread."""

    def audit(self, who: str, what: str, subject: object = "", details: str = "") -> None:
        """Add to the list. Neither `subject` nor `details` may name a member: use the id, under
        which the details are blanked when the member is deleted."""
        with self.changing() as session:
            last = session.scalar(select(func.max(AuditRow.position))) or 0
            session.execute(delete(AuditRow).where(AuditRow.position <= last + 1 - MOST_ROWS))
            session.add(
                AuditRow(
                    id=uuid4(),
                    position=last + 1,
                    at_utc=datetime.now(UTC),
                    who=who,
                    what=what,
                    subject=str(subject),
                    details=details,
                )
            )

    def audit_list(
        self, limit: int = 100, before: int | None = None, what: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The latest entries, newest first; `before` a position, for the page after."""
        query = select(AuditRow).order_by(AuditRow.position.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.position < before)
        if what is not None:
            query = query.where(AuditRow.what == what)
        with self.reading() as session:
            return tuple(
                AuditEntry(row.position, row.at_utc, row.who, row.what, row.subject, row.details)
                for row in session.scalars(query)
            )
