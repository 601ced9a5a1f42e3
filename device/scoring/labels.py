"""Labelled recordings of a folder: what really happened beside what the mat measured."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.core.types import Fault, Side, Verdict
from device.errors import RecordingError

LABELS_SUFFIX = ".labels.json"
RECORDING_SUFFIXES = (".csv.gz", ".csv")
POINTS_SUFFIX = ".points.csv"
NEVER_S = math.inf


@dataclass(frozen=True, slots=True)
class LabelledRep:
    """One rep as it was; times in the recording's own seconds, `NEVER_S` for what did not come."""

    start_s: float
    top_s: float
    end_s: float
    side: Side
    verdict: Verdict
    tilt_deg: float
    rotation_deg: float
    faults: frozenset[Fault]
    over_quiet_s: float
    over_limit_s: float


@dataclass(frozen=True, slots=True)
class Span:
    """What happened from one moment to another outside reps."""

    start_s: float
    end_s: float
    what: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled session and the files that belong to it."""

    name: str
    recording: Path
    points: Path | None
    body: str
    reps: tuple[LabelledRep, ...]
    spans: tuple[Span, ...]
    bad_sensor: str | None
    bad_from_s: float


def read_folder(folder: Path) -> list[Labelled]:
    """Every labelled recording of a folder, by name. `RecordingError` with the remedy if there is
    none or a file is not what it should be."""
    if not folder.is_dir():
        raise RecordingError(f"{folder} is not a folder; give the one that holds the recordings.")
    found = sorted(folder.glob("*" + LABELS_SUFFIX))
    if not found:
        raise RecordingError(
            f"{folder} holds no labels (NAME{LABELS_SUFFIX}); give a folder of labelled recordings."
        )
    return [read_labels(path) for path in found]


def read_labels(path: Path) -> Labelled:
    """One labels file, with the recording and the points beside it."""
    name = path.name.removesuffix(LABELS_SUFFIX)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise RecordingError(f"{path} is no JSON; copy it again from where it came.") from None
    try:
        fault = data.get("sensor_fault") or {}
        return Labelled(
            name=name,
            recording=_recording(path, name),
            points=_points(path, name, data),
            body=str(data.get("body", name)),
            reps=tuple(_rep(row) for row in data["reps"]),
            spans=tuple(
                Span(float(row["start"]), float(row["end"]), str(row["what"]))
                for row in data.get("spans", ())
            ),
            bad_sensor=fault.get("sensor"),
            bad_from_s=float(fault.get("from", NEVER_S)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordingError(
            f"{path} is not a labels file ({error}); compare it with one that is."
        ) from None


def _recording(path: Path, name: str) -> Path:
    for suffix in RECORDING_SUFFIXES:
        beside = path.with_name(name + suffix)
        if beside.exists():
            return beside
    raise RecordingError(f"{path} has no recording {name}.csv.gz or {name}.csv beside it; add it.")


def _points(path: Path, name: str, data: Mapping[str, Any]) -> Path | None:
    """The mat's calibration points, or the recording's own; None where there are neither."""
    for stem in (str(data.get("mat", name)), name):
        beside = path.with_name(stem + POINTS_SUFFIX)
        if beside.exists():
            return beside
    return None


def _rep(row: Mapping[str, Any]) -> LabelledRep:
    return LabelledRep(
        start_s=float(row["start"]),
        top_s=float(row["top"]),
        end_s=float(row["end"]),
        side=Side(row["side"]),
        verdict=Verdict(row["verdict"]),
        tilt_deg=float(row["pelvic_tilt_deg"]),
        rotation_deg=float(row["pelvic_rotation_deg"]),
        faults=frozenset(Fault(fault) for fault in row["faults"]),
        over_quiet_s=float(row.get("over_quiet", NEVER_S)),
        over_limit_s=float(row.get("over_limit", NEVER_S)),
    )
