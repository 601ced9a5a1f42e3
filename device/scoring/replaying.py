"""Labelled recordings through the core: what it says of them, and what it hands to its judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pelvis_model import Model
from device.core.pipeline import Pipeline
from device.core.rep_trace import RepTrace
from device.core.types import Event, FloatArray
from device.recording import Recording, read_points, read_recording
from device.scoring.labels import Labelled, LabelledRep
from device.scoring.lessons import Example
from device.scoring.matching import match


@dataclass(frozen=True, slots=True)
class Session:
    """One labelled recording in memory, with its mat's calibration."""

    labelled: Labelled
    recording: Recording
    calibration: Calibration


def load_session(labelled: Labelled, mat: Mat) -> Session:
    """Read the recording; without points the data sheet's curves are taken."""
    recording = read_recording(labelled.recording, mat)
    if labelled.points is None:
        return Session(labelled, recording, datasheet_calibration(mat))
    points = read_points(labelled.points, mat)
    return Session(labelled, recording, fit_calibration(mat, points, labelled.points.name))


def events_of(session: Session, model: Model | None) -> list[Event]:
    """Everything the core says of the recording with this model."""
    return _through(Pipeline(session.calibration, model), session.recording)


def examples_of(session: Session) -> list[Example]:
    """The reps that the core found and that are labelled, as the judge gets them."""
    traces: list[RepTrace] = []
    _through(Pipeline(session.calibration, on_trace=traces.append), session.recording)
    labelled = session.labelled
    found = [(trace.start_s, trace.end_s) for trace in traces]
    truth = [(rep.start_s, rep.end_s) for rep in labelled.reps]
    return [
        _example(labelled, traces[mine], labelled.reps[theirs])
        for mine, theirs in match(found, truth)
        if traces[mine].side is labelled.reps[theirs].side
    ]


def _example(labelled: Labelled, trace: RepTrace, rep: LabelledRep) -> Example:
    sound = rep.end_s < labelled.bad_from_s and bool(np.isfinite(trace.rest_pct).all())
    return Example(labelled.body, trace, rep, sound)


def _through(pipeline: Pipeline, recording: Recording) -> list[Event]:
    events: list[Event] = []
    times: Sequence[float] = recording.t_s.tolist()
    rows: FloatArray = recording.counts
    for t_s, counts in zip(times, rows, strict=True):
        events += pipeline.step(t_s, counts)
    events += pipeline.finish()
    return events
