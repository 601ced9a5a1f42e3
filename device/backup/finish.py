"""The last step of a restore: what lies ready comes into force.

It may be cut short anywhere and begun again: each file is replaced as a whole, the database in one
transaction, and what is done is no longer among what lies ready. The daemon does it at its start if
a power cut kept the restore itself from it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from device.backup.archive import sync_directory
from device.errors import BackupError

READY = "restore.ready"
TARGETS = "targets.json"
FRESH_SUFFIX = ".restored"
LOCK_WAIT_S = 30.0


def write_targets(folder: Path, database: tuple[str, Path], files: Mapping[str, Path]) -> None:
    """Write into `folder` where what lies there belongs."""
    document = {
        "database": {"from": database[0], "to": str(database[1].absolute())},
        "files": [{"from": name, "to": str(to.absolute())} for name, to in files.items()],
    }
    with (folder / TARGETS).open("w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(folder)


def finish_restore(data: Path) -> bool:
    """Bring into force what lies ready in the data directory; False if nothing does.

    `BackupError` if a file cannot be replaced; beginning again goes on where it stopped. Nobody
    else may own the directory meanwhile.
    """
    ready = data / READY
    if not ready.is_dir():
        return False
    target = ready
    try:
        document = json.loads((ready / TARGETS).read_text(encoding="utf-8"))
        for step in document["files"]:
            target = Path(step["to"])
            _replace_file(ready / step["from"], target, data)
        target = Path(document["database"]["to"])
        _replace_database(ready / document["database"]["from"], target)
        _give_to_owner(target, data)
        shutil.rmtree(ready)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"a restore is not finished: {target} cannot be replaced ({error}); run 'pronemat "
            "restore --finish' as somebody who may write there."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise BackupError(
            f"a restore is not finished, and {ready} is damaged; remove that directory and restore "
            "again."
        ) from None
    return True


def _replace_file(source: Path, target: Path, data: Path) -> None:
    if not source.exists():
        return
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = target.with_name(target.name + FRESH_SUFFIX)
    shutil.copyfile(source, fresh)
    with suppress(FileNotFoundError):
        shutil.copymode(target, fresh)
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(target)
    sync_directory(target.parent)
    if data in target.parents:
        _give_to_owner(target, data)
    source.unlink()


def _replace_database(source: Path, target: Path) -> None:
    """In one transaction of the database that is there: whoever has it open sees the one or the
    other, and its log stays its own. One that is damaged is set aside."""
    if not source.exists():
        return
    if target.exists():
        try:
            with (
                closing(sqlite3.connect(source)) as read,
                closing(sqlite3.connect(target, timeout=LOCK_WAIT_S)) as write,
            ):
                write.execute("PRAGMA journal_mode = WAL").fetchone()
                read.backup(write)
                write.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            source.unlink()
            return
        except sqlite3.DatabaseError as error:
            code: Any = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
        set_aside(target)
    source.replace(target)
    sync_directory(target.parent)


def set_aside(database: Path) -> None:
    """Give a damaged database and its log another name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            database.with_name(database.name + suffix).rename(
                database.with_name(f"{database.name}.damaged-{stamp}{suffix}")
            )


def _give_to_owner(path: Path, data: Path) -> None:
    """What root puts back is the service's, as the directory is."""
    if os.geteuid() == 0:
        owner = data.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
