"""One session as a picture: loads of every row, tilt and roll, phases, reps and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from device.core.faults import FAULTS
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.core.types import (
    Event,
    FloatArray,
    Phase,
    PhaseEvent,
    Rep,
    StripEvent,
    Verdict,
    WarningEvent,
)
from device.recording import Recording
from device.scoring.labels import LabelledRep
from device.scoring.svg import Svg

EVERY_S = 0.05
"""Between two drawn points: finer than a pixel."""
TOLD_EVERY_S = 2.0
"""Of the recording, which take some hundredths of a second to replay."""
PX_PER_S, LEAST_WIDTH, MOST_WIDTH = 12.0, 1100.0, 6000.0
LEFT_MARGIN, TOP_MARGIN, MARGIN = 90.0, 40.0, 24.0
ROW_HEIGHT, GAP = 64.0, 10.0
LINE_HEIGHT = 18.0
TICK_S = 10.0

INK, FAINT, PAPER = "#1b2430", "#c8ced6", "#ffffff"
LEFT_COLOUR, RIGHT_COLOUR, MIDDLE_COLOUR = "#0072b2", "#d55e00", "#333333"
"""Left and right keep apart for colour-blind eyes (Okabe and Ito's palette)."""
VERDICT_COLOURS: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.GLUTE: "#009e73", Verdict.ARCH: "#cc3311", Verdict.UNSURE: "#888888"}
)
PHASE_COLOURS: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.EMPTY: "#f2f2f2",
        Phase.GETTING_ON: "#e6e0cc",
        Phase.SETTLING: "#d9cfa8",
        Phase.READY: "#cfe8dd",
        Phase.LIFTING: "#8fc1e3",
        Phase.HOLDING: "#5a9bd4",
        Phase.LOWERING: "#a9c9e8",
        Phase.LEAVING: "#e3c6b8",
    }
)


@dataclass(frozen=True)
class Story:
    """What the core made of a recording: `(points,)` and `(points, strips)`, and its events."""

    t_s: FloatArray
    loads_n: FloatArray
    tilt_pct: FloatArray
    roll_pct: FloatArray
    events: tuple[Event, ...]


def told(
    pipeline: Pipeline, recording: Recording, progress: Callable[[float], None] = lambda _: None
) -> Story:
    """Run the recording through the core and keep what is drawn; `progress` is told the share that
    is done."""
    events: list[Event] = []
    kept = []
    next_s = told_s = -np.inf
    began_s, end_s = float(recording.t_s[0]), float(recording.t_s[-1])
    for t_s, counts in zip(recording.t_s.tolist(), recording.counts, strict=True):
        if t_s >= told_s + TOLD_EVERY_S:
            told_s = t_s
            progress((t_s - began_s) / max(end_s - began_s, EVERY_S))
        events += pipeline.step(t_s, counts)
        if t_s >= next_s:
            next_s = t_s + EVERY_S
            live = pipeline.live()
            kept.append((t_s, live.forces_n.copy(), live.tilt_pct, live.roll_pct))
    events += pipeline.finish()
    progress(1.0)
    times, loads, tilt, roll = zip(*kept, strict=True)
    return Story(np.array(times), np.array(loads), np.array(tilt), np.array(roll), tuple(events))


def draw(story: Story, mat: Mat, title: str, labels: Sequence[LabelledRep] = ()) -> str:
    """The SVG. `labels`, if given, are drawn as bars above the reps that the core found."""
    reps = [event for event in story.events if isinstance(event, Rep)]
    strips = [event for event in story.events if isinstance(event, StripEvent)]
    panels = len(mat.rows) + 2
    span_s = max(float(story.t_s[-1] - story.t_s[0]), 1.0)
    inner = min(max(span_s * PX_PER_S, LEAST_WIDTH), MOST_WIDTH)
    drawn = TOP_MARGIN + 60 + panels * (ROW_HEIGHT + GAP)
    height = drawn + (len(reps) + len(strips) + 2) * LINE_HEIGHT + MARGIN
    picture = _Picture(Svg(LEFT_MARGIN + inner + MARGIN, height), story, inner / span_s)
    picture.svg.rectangle(0, 0, LEFT_MARGIN + inner + MARGIN, height, PAPER)
    picture.svg.words(LEFT_MARGIN, 22, title, INK, 16)
    picture.reps(reps, labels, drawn)
    picture.phases()
    y = TOP_MARGIN + 50
    for row in mat.rows:
        curves = [
            (_colour(mat.sensors[index].side), story.loads_n[:, index])
            for index in mat.indices(row)
        ]
        picture.panel(y, f"{row}, N", curves)
        y += ROW_HEIGHT + GAP
    for words, values in (("tilt, % bw", story.tilt_pct), ("roll, % bw", story.roll_pct)):
        picture.panel(y, words, [(MIDDLE_COLOUR, values)])
        y += ROW_HEIGHT + GAP
    picture.seconds(y)
    picture.sentences(y + 2 * LINE_HEIGHT, reps, strips)
    return picture.svg.text()


class _Picture:
    def __init__(self, svg: Svg, story: Story, px_per_s: float) -> None:
        self.svg = svg
        self._story = story
        self._px_per_s = px_per_s
        self._x = self._at(story.t_s)

    def _at(self, t_s: FloatArray) -> FloatArray:
        return np.asarray(LEFT_MARGIN + (t_s - self._story.t_s[0]) * self._px_per_s)

    def _x_of(self, t_s: float) -> float:
        return LEFT_MARGIN + (t_s - float(self._story.t_s[0])) * self._px_per_s

    def reps(self, reps: Sequence[Rep], labels: Sequence[LabelledRep], bottom: float) -> None:
        """A band behind all panels for each rep, its number above; what was labelled on top."""
        for number, rep in enumerate(reps, start=1):
            x, end = self._x_of(rep.start_s), self._x_of(rep.end_s)
            colour = VERDICT_COLOURS[rep.verdict]
            self.svg.rectangle(x, TOP_MARGIN + 22, end - x, bottom - TOP_MARGIN - 22, colour, 0.13)
            top = self._x_of(rep.top_s)
            self.svg.line([(top, TOP_MARGIN + 22), (top, bottom)], colour, 0.5)
            words = f"{number} {rep.side.value} {rep.verdict.value}"
            self.svg.words((x + end) / 2, TOP_MARGIN + 18, words, colour, 10, "middle")
        for label in labels:
            x, end = self._x_of(label.start_s), self._x_of(label.end_s)
            self.svg.rectangle(x, TOP_MARGIN, end - x, 5, VERDICT_COLOURS[label.verdict])
        for event in self._story.events:
            if isinstance(event, WarningEvent):
                x = self._x_of(event.at_s)
                self.svg.line([(x, TOP_MARGIN + 22), (x, bottom)], VERDICT_COLOURS[Verdict.ARCH])

    def phases(self) -> None:
        changes = [event for event in self._story.events if isinstance(event, PhaseEvent)]
        ends = [*(change.at_s for change in changes[1:]), float(self._story.t_s[-1])]
        for change, end_s in zip(changes, ends, strict=False):
            x = self._x_of(change.at_s)
            width = self._x_of(end_s) - x
            self.svg.rectangle(x, TOP_MARGIN + 26, width, 14, PHASE_COLOURS[change.phase])
            if width > 50:
                self.svg.words(x + 2, TOP_MARGIN + 37, change.phase.value, INK, 10)
        self.svg.words(LEFT_MARGIN - 8, TOP_MARGIN + 37, "phase", INK, 11, "end")

    def panel(self, y: float, words: str, curves: Sequence[tuple[str, FloatArray]]) -> None:
        """One row of curves that share a scale, with its range written beside it."""
        values = np.concatenate([curve for _, curve in curves])
        values = values[np.isfinite(values)]
        low = min(float(np.percentile(values, 0.5)), 0.0) if values.size else 0.0
        high = max(float(np.percentile(values, 99.5)), low + 1.0) if values.size else 1.0
        scale = ROW_HEIGHT / (high - low)
        zero = y + high * scale
        right = float(self._x[-1])
        self.svg.line([(LEFT_MARGIN, zero), (right, zero)], FAINT)
        self.svg.words(LEFT_MARGIN - 8, y + ROW_HEIGHT / 2, words, INK, 11, "end")
        self.svg.words(LEFT_MARGIN - 8, y + 10, f"{high:.0f}", INK, 9, "end")
        self.svg.words(LEFT_MARGIN - 8, y + ROW_HEIGHT, f"{low:.0f}", INK, 9, "end")
        for colour, curve in curves:
            at = y + (high - np.clip(curve, low, high)) * scale
            self.svg.curve(self._x, at, colour, 1.1)

    def seconds(self, y: float) -> None:
        first, last = float(self._story.t_s[0]), float(self._story.t_s[-1])
        for t_s in np.arange(np.ceil(first / TICK_S) * TICK_S, last, TICK_S).tolist():
            self.svg.words(self._x_of(t_s), y + 4, f"{t_s:.0f} s", INK, 10, "middle")

    def sentences(self, y: float, reps: Sequence[Rep], strips: Sequence[StripEvent]) -> None:
        for number, rep in enumerate(reps, start=1):
            faults = ", ".join(FAULTS[fault].words for fault in rep.faults)
            text = (
                f"{number}  {rep.start_s:.1f} to {rep.end_s:.1f} s, {rep.side.value}: "
                f"{rep.verdict.value} ({100 * rep.confidence:.0f} %). {rep.reason}"
            )
            text += f" Faults: {faults}." if faults else ""
            self.svg.words(LEFT_MARGIN, y, text, VERDICT_COLOURS[rep.verdict])
            y += LINE_HEIGHT
        for event in strips:
            state = event.problem or "good again"
            text = f"{event.at_s:.1f} s: strip {event.sensor} {state}"
            self.svg.words(LEFT_MARGIN, y, text, INK)
            y += LINE_HEIGHT


def _colour(side: str | None) -> str:
    return {"left": LEFT_COLOUR, "right": RIGHT_COLOUR}.get(side or "", MIDDLE_COLOUR)
