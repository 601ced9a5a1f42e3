"""What a daemon that starts finds unfinished, and whether it is recent enough to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from device.store.database import store_error
from device.store.queries import StoredSet, stored_set
from device.store.records import Moment
from device.store.schema import SessionRow


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that nobody ended, with its sets, and when it was last heard of; whose it is (None
    for a guest) and the plan that was trained."""

    id: UUID
    source: str
    last: Moment
    sets: tuple[StoredSet, ...]
    member_id: UUID | None = None
    plan: Mapping[str, Any] | None = None

    def age_s(self, now: Moment) -> float:
        """Seconds since it was last heard of.

        Within one boot by the monotonic clock, which does not jump. Across boots only the wall
        clock is left; if that runs backwards the answer is infinity: not to be known.
        """
        if now.boot_id == self.last.boot_id:
            return now.monotonic_s - self.last.monotonic_s
        age_s = (now.utc - self.last.utc).total_seconds()
        return age_s if age_s >= 0 else float("inf")


def open_sessions(engine: Engine, path: Path) -> tuple[OpenSession, ...]:
    """The sessions that nobody ended, newest first; `StoreError` if they cannot be read."""
    query = (
        select(SessionRow).where(SessionRow.state == "open").order_by(SessionRow.position.desc())
    )
    try:
        with Session(engine) as session:
            return tuple(
                OpenSession(
                    row.id,
                    row.source,
                    Moment(row.last_utc, row.last_monotonic_s, row.last_boot_id),
                    tuple(stored_set(item) for item in row.sets),
                    row.member_id,
                    row.plan,
                )
                for row in session.scalars(query)
            )
    except DatabaseError as error:
        raise store_error(path, error) from None
