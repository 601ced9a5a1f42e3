"""What happens on the mat before a coach, as short as a test wants it, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from device.coach.events import CoachEvent, Said, VisitChanged, VisitState
from device.core.types import Fault, Phase, PhaseEvent, Rep, Side, Verdict


def rep(at_s: float, verdict: Verdict = Verdict.GLUTE, *faults: Fault) -> Rep:
    return Rep(
        at_s=at_s,
        side=Side.LEFT,
        verdict=verdict,
        confidence=0.9,
        start_s=at_s - 4.0,
        top_s=at_s - 2.0,
        end_s=at_s - 0.2,
        lift_s=1.5,
        hold_s=1.0,
        lower_s=1.5,
        faults=faults,
        numbers={},
        reason="",
    )


def lift(at_s: float, side: Side, *faults: Fault) -> Rep:
    return replace(rep(at_s, Verdict.GLUTE, *faults), side=side)


def ready(at_s: float) -> PhaseEvent:
    return PhaseEvent(at_s, Phase.READY)


def lifting(at_s: float) -> PhaseEvent:
    return PhaseEvent(at_s, Phase.LIFTING, Side.LEFT)


def empty(at_s: float) -> PhaseEvent:
    return PhaseEvent(at_s, Phase.EMPTY)


def phase(at_s: float, which: Phase) -> PhaseEvent:
    return PhaseEvent(at_s, which, Side.LEFT if which is Phase.LIFTING else None)


def told(events: Iterable[CoachEvent]) -> list[CoachEvent]:
    """Without what was said."""
    return [event for event in events if not isinstance(event, Said)]


def said(events: Iterable[CoachEvent]) -> list[str]:
    """Which cues, without the reps' numbers."""
    keys = [event.cue.key for event in events if isinstance(event, Said)]
    return [key for key in keys if key != "count"]


def states(events: Iterable[CoachEvent]) -> list[VisitState]:
    return [event.state for event in events if isinstance(event, VisitChanged)]
