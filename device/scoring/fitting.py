"""Fits the judge's model to labelled reps as the pipeline handed them over.

What is calibrated on the networks' answers (chances, thresholds, the cost of a missing strip) is
calibrated on answers about bodies that those networks have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from device.core.course import Course, Strips
from device.core.judge import (
    BEFORE_S,
    Reading,
    chances_of,
    grown_answers,
    peaks_of,
    read,
    severity,
)
from device.core.mat import Mat
from device.core.pelvis_model import (
    BOTH,
    PELVIS,
    SINGLE,
    STATEMENTS,
    Model,
    Networks,
)
from device.core.rep_trace import RepTrace
from device.core.types import Fault, FloatArray, Side, Verdict
from device.errors import ModelError
from device.scoring.calibrating import best_threshold, fit_logistic, unsure_below, warn_levels
from device.scoring.labels import LabelledRep
from device.scoring.lessons import PEAK_MOST, Example, Learnt, Lesson, learn, lesson_of, row_of

FOLDS = 12
"""So many parts the bodies are put in, of which each is left out once. One part for each body would
take three times as long, and learn from a twelfth more."""
EVERY_FOR_MISSING = 3
"""Every third rep is enough to learn what a missing strip costs."""
FEWEST_BODIES = 4
FEWEST_REPS = 40


@dataclass(frozen=True)
class Crossed:
    """For each body the networks that were fitted without it, and all their answers."""

    learnt: Mapping[str, Learnt]
    peaks: FloatArray
    """(examples, 2) tip and roll in units of the limit, by networks that do not know the body."""
    courses: tuple[FloatArray, ...]
    """(readings, 2) for each example, the same reading by reading."""
    chances: FloatArray
    """(examples, statements)"""


class Run(Protocol):
    """`map`, or the `map` of a pool of processes."""

    def __call__(
        self, work: Callable[[Lesson], Learnt], lessons: Iterable[Lesson], /
    ) -> Iterable[Learnt]: ...


class Fitter:
    """Reads the examples once; fits networks to any part of them."""

    def __init__(self, mat: Mat, examples: Sequence[Example]) -> None:
        self.mat = mat
        self.blank = _blank_model(mat, examples)
        strips = Strips(self.blank, mat)
        self.examples: list[Example] = []
        self.readings: list[Reading] = []
        for example in examples:
            reading = read(example.trace, strips, self.blank)
            if reading is not None:
                self.examples.append(example)
                self.readings.append(reading)
        self.bodies = sorted({example.body for example in self.examples})
        if len(self.bodies) < FEWEST_BODIES or len(self.examples) < FEWEST_REPS:
            raise ModelError(
                f"{len(self.examples)} reps of {len(self.bodies)} bodies are too few to fit to; "
                f"give recordings of at least {FEWEST_BODIES} bodies with {FEWEST_REPS} reps."
            )
        self._rows = [
            row_of(example, reading, way)
            for example, reading in zip(self.examples, self.readings, strict=True)
            for way in range(reading.features.shape[1])
        ]

    def lesson(self, without: Collection[str]) -> Lesson:
        """What there is to learn from all sound reps but those of some bodies."""
        rows = [row for row in self._rows if row.example.sound and row.example.body not in without]
        return lesson_of(rows)

    def crossed(
        self, run: Run = map, progress: Callable[[float], None] = lambda done: None
    ) -> Crossed:
        """Leave each part of the bodies out in turn. `run` is `map`, or one that spreads the work;
        `progress` takes the share that is done."""
        learnt: dict[str, Learnt] = {}
        parts = [self.bodies[first::FOLDS] for first in range(min(FOLDS, len(self.bodies)))]
        lessons = (self.lesson(without=part) for part in parts)
        for part, fitted in zip(parts, run(learn, lessons), strict=True):
            learnt.update(dict.fromkeys(part, fitted))
            progress(len(learnt) / len(self.bodies))
        courses, peaks, chances = [], [], []
        for example, reading in zip(self.examples, self.readings, strict=True):
            by = learnt[example.body]
            courses.append(by.pelvis.answers(reading.features).mean(axis=1))
            peaks.append(_peaks(by, reading))
            chances.append(chances_of(grown_answers(by.trees, STATEMENTS, reading.asked)))
        return Crossed(learnt, np.array(peaks), tuple(courses), np.array(chances))

    def model(self, crossed: Crossed, learnt: Learnt, without: str | None = None) -> Model:
        """A whole model of these networks, calibrated on the answers about all other bodies."""
        chosen = [
            index
            for index, example in enumerate(self.examples)
            if example.sound and example.body != without
        ]
        labels = [self.examples[index].label for index in chosen]
        peak = crossed.peaks[chosen]
        size = np.array([severity(row) for row in peak])
        both = np.array([label.side is Side.BOTH for label in labels])
        moved = np.array([label.verdict is not Verdict.GLUTE for label in labels])
        arched = np.array([label.verdict is Verdict.ARCH for label in labels])
        groups = {SINGLE: ~both, BOTH: both if both.sum() >= FEWEST_REPS else both | True}
        tables = [
            {group: fit_logistic(size[part], truth[part]) for group, part in groups.items()}
            for truth in (moved, arched)
        ]
        chances = crossed.chances[chosen]
        return replace(
            self.blank,
            fitted_on=f"{len(chosen)} reps of {len(self.bodies) - (without is not None)} bodies",
            pelvis=learnt.pelvis,
            rep=learnt.rep,
            trees=learnt.trees,
            moved=tables[0],
            arched=tables[1],
            fault_at=_fault_levels(labels, peak, chances),
            warn_at=warn_levels([crossed.courses[index] for index in chosen], labels),
            unsure_below=unsure_below(size, both, tables[0], tables[1]),
        )

    def missing_errors(self, crossed: Crossed) -> FloatArray:
        """(strips, 2): how far tip and roll move when a strip is taken away and filled in."""
        strips = Strips(self.blank, self.mat)
        errors = np.zeros((len(self.blank.sensors), len(PELVIS)))
        for strip in range(len(self.mat.names)):
            off = []
            for index, example in enumerate(self.examples):
                if not example.sound or index % EVERY_FOR_MISSING:
                    continue
                reading = read(_without_strip(example.trace, strip), strips, self.blank)
                if reading is not None:
                    by = crossed.learnt[example.body]
                    peak = _peaks(by, reading)
                    whole = np.minimum(crossed.peaks[index], PEAK_MOST)
                    off.append(np.minimum(peak, PEAK_MOST) - whole)
            errors[strip] = np.sqrt(np.mean(np.square(off), axis=0))
        return errors


def _peaks(learnt: Learnt, reading: Reading) -> FloatArray:
    return peaks_of(
        learnt.pelvis.answers(reading.features),
        learnt.rep.answers(reading.evidence),
        grown_answers(learnt.trees, PELVIS, reading.asked),
    )


def _fault_levels(
    labels: Sequence[LabelledRep], peak: FloatArray, chances: FloatArray
) -> dict[str, float]:
    tilted = np.array([bool(label.faults & {Fault.TILT, Fault.TOO_HIGH}) for label in labels])
    rolled = np.array([Fault.ROTATION in label.faults for label in labels])
    levels = {
        "tilt": best_threshold(peak[:, 0], tilted),
        "rotation": best_threshold(peak[:, 1], rolled),
    }
    for column, name in enumerate(STATEMENTS):
        truth = np.array([Fault(name) in label.faults for label in labels])
        asked = tilted if name == "too_high" else np.ones(len(labels), dtype=bool)
        levels[name] = best_threshold(chances[asked, column], truth[asked])
    return levels


def _blank_model(mat: Mat, examples: Sequence[Example]) -> Model:
    """What is known before any network is fitted: how loads lie and move together."""
    names = mat.names
    count = len(names)
    nothing = Networks(np.zeros(0), np.zeros(0), ())
    model = Model(
        fitted_on="",
        sensors=names,
        load_mean=np.zeros(2 * count),
        load_covariance=np.eye(2 * count),
        missing_error=np.zeros((count, len(PELVIS))),
        pelvis=nothing,
        rep=nothing,
        trees={},
        moved={},
        arched={},
        fault_at={},
        warn_at=np.ones(len(PELVIS)),
        unsure_below=0.0,
    )
    strips = Strips(model, mat)
    rows = []
    for example in examples:
        trace = example.trace
        if not example.sound or np.isnan(trace.rest_pct).any():
            continue
        course = Course(model, strips, trace.rest_pct, trace.side)
        for t_s, loads in zip(trace.t_s.tolist(), trace.loads_pct, strict=True):
            course.step(t_s, loads)
            if t_s > trace.start_s - BEFORE_S:
                smooth = course.changes(course.state())
                rows += [np.concatenate(way) for way in zip(course.rest, smooth, strict=True)]
    if not rows:
        raise ModelError("no rep was measured by sound strips; give other recordings.")
    loads = np.array(rows)
    return replace(model, load_mean=loads.mean(axis=0), load_covariance=np.cov(loads.T))


def _without_strip(trace: RepTrace, strip: int) -> RepTrace:
    """The trace as the pipeline would make it had this strip been bad all along."""
    rest, loads = trace.rest_pct.copy(), trace.loads_pct.copy()
    rest[strip] = np.nan
    loads[:, strip] = np.nan
    return replace(trace, loads_pct=loads, rest_pct=rest)
