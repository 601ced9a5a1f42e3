"""What the coach decides, as types, and as the plain objects that the stream carries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from device.coach.cues import Cue
from device.coach.programme import Plan
from device.coach.progression import Advice
from device.coach.trainee import Member
from device.coach.wire import advice_json, plan_json
from device.core.types import Rep, Side


class End(StrEnum):
    """Why a session ended."""

    ASKED = "asked"
    LEFT = "left"
    STILL = "still"
    SOURCE = "source"
    """The recording is over."""


class VisitState(StrEnum):
    """Where a visit is: nobody yet, the safety page is shown, it was acknowledged, or this person
    has a condition with which a professional is to be asked first."""

    NEW = "new"
    ASKED = "asked"
    CLEARED = "cleared"
    DECLINED = "declined"


class By(StrEnum):
    """Who answered the safety page."""

    PERSON = "person"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """The visit is in another state, or another person's. `member` is whose, None for a guest;
    `answered`, if the safety page was answered with yes just now."""

    at_s: float
    state: VisitState
    by: By = By.PERSON
    member: Member | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """What this visit asks for is another plan: at once, or from the next set on."""

    at_s: float
    plan: Plan | None
    from_next_set: bool = False


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session begins: asked for, or because somebody lies on the mat."""

    at_s: float
    plan: Plan | None = None
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class SetStarted:
    """The first rep after a pause begins a set; `number` counts from 1 within the session."""

    at_s: float
    number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A rep was counted. `number` is its place in the set, `clean` how many of them were clean by
    the plan's strictness, `is_clean` whether this one was, `wanted` the leg that is to lift next,
    if the plan says so, and `advice` what the session so far says of the next one."""

    at_s: float
    set_number: int
    number: int
    clean: int
    rep: Rep
    wanted: Side | None = None
    advice: Advice | None = None
    is_clean: bool = True


@dataclass(frozen=True, slots=True)
class SetEnded:
    """The plan, a pause, or the end of the session ended the set; a rest of `rest_s` follows, and
    the plan asks for `sets_left` more (None without a plan)."""

    at_s: float
    number: int
    count: int
    clean: int
    rest_s: float = 0.0
    sets_left: int | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The session is over."""

    at_s: float
    reason: End


@dataclass(frozen=True, slots=True)
class Said:
    """A cue, now."""

    at_s: float
    cue: Cue


CoachEvent = (
    VisitChanged
    | PlanChanged
    | SessionStarted
    | SetStarted
    | Counted
    | SetEnded
    | SessionEnded
    | Said
)


def coach_event_json(event: CoachEvent) -> dict[str, Any]:
    """The event as the stream carries it."""
    out: dict[str, Any]
    match event:
        case VisitChanged():
            out = {
                "event": "visit",
                "state": event.state.value,
                "by": event.by.value,
                "member": None if event.member is None else event.member.json(),
            }
        case PlanChanged():
            out = {
                "event": "next_plan" if event.from_next_set else "plan",
                "plan": None if event.plan is None else plan_json(event.plan),
            }
        case SessionStarted():
            step = None if event.plan is None else event.plan.variation.value
            out = {"event": "session", "state": "started", "variation": step}
        case SessionEnded():
            out = {"event": "session", "state": "ended", "reason": event.reason.value}
        case SetStarted():
            out = {"event": "set", "state": "started", "set": event.number}
        case SetEnded():
            out = {
                "event": "set",
                "state": "ended",
                "set": event.number,
                "count": event.count,
                "clean": event.clean,
                "rest": event.rest_s,
                "left": event.sets_left,
            }
        case Counted():
            out = {
                "event": "count",
                "set": event.set_number,
                "count": event.number,
                "clean": event.clean,
                "side": event.rep.side.value,
                "verdict": event.rep.verdict.value,
                "good": event.is_clean,
                "next": None if event.wanted is None else event.wanted.value,
                "advice": advice_json(event.advice),
            }
        case Said():
            cue = event.cue
            out = {
                "event": "cue",
                "cue": cue.key,
                "text": cue.words,
                "tone": cue.tone.value,
                "priority": int(cue.priority),
            }
    out["at"] = round(event.at_s, 4)
    return out
