"""Taking a backup, also while the daemon writes: the database is copied as it is at one moment."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from device import __version__
from device.backup.archive import (
    CALIBRATION,
    DATABASE,
    KEPT_CALIBRATIONS,
    MAT,
    SETTINGS,
    TOMBSTONES,
    Manifest,
    Progress,
    write_archive,
)
from device.config import Settings
from device.errors import BackupError
from device.store.tombstones import tombstones_path

PAGES_AT_ONCE = 4096
"""16 MB, between two looks at the progress bar."""
COPYING, CHECKING = 0.3, 0.5
"""Shares of the bar: copying the database, then checking it, then packing."""


def take_backup(
    path: Path, settings: Settings, settings_file: Path | None, progress: Progress
) -> Manifest:
    """Write everything to a new file `path`; `BackupError` or `StoreError` if that cannot be.

    `settings_file` is the file that the settings come from, if there is one.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; give the backup another name.")
    if not settings.database.exists():
        raise BackupError(
            f"nothing is stored yet in {settings.database}; there is nothing to back up."
        )
    try:
        scratch = tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent)
    except OSError as error:
        raise BackupError(
            f"the backup cannot be written in {path.parent}: {error.strerror}; choose a place "
            "where you may write."
        ) from None
    with scratch as folder:
        copy = Path(folder) / DATABASE
        copy_database(settings.database, copy, lambda share: progress(COPYING * share))
        revision = check_database(copy, settings.database)
        progress(CHECKING)
        files = {DATABASE: copy, **dict(_others(settings, settings_file))}
        return write_archive(
            path,
            files,
            version=__version__,
            made_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            revision=revision,
            progress=lambda share: progress(CHECKING + (1.0 - CHECKING) * share),
        )


def copy_database(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database as it is at one moment to a new file, while others may write to it."""

    def step(_status: int, remaining: int, total: int) -> None:
        progress((total - remaining) / max(total, 1))

    try:
        with (
            closing(sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            # The moment is held by a transaction: else each rep of the daemon would begin it anew.
            read.execute("BEGIN")
            read.execute("SELECT count(*) FROM sqlite_master").fetchone()
            read.backup(write, pages=PAGES_AT_ONCE, progress=step, sleep=0.0)
            # Alone in its file, without a log beside it.
            write.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise BackupError(
            f"the database {source} cannot be copied ({error}); see 'pronemat doctor'."
        ) from None


def check_database(path: Path, named: Path) -> str:
    """The revision of the tables in a database that is whole; `BackupError`, which speaks of it as
    `named`, if it is not."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        verdict, row = str(error), None
    if verdict != "ok" or row is None:
        raise BackupError(
            f"the database {named} is damaged ({verdict}); recover its sessions with 'sqlite3 FILE "
            ".recover', or restore an earlier backup."
        )
    return str(row[0])


def _others(settings: Settings, settings_file: Path | None) -> Iterator[tuple[str, Path]]:
    """All else that there is, by its name in the archive."""
    single = {
        TOMBSTONES: tombstones_path(settings.database),
        CALIBRATION: settings.calibration_path,
        SETTINGS: settings_file,
        MAT: settings.mat.file,
    }
    for name, file in single.items():
        if file is not None and file.is_file():
            yield name, file
    folder = settings.calibrations_folder
    if folder.is_dir():
        for file in sorted(folder.iterdir()):
            if file.is_file() and file != settings.calibration_path and file.suffix == ".json":
                yield KEPT_CALIBRATIONS + file.name, file


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
