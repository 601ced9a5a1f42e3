"""One calibration as it is kept: the curves, the readings behind them, who, when and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from device.calibration_file import FORMAT
from device.core.calibration import Calibration, calibration_from_json
from device.core.mat import Mat
from device.errors import CalibrationError

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """One weight on a strip: its force in newtons, and the counts at the nominal supply.

    `rising` tells whether the weights before it were lighter: a strip reads more on the way down.
    """

    force_n: float
    counts: float
    rising: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """When a strip's readings were taken (UTC, ISO 8601), and by whom."""

    at_utc: str
    person: str


@dataclass(frozen=True)
class Record:
    """A calibration of the whole mat. Strips that a visit left alone keep their older readings."""

    id: str
    made_utc: str
    person: str
    conditions: Mapping[str, str]
    simulated: bool
    calibration: Calibration
    taken: Mapping[str, Taken] = field(default_factory=dict)
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The document of its file."""
        return {
            "format": FORMAT,
            "id": self.id,
            "made_utc": self.made_utc,
            "person": self.person,
            "conditions": dict(self.conditions),
            "simulated": self.simulated,
            "taken": {
                strip: {"at_utc": taken.at_utc, "person": taken.person}
                for strip, taken in self.taken.items()
            },
            "readings": readings_json(self.readings),
            "calibration": self.calibration.to_json(),
        }


def record_from_json(mat: Mat, document: Mapping[str, Any], default_id: str = UNKNOWN) -> Record:
    """The calibration of a document; `CalibrationError` if it makes no sense for this mat.

    A document of the first format, which had the curves alone, is of unknown origin.
    """
    try:
        return Record(
            id=str(document.get("id", default_id)),
            made_utc=str(document.get("made_utc", UNKNOWN)),
            person=str(document.get("person", UNKNOWN)),
            conditions={
                str(key): str(value) for key, value in document.get("conditions", {}).items()
            },
            simulated=document.get("simulated") is True,
            calibration=calibration_from_json(mat, document.get("calibration")),
            taken={
                str(strip): Taken(str(taken["at_utc"]), str(taken["person"]))
                for strip, taken in document.get("taken", {}).items()
            },
            readings=readings_from_json(document.get("readings", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CalibrationError(
            "what it says beside the curves was changed into something that pronemat did not write."
        ) from None


def readings_json(readings: Mapping[str, tuple[Reading, ...]]) -> dict[str, Any]:
    """The readings of all strips as plain lists."""
    return {
        strip: [[r.force_n, round(r.counts, 2), "up" if r.rising else "down"] for r in rows]
        for strip, rows in readings.items()
    }


def readings_from_json(data: Any) -> dict[str, tuple[Reading, ...]]:
    """What `readings_json` wrote; `ValueError`, `TypeError` or `AttributeError` if it is not."""
    found = {}
    for strip, rows in data.items():
        readings = []
        for force_n, counts, way in rows:
            if way not in ("up", "down"):
                raise ValueError(f"'{way}' is neither up nor down")
            readings.append(Reading(float(force_n), float(counts), way == "up"))
        found[str(strip)] = tuple(readings)
    return found
