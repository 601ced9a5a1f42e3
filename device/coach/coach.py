"""The session: when it begins and ends, its sets, its counts, and what is said.

    idle -> session -> set -> (pause) -> session -> set ... -> idle

Time is that of the frames. It may jump: a step backwards ends nothing, and pauses are then counted
anew; a gap counts as a pause of its length.
"""

from __future__ import annotations

from dataclasses import dataclass

from device.coach.cues import CUES, fault_cue, side_cue
from device.coach.events import (
    CoachEvent,
    Counted,
    End,
    SessionEnded,
    SessionStarted,
    SetEnded,
    SetStarted,
    VisitState,
    clean_count,
)
from device.coach.programme import Plan
from device.coach.progression import Advice, advise, practice_of
from device.coach.speech import Speech
from device.coach.visit import Visit
from device.core.types import Event, Phase, PhaseEvent, Rep, Side, Verdict, WarningEvent

LIFTED = (Phase.LIFTING, Phase.HOLDING, Phase.LOWERING)
LYING = (Phase.READY, *LIFTED)


@dataclass(frozen=True, slots=True)
class Rules:
    """When sets and sessions end by themselves; see `[session]` of the settings. `asks_safety`
    and `reads_safety_s` are explained in `device.coach.visit`. Without a `plan` a set has no number
    of reps and no leg is wanted."""

    set_pause_s: float
    end_after_empty_s: float
    end_after_still_s: float
    asks_safety: bool = False
    reads_safety_s: float | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Where a session is: the number of its set (0 before the first), the set's reps so far, and
    whether that set is still going on."""

    set_number: int = 0
    reps: tuple[Rep, ...] = ()
    in_set: bool = False

    @property
    def clean(self) -> int:
        return clean_count(self.reps)


class Coach:
    """Takes the core's events in order; each call returns what follows from it.

    The order of the returned events is the order in which they are true: a session starts before
    its set, a set before its rep.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._speech = Speech()
        self._visit = Visit(rules.asks_safety, rules.end_after_empty_s, rules.reads_safety_s)
        self._phase = Phase.EMPTY
        self._tally: Tally | None = None
        self._active_s = 0.0
        self._empty_s: float | None = None
        self._last_s: float | None = None
        self._dismissed = False
        self._rest_until_s: float | None = None
        self._practised: tuple[Rep, ...] = ()

    @property
    def tally(self) -> Tally | None:
        """The session as it stands; None while there is none."""
        return self._tally

    @property
    def visit(self) -> VisitState:
        """Where the visit of whoever is here stands."""
        return self._visit.state

    @property
    def wanted(self) -> Side | None:
        """The leg that is to lift next; None where either may."""
        plan, tally = self._rules.plan, self._tally
        if plan is None or tally is None or not tally.in_set:
            return None
        return plan.wanted(tally.set_number, tally.reps)

    @property
    def sets_left(self) -> int | None:
        """How many sets the plan asks for after the present one; None without a plan."""
        plan, tally = self._rules.plan, self._tally
        return None if plan is None or tally is None else plan.sets_left(tally.set_number)

    @property
    def advice(self) -> Advice | None:
        """What this session alone says of the next; None without a plan. Of a session that an
        earlier run began only its last set is known."""
        plan = self._rules.plan
        if plan is None or not self._practised:
            return None
        return advise((practice_of(plan.variation, self._practised),))

    def rest_left_s(self, at_s: float) -> float:
        """How long the rest between two sets still lasts."""
        return max((self._rest_until_s or at_s) - at_s, 0.0)

    def resume(self, tally: Tally) -> None:
        """Go on with a session that an earlier run began. Call it before the first event."""
        self._tally, self._practised = tally, tally.reps
        self._visit.resume()

    def start(self, at_s: float) -> tuple[CoachEvent, ...]:
        """Begin a session because somebody asked; nothing if one is going on. Who has not yet
        answered the safety page is asked first; the answer begins the session."""
        self._dismissed = False
        if self._tally is not None:
            return ()
        if not self._visit.cleared:
            return self._ask(at_s, self._visit.ask(at_s))
        return self._begin(at_s)

    def acknowledge(self, at_s: float) -> tuple[CoachEvent, ...]:
        """The safety page was read and answered with yes: a session begins."""
        return self._cleared(at_s, self._visit.acknowledge(at_s))

    def decline(self, at_s: float) -> tuple[CoachEvent, ...]:
        """The safety page was answered with a condition: nothing is counted in this visit."""
        return self._visit.decline(at_s)

    def stop(self, at_s: float, reason: End = End.ASKED) -> tuple[CoachEvent, ...]:
        """End the session because somebody asked. The next begins when asked for, or when the mat
        has been empty."""
        self._dismissed = True
        gone = self._visit.leave(at_s) if self._phase is Phase.EMPTY else ()
        if self._tally is None:
            return gone
        return (*self._end(at_s, reason), *gone)

    def take(self, event: Event) -> tuple[CoachEvent, ...]:
        """An event of the core."""
        match event:
            case PhaseEvent():
                return self._phase_changed(event)
            case Rep():
                return self._rep(event)
            case WarningEvent() if self._tally is not None:
                return self._speech.say(event.at_s, CUES[f"warn_{event.fault.value}"], True)
            case _:
                return ()

    def advance(self, at_s: float) -> tuple[CoachEvent, ...]:
        """Time passes: what a pause ends, and what waited to be said."""
        last_s, self._last_s = self._last_s, at_s
        tally = self._tally
        if tally is None:
            visit = self._visit.advance(at_s, self._phase)
            if visit and self._visit.cleared:
                return self._cleared(at_s, visit)
            return (*visit, *self._speech.advance(at_s, self._phase in LIFTED))
        if last_s is None or at_s < last_s:
            # A new clock: what was counted from the old one is counted from here.
            self._active_s, self._rest_until_s = at_s, None
            self._empty_s = at_s if self._phase is Phase.EMPTY else None
            return ()
        rules = self._rules
        if self._phase in LIFTED:
            return self._speech.advance(at_s, True)
        if self._empty_s is not None and at_s - self._empty_s >= rules.end_after_empty_s:
            return (*self._end(at_s, End.LEFT), *self._visit.leave(at_s))
        quiet_s = at_s - self._active_s
        if quiet_s >= rules.end_after_still_s:
            return self._end(at_s, End.STILL)
        out: list[CoachEvent] = []
        if tally.in_set and quiet_s >= rules.set_pause_s:
            out += self._end_set(at_s, tally)
        if self._rest_until_s is not None and at_s >= self._rest_until_s:
            self._rest_until_s = None
            if self._phase is Phase.READY:
                out += self._speech.say(at_s, CUES["next_set"], False)
        return (*out, *self._speech.advance(at_s, False))

    def _phase_changed(self, event: PhaseEvent) -> tuple[CoachEvent, ...]:
        before, self._phase = self._phase, event.phase
        out: list[CoachEvent] = []
        visit = self._visit.phase(event.at_s, event.phase)
        asks_again = event.phase is Phase.READY and self.visit is VisitState.ASKED
        if visit or asks_again:
            out += self._ask(event.at_s, visit)
        if event.phase is Phase.EMPTY:
            if self._dismissed:
                out += self._visit.leave(event.at_s)
            self._dismissed = False
            self._empty_s = event.at_s
        else:
            self._empty_s = None
        if not self._visit.cleared:
            return tuple(out)
        if event.phase in LYING and self._tally is None and not self._dismissed:
            out += self._begin(event.at_s)
        if event.phase is Phase.READY and before not in LIFTED and self._tally is not None:
            out += self._speech.say(event.at_s, CUES["ready"], False)
        return tuple(out)

    def _rep(self, rep: Rep) -> tuple[CoachEvent, ...]:
        if self._dismissed or not self._visit.cleared:
            return ()
        out: list[CoachEvent] = []
        tally = self._tally
        if tally is None:
            out += self._begin(rep.at_s)
            tally = Tally()
        if not tally.in_set:
            self._rest_until_s = None
            tally = Tally(tally.set_number + 1, (), True)
            out.append(SetStarted(rep.at_s, tally.set_number))
        plan = self._rules.plan
        was_wanted = None if plan is None else plan.wanted(tally.set_number, tally.reps)
        tally = Tally(tally.set_number, (*tally.reps, rep), True)
        self._tally, self._active_s = tally, rep.at_s
        self._practised = (*self._practised, rep)
        number = len(tally.reps)
        out.append(
            Counted(rep.at_s, tally.set_number, number, tally.clean, rep, self.wanted, self.advice)
        )
        cue = fault_cue(rep.faults)
        if cue is None:
            cue = side_cue(was_wanted, rep.side)
        if cue is None:
            cue = CUES["clean" if rep.verdict is Verdict.GLUTE else "unsure"]
        out += self._speech.say(rep.at_s, cue, self._phase in LIFTED)
        if plan is not None and tally.set_number <= plan.sets and number >= plan.reps:
            out += self._finish_set(rep.at_s, tally, plan)
        return tuple(out)

    def _finish_set(self, at_s: float, tally: Tally, plan: Plan) -> tuple[CoachEvent, ...]:
        """The set has all the reps that the plan asks for."""
        left = plan.sets_left(tally.set_number)
        rest_s = plan.rest_s if left else 0.0
        self._rest_until_s = at_s + rest_s if left else None
        cue = CUES["set_done" if left else "all_done"]
        return (
            *self._end_set(at_s, tally, rest_s),
            *self._speech.say(at_s, cue, self._phase in LIFTED),
        )

    def _ask(self, at_s: float, visit: tuple[CoachEvent, ...]) -> tuple[CoachEvent, ...]:
        lifting = self._phase in LIFTED
        return (*visit, *self._speech.say(at_s, CUES["safety"], lifting))

    def _cleared(self, at_s: float, visit: tuple[CoachEvent, ...]) -> tuple[CoachEvent, ...]:
        """What follows from a yes: what was still to be said of the page is not, the rest is."""
        if not visit:
            return ()
        self._speech.forget()
        hurts = self._speech.say(at_s, CUES["hurts"], self._phase in LIFTED)
        return (*visit, *hurts, *self._begin(at_s))

    def _begin(self, at_s: float) -> tuple[CoachEvent, ...]:
        self._tally, self._active_s, self._practised = Tally(), at_s, ()
        if self._phase is not Phase.EMPTY:
            return (SessionStarted(at_s),)
        self._empty_s = at_s
        return (SessionStarted(at_s), *self._speech.say(at_s, CUES["welcome"], False))

    def _end_set(self, at_s: float, tally: Tally, rest_s: float = 0.0) -> tuple[CoachEvent, ...]:
        self._tally = Tally(tally.set_number, tally.reps, False)
        count = len(tally.reps)
        return (SetEnded(at_s, tally.set_number, count, tally.clean, rest_s, self.sets_left),)

    def _end(self, at_s: float, reason: End) -> tuple[CoachEvent, ...]:
        tally = self._tally
        out: list[CoachEvent] = []
        if tally is not None and tally.in_set:
            out += self._end_set(at_s, tally)
        out.append(SessionEnded(at_s, reason))
        self._speech.forget()
        if tally is not None and tally.set_number:
            out += self._speech.say(at_s, CUES["goodbye"], False)
        self._tally = self._rest_until_s = None
        return tuple(out)
