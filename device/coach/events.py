"""What the coach decides, as types, and as the plain objects that the stream carries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from device.coach.cues import Cue
from device.coach.progression import Advice
from device.coach.wire import advice_json
from device.core.types import Rep, Side, Verdict


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
    """The visit is in another state."""

    at_s: float
    state: VisitState
    by: By = By.PERSON


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session begins: asked for, or because somebody lies on the mat."""

    at_s: float


@dataclass(frozen=True, slots=True)
class SetStarted:
    """The first rep after a pause begins a set; `number` counts from 1 within the session."""

    at_s: float
    number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A rep was counted. `number` is its place in the set, `clean` how many of them were clean,
    `wanted` the leg that is to lift next, if the plan says so, and `advice` what the session so far
    says of the next one."""

    at_s: float
    set_number: int
    number: int
    clean: int
    rep: Rep
    wanted: Side | None = None
    advice: Advice | None = None


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


CoachEvent = VisitChanged | SessionStarted | SetStarted | Counted | SetEnded | SessionEnded | Said


def coach_event_json(event: CoachEvent) -> dict[str, Any]:
    """The event as the stream carries it."""
    out: dict[str, Any]
    match event:
        case VisitChanged():
            out = {"event": "visit", "state": event.state.value, "by": event.by.value}
        case SessionStarted():
            out = {"event": "session", "state": "started"}
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


def clean_count(reps: tuple[Rep, ...]) -> int:
    """How many of the reps were made by the hip over a quiet pelvis."""
    return sum(rep.verdict is Verdict.GLUTE for rep in reps)
