"""Short recordings of a simulated person with their labels, and runs of the core over them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from device.core.calibration import Calibration, fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Event, FloatArray, Rep
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import read_points, read_recording

DATA = Path(__file__).parent.parent / "data"
MAT, MODEL = load_mat(), load_model()
NAMES = ("each_leg", "both_legs", "loose_strip")


@dataclass(frozen=True)
class Excerpt:
    """Times (k,), counts (k, channels), the mat's calibration and what really happened."""

    t_s: FloatArray
    counts: FloatArray
    calibration: Calibration
    labels: dict[str, Any]


@cache
def excerpt(name: str) -> Excerpt:
    """One of `NAMES`."""
    recording = read_recording(DATA / f"{name}.csv.gz", MAT)
    calibration = fit_calibration(MAT, read_points(DATA / f"{name}.points.csv", MAT), name)
    labels = json.loads((DATA / f"{name}.labels.json").read_text())
    return Excerpt(recording.t_s, recording.counts, calibration, labels)


def run(calibration: Calibration, t_s: FloatArray, counts: FloatArray) -> list[Event]:
    """All events of a whole recording."""
    pipeline = Pipeline(calibration, MODEL)
    events: list[Event] = []
    for time_s, frame in zip(t_s.tolist(), counts, strict=True):
        events += pipeline.step(time_s, frame)
    return events + list(pipeline.finish())


@cache
def events_of(name: str) -> tuple[Event, ...]:
    """The events of an excerpt as it is."""
    source = excerpt(name)
    return tuple(run(source.calibration, source.t_s, source.counts))


def reps(events: list[Event] | tuple[Event, ...]) -> list[Rep]:
    return [event for event in events if isinstance(event, Rep)]


def sides(events: list[Event] | tuple[Event, ...]) -> list[str]:
    return [rep.side.value for rep in reps(events)]


def verdicts(events: list[Event] | tuple[Event, ...]) -> list[tuple[str, str]]:
    """Side and verdict of every rep."""
    return [(rep.side.value, rep.verdict.value) for rep in reps(events)]


def force_table(calibration: Calibration) -> tuple[FloatArray, FloatArray]:
    """Counts (k,) at the nominal reference and the newtons (k, sensors) they mean."""
    electronics = calibration.mat.electronics
    nominal = calibration.mat.reference.nominal_v / electronics.volts_per_count
    counts = np.linspace(0.0, 1.9 * nominal, 4000)
    rows = np.repeat(counts[:, None], len(calibration.mat.channels), axis=1)
    rows[:, -1] = nominal
    return counts, calibration.forces_n(rows)
