"""Every kind of lift as a simulated member does it, beside what the core says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from device.athlete.record import FRAME_S, dead_weight_points
from device.athlete.simulated_mat import SimulatedMat
from device.athlete.truth import TrueRep
from device.core.calibration import fit_calibration
from device.core.mat import Mat
from device.core.pelvis_model import Model
from device.core.pipeline import Pipeline
from device.core.types import Rep, Verdict

LIFTS = (
    *("lift_left", "lift_right", "arch_left", "arch_right", "high_left", "high_right"),
    *("roll_left", "roll_right", "lift_both", "arch_both"),
)
"""Clean, arched, clean at first, rolled; with each leg, and with both."""
SETTLES = ("lie_down", "rest", "rest")
AT_LEAST_S = 1.0
"""By then the first order is being done."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One lift that was ordered: what was done, and the rep that the core made of it, if any."""

    order: str
    done: TrueRep
    said: Rep | None

    @property
    def right(self) -> bool:
        return self.said is not None and self.said.verdict is self.done.verdict

    @property
    def unsure(self) -> bool:
        return self.said is not None and self.said.verdict is Verdict.UNSURE


def examine(mat: Mat, model: Model, seed: int, orders: Sequence[str] = LIFTS) -> list[Examined]:
    """Let the member of that seed do these lifts, on that seed's mat calibrated by dead weights."""
    simulated = SimulatedMat(mat, seed)
    calibration = fit_calibration(mat, dead_weight_points(mat, seed), "dead weights")
    pipeline = Pipeline(calibration, model)
    for order in SETTLES:
        simulated.command(order)
    for order in orders:
        simulated.command(order)
        simulated.command("rest")
    said: list[Rep] = []
    t_s = 0.0
    while t_s < AT_LEAST_S or simulated.doing is not None:
        events = pipeline.step(t_s, simulated.counts(t_s))
        said += [event for event in events if isinstance(event, Rep)]
        t_s += FRAME_S
    return [
        Examined(order, done, _said_of(done, said))
        for order, done in zip(orders, simulated.truth, strict=True)
    ]


def _said_of(done: TrueRep, said: Sequence[Rep]) -> Rep | None:
    return next(
        (rep for rep in said if rep.side is done.side and done.start_s < rep.top_s < done.end_s),
        None,
    )
