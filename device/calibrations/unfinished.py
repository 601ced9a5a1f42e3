"""The readings of a visit that is not finished: on the disk after each one, so that a dropped
connection or a power cut loses none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from device.calibration_file import read_document, write_whole
from device.calibrations.record import (
    Reading,
    Taken,
    readings_from_json,
    readings_json,
)
from device.core.mat import Mat
from device.errors import CalibrationError

UNFINISHED_NAME = "unfinished.json"


@dataclass(frozen=True)
class Unfinished:
    """What was taken so far. `accepted` are the strips whose curve somebody has agreed to."""

    begun_utc: str
    person: str
    conditions: Mapping[str, str]
    strips: tuple[str, ...]
    weights_n: tuple[float, ...]
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    taken: Mapping[str, Taken] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()

    def with_readings(
        self, strip: str, readings: tuple[Reading, ...], at_utc: str, *, accepted: bool = False
    ) -> Unfinished:
        """The same with these readings of a strip in place of what it had."""
        others = tuple(name for name in self.accepted if name != strip)
        return replace(
            self,
            strips=self.strips if strip in self.strips else (*self.strips, strip),
            readings={**self.readings, strip: readings},
            taken={**self.taken, strip: Taken(at_utc, self.person)},
            accepted=(*others, strip) if accepted else others,
        )


def unfinished_path(folder: Path) -> Path:
    """Where it is kept."""
    return folder / UNFINISHED_NAME


def save_unfinished(folder: Path, visit: Unfinished) -> None:
    """Keep it; `CalibrationError` if the disk refuses, and then what was kept before still is."""
    document = {
        "format": 2,
        "begun_utc": visit.begun_utc,
        "person": visit.person,
        "conditions": dict(visit.conditions),
        "strips": list(visit.strips),
        "weights_n": list(visit.weights_n),
        "readings": readings_json(visit.readings),
        "taken": {strip: [taken.at_utc, taken.person] for strip, taken in visit.taken.items()},
        "accepted": list(visit.accepted),
    }
    write_whole(unfinished_path(folder), document, "the readings so far")


def load_unfinished(folder: Path, mat: Mat) -> Unfinished | None:
    """The visit that was left, None if there is none; `CalibrationError` for a damaged file."""
    path = unfinished_path(folder)
    try:
        document = read_document(path)
        if document is None:
            return None
        visit = Unfinished(
            begun_utc=str(document["begun_utc"]),
            person=str(document["person"]),
            conditions={str(k): str(v) for k, v in document["conditions"].items()},
            strips=tuple(map(str, document["strips"])),
            weights_n=tuple(map(float, document["weights_n"])),
            readings=readings_from_json(document["readings"]),
            taken={strip: Taken(*map(str, row)) for strip, row in document["taken"].items()},
            accepted=tuple(map(str, document["accepted"])),
        )
        strangers = {*visit.strips, *visit.readings} - set(mat.names)
        if strangers:
            raise CalibrationError(f"it is of a mat with the strip '{min(strangers)}'.")
    except CalibrationError as error:
        what = str(error).rstrip(".")
    except (KeyError, TypeError, ValueError, AttributeError):
        what = "it was changed into something that pronemat did not write"
    else:
        return visit
    raise CalibrationError(
        f"the readings of an unfinished calibration, {path}, cannot be used ({what}); set them "
        "aside by 'pronemat calibrate discard'."
    )


def discard_unfinished(folder: Path, name: str) -> Path | None:
    """Set the unfinished readings aside under that name; the new path, None if there are none.

    They are not deleted: half an hour's work is not thrown away by one key.
    """
    path = unfinished_path(folder)
    aside = path.with_name(f"{path.stem}-{name}.discarded")
    try:
        path.replace(aside)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CalibrationError(
            f"{path} cannot be moved: {error.strerror}; run the command as the owner of that "
            "directory."
        ) from None
    return aside
