"""A patient pair of hands: lays the weights that a procedure asks for on a simulated mat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from device.athlete import SimulatedMat
from device.calibrations.look import Step
from device.calibrations.procedure import Procedure
from device.core.mat import Mat
from device.core.types import Frame

FRAME_S = 0.05
"""Twenty frames a second are enough for blocks of a tenth."""
DEADLINE_S = 600.0


class Bench:
    """A simulated mat with nobody on it, in time of its own."""

    def __init__(self, mat: Mat, seed: int = 1) -> None:
        self.mat = mat
        self.simulated = SimulatedMat(mat, seed)
        self.simulated.command("get_up")
        self.now_s = 0.0
        self._sequence = 0

    def lay(self, strip: str, weight_n: float) -> None:
        self.simulated.weights.lay(strip, weight_n)

    def frame(self) -> Frame:
        self.now_s += FRAME_S
        self._sequence += 1
        counts = self.simulated.counts(self.now_s)
        return Frame(self._sequence, self.now_s, counts, np.full(len(counts), self.now_s))

    def run(self, procedure: Procedure, until: Callable[[Procedure], bool]) -> None:
        """Frames until then, without touching anything."""
        deadline_s = self.now_s + DEADLINE_S
        while not until(procedure):
            procedure.take(self.frame())
            assert self.now_s < deadline_s, procedure.look

    def wait(self, procedure: Procedure, seconds: float) -> None:
        end_s = self.now_s + seconds
        self.run(procedure, lambda _: self.now_s >= end_s)

    def until(self, procedure: Procedure, *steps: Step) -> None:
        self.run(procedure, lambda one: one.look.step in steps)

    def obey(self, procedure: Procedure) -> None:
        """Lay what is asked for, and wait for what comes of it."""
        look = procedure.look
        assert look.step is Step.PLACE, look
        assert look.strip is not None
        taken = len(look.readings)
        self.lay(look.strip, look.weight_n)
        self.run(
            procedure,
            lambda one: len(one.look.readings) != taken or one.look.step is Step.REFUSED,
        )

    def strip(self, procedure: Procedure) -> None:
        """All that one strip needs, until its curve is there or a point was refused."""
        self.until(procedure, Step.PLACE)
        while procedure.look.step is Step.PLACE:
            self.obey(procedure)
