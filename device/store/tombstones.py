"""Who was deleted, in a file beside the database: restoring an older backup deletes them again.

It holds ids only: who they were cannot be told from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from device.errors import StoreError

SUFFIX = ".deleted"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A member who was deleted, and their sessions: in an older backup those may still be a
    guest's."""

    member_id: UUID
    session_ids: tuple[UUID, ...]


def tombstones_path(database: Path) -> Path:
    """Where the tombstones of a database are."""
    return database.with_name(database.name + SUFFIX)


def read_tombstones(database: Path) -> tuple[Tombstone, ...]:
    """All tombstones beside `database`, the oldest first; `StoreError` if they are damaged."""
    path = tombstones_path(database)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read: {error}; restore it from a backup.") from None
    return tuple(_parsed(path, number, line) for number, line in enumerate(lines, 1) if line)


def add_tombstones(database: Path, tombstones: Iterable[Tombstone]) -> None:
    """Add those that are not there yet; after a power cut either all of them or none are there."""
    known = list(read_tombstones(database))
    added = [tombstone for tombstone in tombstones if tombstone not in known]
    if added:
        _write(tombstones_path(database), [*known, *added])


def drop_tombstone(database: Path, tombstone: Tombstone) -> None:
    """Take one back: what it stands for was not deleted after all."""
    left = [one for one in read_tombstones(database) if one != tombstone]
    _write(tombstones_path(database), left)


def _parsed(path: Path, number: int, line: str) -> Tombstone:
    try:
        data = json.loads(line)
        sessions = tuple(UUID(text) for text in data["sessions"])
        return Tombstone(UUID(data["member"]), sessions)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StoreError(
            f"{path}, line {number}: it is not what pronemat wrote; remove that line, and delete "
            "the member again after restoring a backup."
        ) from None


def _write(path: Path, tombstones: Iterable[Tombstone]) -> None:
    lines = [
        json.dumps({"member": one.member_id.hex, "sessions": [id_.hex for id_ in one.session_ids]})
        for one in tombstones
    ]
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}; free some space and give the user who "
            "runs the pages the right to write there."
        ) from None
