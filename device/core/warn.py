"""Says while the leg is still up that the pelvis is moving, so that the member can correct it."""

from __future__ import annotations

from math import nan

import numpy as np

from device.core.course import Course, Strips
from device.core.judge import EVERY_TICKS, MOST_MISSING_ERROR, missing_error
from device.core.mat import Mat
from device.core.pelvis_model import Model
from device.core.types import Fault, FloatArray, Side

WARNINGS = (Fault.TILT, Fault.ROTATION)
"""What is warned of, in the order of the model's first outputs."""
NOT_READ = (nan, nan)
AGAIN = 2
"""The answer must stand at two readings, 0.04 s apart: one alone may be a knock."""


class PelvisWatch:
    """Watches one lift after the other. `start` it at each, then `update` it with each tick.

    Each fault is said once a lift, at the first tick that shows it; no later tick is needed.
    """

    def __init__(self, mat: Mat, model: Model) -> None:
        self._model = model
        self._strips = Strips(model, mat)
        self._course: Course | None = None
        self._over = np.zeros(len(WARNINGS), dtype=int)
        self._ticks = 0
        self._moved = NOT_READ
        self._said: set[Fault] = set()

    @property
    def moved(self) -> tuple[float, float]:
        """How far the pelvis had tipped and rolled when last read, each as a share of its limit
        (`LIMITS_DEG`), positive as in an arch and as the lifted side rises; NaN where the strips
        do not tell."""
        return self._moved

    def start(self, rest_pct: FloatArray, side: Side, t_s: float) -> None:
        """A lift begins at `t_s`: the rest loads before it, in % of body weight, NaN for bad
        strips, and the leg or legs that go up. Starting anew forgets what was said."""
        self._course = Course(self._model, self._strips, rest_pct, side)
        missing = self._course.missing
        if missing.all() or missing_error(self._model, missing) > MOST_MISSING_ERROR:
            # A member who is warned for nothing stops listening.
            self._course = None
        self._over[:] = 0
        self._ticks = 0
        self._moved = NOT_READ
        self._said.clear()

    def update(self, t_s: float, loads_pct: FloatArray) -> Fault | None:
        """One tick of that lift, in % of body weight; a fault when it is first seen."""
        course = self._course
        if course is None:
            return None
        course.step(t_s, loads_pct)
        read_now = self._ticks % EVERY_TICKS == 0
        self._ticks += 1
        if not read_now:
            return None
        answers = self._model.pelvis.answers(course.features(course.state())).mean(axis=0)
        self._moved = (float(answers[0]), float(answers[1]))
        over = answers[: len(WARNINGS)] >= self._model.warn_at
        if not over.any():
            self._over[:] = 0
            return None
        self._over = np.where(over, self._over + 1, 0)
        for index in np.argsort(-answers[: len(WARNINGS)]).tolist():
            fault = WARNINGS[index]
            if self._over[index] >= AGAIN and fault not in self._said:
                self._said.add(fault)
                return fault
        return None
