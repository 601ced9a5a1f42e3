"""The backup file: a ZIP archive with a manifest that has the SHA-256 of every part.

manifest.json           format, version, time, revision of the tables, and the parts
database                the SQLite file, as it was at one moment
tombstones              who was deleted before
calibration             the calibration in force
calibrations/NAME       all that are kept
settings, mat           the settings file and the mat's description, where there are such files
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from device.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE, TOMBSTONES, CALIBRATION, SETTINGS, MAT = (
    "database",
    "tombstones",
    "calibration",
    "settings",
    "mat",
)
KEPT_CALIBRATIONS = "calibrations/"
PART_SUFFIX = ".part"
BITE = 1 << 20
MOST_MANIFEST = 1 << 20
"""Longer than any manifest: a file that was made to fill the memory does not."""
LEVEL = 1
"""Of ten years of reps level 6 makes a tenth less, and takes three times as long."""

Progress = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself. `made_utc` is ISO 8601, `revision` that of the tables."""

    format: int
    version: str
    made_utc: str
    revision: str
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return any(part.name == name for part in self.parts)


def write_archive(
    path: Path,
    files: Mapping[str, Path],
    *,
    version: str,
    made_utc: str,
    revision: str,
    progress: Progress,
) -> Manifest:
    """Write the files under their names to a new archive, whole or not at all.

    `BackupError` if the disk refuses. Only the owner may read it: it holds members' names.
    """
    part_path = path.with_name(path.name + PART_SUFFIX)
    total = max(sum(file.stat().st_size for file in files.values()), 1)
    parts: list[Part] = []
    done = 0

    def write(file: BinaryIO) -> Manifest:
        nonlocal done
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, source in files.items():
                digest, size = hashlib.sha256(), 0
                with source.open("rb") as read, archive.open(name, "w", force_zip64=True) as out:
                    while bite := read.read(BITE):
                        out.write(bite)
                        digest.update(bite)
                        size += len(bite)
                        done += len(bite)
                        progress(min(done / total, 1.0))
                parts.append(Part(name, size, digest.hexdigest()))
            manifest = Manifest(FORMAT, version, made_utc, revision, tuple(parts))
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        return manifest

    try:
        descriptor = os.open(part_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            manifest = write(file)
            file.flush()
            os.fsync(file.fileno())
        part_path.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        raise BackupError(
            f"the backup {path} cannot be written: {error.strerror}; choose a place with room "
            "where you may write."
        ) from None
    finally:
        with suppress(OSError):
            part_path.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself; `BackupError` for anything that is no backup, or one that a
    newer program wrote."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as file:
            data = json.loads(file.read(MOST_MANIFEST))
        if data["format"] > FORMAT:
            raise BackupError(
                f"the backup {path} was written by a newer pronemat ({data['version']}); update "
                "this one first."
            )
        parts = tuple(Part(one["name"], one["size"], one["sha256"]) for one in data["parts"])
        manifest = Manifest(FORMAT, data["version"], data["made_utc"], data["revision"], parts)
    except FileNotFoundError:
        raise BackupError(f"there is no backup {path}; check its name.") from None
    except OSError as error:
        raise BackupError(f"the backup {path} cannot be read: {error.strerror}.") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, zlib.error):
        raise BackupError(
            f"{path} is no whole backup of pronemat: copy it again, or take another."
        ) from None
    except (KeyError, TypeError, ValueError, RuntimeError):
        raise BackupError(f"{path} is no backup of pronemat; check its name.") from None
    for part in manifest.parts:
        _check_name(path, part.name)
    if not manifest.has(DATABASE):
        raise BackupError(f"{path} is no backup of pronemat: it has no database.")
    return manifest


def unpack(path: Path, manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Unpack all parts into `folder` and compare each with its checksum; `BackupError` names the
    one that is damaged. Nothing in `folder` may be used before this has returned."""
    total, done = max(manifest.size, 1), 0
    try:
        with zipfile.ZipFile(path) as archive:
            for part in manifest.parts:
                target = folder / part.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                digest, size = hashlib.sha256(), 0
                with archive.open(part.name) as read, target.open("wb") as out:
                    while bite := read.read(BITE):
                        size += len(bite)
                        if size > part.size:
                            break
                        out.write(bite)
                        digest.update(bite)
                        done += len(bite)
                        progress(min(done / total, 1.0))
                    out.flush()
                    os.fsync(out.fileno())
                if size != part.size or digest.hexdigest() != part.sha256:
                    raise _damaged(path, part.name)
    except OSError as error:
        raise BackupError(
            f"the backup {path} cannot be unpacked into {folder}: {error.strerror}; nothing was "
            "changed."
        ) from None
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, ValueError, zlib.error):
        raise _damaged(path, "a part") from None


def sync_directory(directory: Path) -> None:
    """Have the directory's entries on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(path: Path, what: str) -> BackupError:
    return BackupError(
        f"the backup {path} is damaged: {what} is not what was written; copy it again, or take an "
        "earlier one. Nothing was changed."
    )


def _check_name(path: Path, name: Any) -> None:
    """A part may not lead out of the folder that it is unpacked into."""
    plain = isinstance(name, str) and name.removeprefix(KEPT_CALIBRATIONS)
    if not plain or "/" in plain or "\\" in plain or plain in (".", ".."):
        raise BackupError(f"{path} is no backup of pronemat: it has a part {name!r}.")
