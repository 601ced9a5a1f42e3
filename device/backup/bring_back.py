"""Putting a backup back: everything is unpacked, checked and prepared beside what is in force, and
only then takes its place, all at once; the state before is kept as a backup of its own."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from device.backup.archive import (
    CALIBRATION,
    DATABASE,
    KEPT_CALIBRATIONS,
    MAT,
    SETTINGS,
    TOMBSTONES,
    Manifest,
    Progress,
    read_manifest,
    sync_directory,
    unpack,
)
from device.backup.finish import READY, finish_restore, write_targets
from device.backup.take import check_database, take_backup
from device.config import Settings, load_settings
from device.errors import AlreadyRunningError, BackupError, ConfigError
from device.service.lock import LOCK_NAME, DirectoryLock
from device.store.database import open_database
from device.store.forget import forget_again
from device.store.revisions import known_revisions
from device.store.tombstones import add_tombstones, read_tombstones, tombstones_path

STAGING = "restore.part"
ROOM = 3
"""Times the size of what is restored: unpacked, prepared, and in the log of the database."""
UNPACKED, PREPARED, KEPT = 0.4, 0.6, 0.8
"""Shares of the bar."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where the state before is kept (None where there was none)."""

    manifest: Manifest
    with_settings: bool
    kept: Path | None
    damaged: bool
    """Whether the database that was there was damaged, and was set aside."""


def restore_backup(
    path: Path,
    settings: Settings,
    settings_file: Path,
    progress: Progress,
    with_settings: bool = True,
) -> Restored:
    """Put the backup `path` in the place of what `settings` name; `settings_file` is the file of
    the settings, whether it exists or not.

    A `PronematError` leaves everything as it was. `AlreadyRunningError` while a daemon runs.
    """
    manifest = read_manifest(path)
    if manifest.revision not in known_revisions():
        raise BackupError(
            f"the backup {path} was written by a newer pronemat ({manifest.version}); update this "
            "one first."
        )
    data = settings.paths.data
    with owned(data):
        finish_restore(data)
        _check_room(data, manifest)
        staging = data / STAGING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            unpack(path, manifest, staging, lambda share: progress(UNPACKED * share))
            files: dict[str, Path] = {}
            if with_settings := with_settings and manifest.has(SETTINGS):
                settings = _settings_after(staging / SETTINGS, settings_file, settings)
                files[SETTINGS] = settings_file
            _prepare_database(staging, path, settings.database)
            progress(PREPARED)
            files |= _places(manifest, settings, with_settings)
            kept, damaged = _keep_what_is(settings, settings_file)
            progress(KEPT)
            write_targets(staging, (DATABASE, settings.database), files)
            staging.rename(data / READY)
            sync_directory(data)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        finish_restore(data)
        progress(1.0)
    return Restored(manifest, with_settings, kept, damaged)


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """Nobody else owns the data directory meanwhile; `AlreadyRunningError` if a daemon does."""
    fresh = not (data / LOCK_NAME).exists()
    try:
        lock = DirectoryLock(data, "data")
    except AlreadyRunningError:
        raise AlreadyRunningError(
            f"a daemon uses {data}; stop it first, and start it again when this is done."
        ) from None
    with lock:
        if fresh and os.geteuid() == 0:
            owner = data.stat()
            os.chown(data / LOCK_NAME, owner.st_uid, owner.st_gid)
        yield


def _check_room(data: Path, manifest: Manifest) -> None:
    free, needed = shutil.disk_usage(data).free, ROOM * manifest.size
    if free < needed:
        raise BackupError(
            f"the disk of {data} has {free / 1e6:.0f} MB left, and restoring takes "
            f"{needed / 1e6:.0f} MB; free some space on it."
        )


def _settings_after(unpacked: Path, target: Path, present: Settings) -> Settings:
    """The settings that will be in force; `BackupError` if they cannot be."""
    advice = "restore with --without-settings, and set by hand what differs."
    trial = target.with_name(target.name + ".trial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(unpacked, trial)
        try:
            after = load_settings(trial)
        finally:
            trial.unlink()
    except OSError as error:
        raise BackupError(
            f"the settings file {target} cannot be written: {error.strerror}; run this as somebody "
            f"who may, or {advice}"
        ) from None
    except ConfigError as error:
        text = str(error).replace(str(trial), "the backup's settings").rstrip(".")
        raise BackupError(f"the backup's settings do not serve here: {text}; {advice}") from None
    if after.paths.data != present.paths.data:
        raise BackupError(
            f"the backup's settings keep sessions in {after.paths.data}, those here in "
            f"{present.paths.data}; {advice}"
        )
    return after


def _prepare_database(staging: Path, path: Path, present: Path) -> None:
    """Bring the unpacked database to this program's form, without whoever was deleted since."""
    database = staging / DATABASE
    check_database(database, path)
    with suppress(FileNotFoundError):
        (staging / TOMBSTONES).rename(tombstones_path(database))
    add_tombstones(database, read_tombstones(present))
    engine = open_database(database)
    try:
        forget_again(engine, database, read_tombstones(database))
    finally:
        engine.dispose()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _places(manifest: Manifest, settings: Settings, with_settings: bool) -> dict[str, Path]:
    """Where each part belongs; the mat's description is named by the settings and goes with them.
    Calibrations that are kept here and not in the backup stay."""
    tombstones = tombstones_path(settings.database)
    places = {tombstones_path(Path(DATABASE)).name: tombstones}
    if manifest.has(CALIBRATION):
        places[CALIBRATION] = settings.calibration_path
    if with_settings and manifest.has(MAT) and settings.mat.file is not None:
        places[MAT] = settings.mat.file
    for part in manifest.parts:
        if part.name.startswith(KEPT_CALIBRATIONS):
            name = part.name.removeprefix(KEPT_CALIBRATIONS)
            places[part.name] = settings.calibrations_folder / name
    return places


def _keep_what_is(settings: Settings, settings_file: Path) -> tuple[Path | None, bool]:
    """Keep the present state as a backup, and say whether its database is damaged instead."""
    if not settings.database.exists():
        return None, False
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = settings.paths.data / f"before-restore-{stamp}.pronemat"
    file = settings_file if settings_file.exists() else None
    try:
        check_database(settings.database, settings.database)
    except BackupError:
        return None, True
    take_backup(kept, settings, file, lambda _share: None)
    return kept, False
