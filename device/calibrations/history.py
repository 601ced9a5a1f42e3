"""Every calibration that a mat ever had, and which of them is in force.

A directory with one file each; nothing here ever deletes or changes one. What is in force is a copy
in a file of its own, replaced as a whole, so that the daemon reads one file and a power cut at any
moment leaves the old or the new one. `factory`, the data sheets' curves, is part of the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from device.calibration_file import read_document, write_whole
from device.calibrations.record import UNKNOWN, Record, record_from_json
from device.core.calibration import datasheet_calibration
from device.core.mat import Mat
from device.errors import CalibrationError

FACTORY = "factory"
OLD_NAME, ADOPTED_SUFFIX = "calibration.json", ".adopted"
"""The one file beside the directory before there was a history, and what it is called after."""
LATEST, IN_FORCE = "latest", "current"
"""Words for an identity: the newest that is kept, and the one in force."""


@dataclass(frozen=True)
class Entry:
    """One file of the history: its record, or the sentence why it cannot be used."""

    id: str
    record: Record | None
    problem: str | None = None


def new_id(person: str, at: datetime) -> str:
    """Date, person and a few random letters: `2026-11-23-anna-3fa9`."""
    name = re.sub(r"[^a-z0-9]+", "-", person.lower()).strip("-") or UNKNOWN
    return f"{at:%Y-%m-%d}-{name[:20]}-{uuid4().hex[:4]}"


def now_utc() -> datetime:
    """This moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(at: datetime) -> str:
    """As it is written in the files."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class History:
    """The calibrations of one mat in `folder`; `current` is the file of the one in force."""

    def __init__(self, folder: Path, current: Path, mat: Mat) -> None:
        self.folder = folder
        self.current = current
        self._mat = mat

    def entries(self) -> list[Entry]:
        """All that are kept, the oldest first, damaged ones with their sentence; the factory's is
        not among them."""
        try:
            files = sorted(self.folder.glob("[0-9]*.json"))
        except OSError as error:
            raise CalibrationError(
                f"the calibrations in {self.folder} cannot be listed: {error.strerror}; correct "
                "the directory's permissions."
            ) from None
        found = [self._entry(file) for file in files]
        return sorted(found, key=lambda entry: entry.record.made_utc if entry.record else entry.id)

    def factory(self) -> Record:
        """The data sheets' curves: always there, whatever happens to the disk."""
        calibration = datasheet_calibration(self._mat)
        conditions = {"from": "the parts' data sheets"}
        return Record(FACTORY, "", "the program", conditions, False, calibration)

    def in_force(self) -> Record | None:
        """What the daemon loads; None where nothing was ever put in force.

        Raises `CalibrationError` if its file is damaged.
        """
        try:
            document = read_document(self.current)
            return None if document is None else record_from_json(self._mat, document)
        except CalibrationError as error:
            raise CalibrationError(
                f"the calibration in force, {self.current}, cannot be used "
                f"({str(error).rstrip('.')}); go back to one that is kept by 'pronemat calibrate "
                "rollback'."
            ) from None

    def get(self, name: str) -> Record:
        """A calibration by its identity, the beginning of it, or a word for it.

        Raises `CalibrationError` for one that is not there, not to be told apart, or damaged.
        """
        if name == FACTORY:
            return self.factory()
        if name == IN_FORCE:
            record = self.in_force()
            if record is None:
                raise CalibrationError("no calibration is in force; the data sheets' curves are.")
            return record
        entries = self.entries()
        if name == LATEST and entries:
            found = entries[-1:]
        else:
            found = [entry for entry in entries if entry.id == name] or [
                entry for entry in entries if name and entry.id.startswith(name)
            ]
        if len(found) != 1:
            kept = ", ".join([FACTORY, *(entry.id for entry in entries)])
            what = f"several calibrations begin with '{name}'" if found else f"no '{name}' is kept"
            raise CalibrationError(f"{what}; there are {kept}.")
        if found[0].record is None:
            raise CalibrationError(
                f"the calibration {found[0].id} cannot be used ({found[0].problem}); choose "
                "another of 'pronemat calibrate list'."
            )
        return found[0].record

    def before(self) -> Record:
        """What a rollback without a name goes back to: the newest sound one that is older than the
        one in force; the factory's where there is none."""
        try:
            in_force = self.in_force()
        except CalibrationError:
            in_force = None
        sound = [entry.record for entry in self.entries() if entry.record is not None]
        if in_force is not None:
            places = [place for place, record in enumerate(sound) if record.id == in_force.id]
            sound = sound[: places[0]] if places else sound
        return sound[-1] if sound else self.factory()

    def keep(self, record: Record) -> None:
        """Write its file into the history; `CalibrationError` if the disk refuses."""
        path = self.folder / f"{record.id}.json"
        if path.exists():
            raise CalibrationError(f"{path} is there already; a kept calibration is never changed.")
        write_whole(path, record.to_json(), "the calibration")

    def put_in_force(self, record: Record) -> None:
        """Let the daemon load this one from now on; one that is not yet kept is kept first.

        Raises `CalibrationError` if the disk refuses; then the one before is still in force.
        """
        if record.id != FACTORY and not (self.folder / f"{record.id}.json").exists():
            self.keep(record)
        self._rescue()
        write_whole(self.current, record.to_json(), "the calibration")

    def adopt_old(self) -> Record | None:
        """Take over the one file that there was before there was a history: it is kept, in force if
        no other is, and set aside; what was taken over, None if there was nothing.

        Raises `CalibrationError` for one that cannot be used, or if the disk refuses; the file
        stays as it is then.
        """
        old = self.folder.parent / OLD_NAME
        if not old.exists():
            return None
        record = self._adopted(old)
        if record is None or record.simulated:
            raise CalibrationError(
                f"the calibration {old} of an older version cannot be used; calibrate anew, and "
                "remove that file."
            )
        if not self.current.exists():
            write_whole(self.current, record.to_json(), "the calibration")
        try:
            old.replace(old.with_suffix(ADOPTED_SUFFIX))
        except OSError as error:
            raise CalibrationError(f"{old} cannot be set aside: {error.strerror}.") from None
        return record

    def _rescue(self) -> None:
        """Keep what is in force and nowhere else: a file of the first format, or one put there by
        hand."""
        self._adopted(self.current)

    def _adopted(self, file: Path) -> Record | None:
        """What this file holds, which is kept from now on if it was not; None if it cannot be
        used."""
        try:
            document = read_document(file)
            found = None if document is None else record_from_json(self._mat, document)
        except CalibrationError:
            return None
        if found is None or found.id == FACTORY or (self.folder / f"{found.id}.json").exists():
            return found
        document = found.to_json() | {"id": new_id(found.person, now_utc())}
        if found.made_utc == UNKNOWN:
            document["made_utc"] = stamp(datetime.fromtimestamp(file.stat().st_mtime, UTC))
        record = record_from_json(self._mat, document)
        self.keep(record)
        return record

    def _entry(self, file: Path) -> Entry:
        try:
            document = read_document(file)
            if document is None:
                raise CalibrationError("it has gone.")
            record = record_from_json(self._mat, document, file.stem)
        except CalibrationError as error:
            return Entry(file.stem, None, str(error).rstrip("."))
        if record.id != file.stem:
            return Entry(file.stem, None, f"it says that it is {record.id}")
        return Entry(file.stem, record)
