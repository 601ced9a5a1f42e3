"""An empty mat on which a recorded visit happens when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN
from device.core.calibration import fit_calibration
from device.core.types import FloatArray, Frame
from device.mat_file import load_mat
from device.recording import Recording, read_points, read_recording
from device.sources.base import Counters
from tests.daemon.process import DEADLINE_S
from tests.daemon.rig import Rig, Staged

FRAME_S = 0.01
IDLE_S = 0.002
"""An empty mat's frames come five times as fast as life."""
EMPTY_S = 5.0
"""When the visit is over on a stage: soon, for what a minute would show is the coach's tests'."""


class StagedSource:
    """`go` lets the visit happen; before and after it the mat is empty."""

    name = "demo"

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._go = threading.Event()
        self._closed = threading.Event()
        self._frames = 0
        self.begun_s: float | None = None
        """The time of the visit's first frame."""

    def go(self) -> None:
        """The visit begins with the next frame."""
        self._go.set()

    def frames(self) -> Iterator[Frame]:
        t_s, empty = 0.0, self._recording.counts[0]
        played = False
        while not self._closed.is_set():
            if self._go.is_set() and not played:
                played = True
                self.begun_s = t_s + FRAME_S
                began_s = self.begun_s - float(self._recording.t_s[0])
                for frame in self._recording.frames():
                    t_s = began_s + frame.t_s
                    yield self._frame(t_s, frame.counts)
                    if self._closed.is_set():
                        return
            t_s += FRAME_S
            yield self._frame(t_s, empty)
            self._closed.wait(IDLE_S)

    def counters(self) -> Counters:
        return Counters(self._frames, 100.0, 0, 0)

    def close(self) -> None:
        self._closed.set()

    def _frame(self, t_s: float, counts: FloatArray) -> Frame:
        self._frames += 1
        return Frame(self._frames - 1, t_s, counts, np.full(len(counts), t_s))


class StagedRig(Rig):
    """A loop over a stage, with the rules of the mat itself but for how soon a visit is over."""

    def __init__(self, folder: Path, visit: tuple[Path, Path], stack: ExitStack) -> None:
        mat = load_mat()
        recording, points = visit
        self.stage = StagedSource(read_recording(recording, mat))
        calibration = fit_calibration(mat, read_points(points, mat), "points")
        rules = Rules(45.0, EMPTY_S, 300.0, asks_safety=True, plan=DEFAULT_PLAN)
        super().__init__(folder, stack, Staged(self.stage, calibration, rules))

    def train(self) -> None:
        """Let the visit happen, until all of it is stored and everybody has gone."""
        self.stage.go()
        self.until_so(lambda snapshot: snapshot["session"] is not None)
        self.finish()

    def finish(self) -> None:
        """Wait until the visit that goes on is over and all of it is stored."""
        self.until_so(lambda snapshot: snapshot["visit"] == "new")
        assert self.writer.flush(DEADLINE_S)


@contextmanager
def staged_rig(folder: Path, visit: tuple[Path, Path]) -> Iterator[StagedRig]:
    """A stage in this folder, with the recording and the points of a visit."""
    with ExitStack() as stack:
        yield StagedRig(folder, visit, stack)
