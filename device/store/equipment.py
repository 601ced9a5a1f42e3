"""What is found of the mat's health, kept for the gym's page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from device.errors import StoreError
from device.store.access import Editor
from device.store.apply import note_equipment


class Equipment(Editor):
    """Notes in the database at `path`; read them with `device.store.gym.Gym.equipment`."""

    def note(self, kind: str, document: Mapping[str, Any], at_utc: datetime | None = None) -> None:
        """Keep what was found; `kind` is one of `device.store.schema_gym.EQUIPMENT_KINDS`.

        `StoreError` if the database cannot be written, for one by somebody who may not.
        """
        with self.changing() as session:
            note_equipment(session, uuid4(), kind, document, at_utc or datetime.now(UTC))


def keep_note(database: Path, kind: str, document: Mapping[str, Any]) -> None:
    """Keep it for the gym's page; where there is no database, or it may not be written, whoever
    looked has looked all the same."""
    if database.exists():
        with suppress(StoreError), closing(Equipment(database)) as equipment:
            equipment.note(kind, document)
