"""A coach that is listened to while its time passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from device.coach.coach import Coach
from device.coach.events import CoachEvent, Said
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN, Plan
from device.coach.voice import LIFTED
from device.core.types import Fault, Phase, PhaseEvent, PostureEvent, Side, Verdict
from tests.coach.moments import rep

STEP_S = 0.1


class Heard:
    """A coach whose time passes in steps, and everything that it said."""

    def __init__(self, plan: Plan | None = DEFAULT_PLAN, *, asks: bool = False) -> None:
        self.coach = Coach(Rules(45.0, 60.0, 300.0, asks_safety=asks, plan=plan))
        self.now_s = 0.0
        self.said: list[tuple[float, str]] = []
        self.numbers: list[tuple[float, str]] = []
        self.over_a_lift: list[str] = []
        self._phase = Phase.EMPTY
        self.coach.advance(0.0)

    def take(self, events: Iterable[CoachEvent]) -> None:
        for event in events:
            if isinstance(event, Said):
                heard = self.numbers if event.cue.key == "count" else self.said
                key = event.cue.words if event.cue.key == "count" else event.cue.key
                heard.append((round(event.at_s, 2), key))
                if event.cue.words and self._phase in LIFTED:
                    self.over_a_lift.append(key)

    def phase(self, phase: Phase, side: Side | None = None) -> None:
        self._phase = phase
        self.take(self.coach.take(PhaseEvent(self.now_s, phase, side)))

    def wait(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            self.now_s = min(self.now_s + STEP_S, until_s)
            self.take(self.coach.advance(self.now_s))

    def lie(self, **problems: float) -> None:
        """Somebody lies down and is found to lie so."""
        self.phase(Phase.GETTING_ON)
        self.wait(2.0)
        self.phase(Phase.SETTLING)
        self.wait(0.6)
        self.phase(Phase.READY)
        self.wait(1.0)
        self.take(self.coach.take(PostureEvent(self.now_s, problems)))

    def lift(
        self, side: Side, *faults: Fault, verdict: Verdict = Verdict.GLUTE, seconds: float = 6.0
    ) -> None:
        began_s = self.now_s
        self.phase(Phase.LIFTING, side)
        self.wait(seconds - 2.0)
        self.phase(Phase.LOWERING, side)
        self.wait(2.0)
        done = replace(
            rep(self.now_s, verdict, *faults), side=side, start_s=began_s, end_s=self.now_s
        )
        self.take(self.coach.take(done))
        self.phase(Phase.READY)

    def turn(self, pairs: int) -> None:
        """Clean lifts, left and right in turn."""
        for side in (Side.LEFT, Side.RIGHT) * pairs:
            self.lift(side)
            self.wait(3.0)

    def cues(self, *starts: str) -> list[str]:
        return [key for _, key in self.said if key.startswith(starts or ("",))]

    def at_s(self, key: str) -> float:
        return next(at_s for at_s, said in self.said if said == key)

    def clear(self) -> None:
        self.said.clear()
