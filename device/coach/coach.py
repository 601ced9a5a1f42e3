"""The session: when it begins and ends, its sets and its counts, and whose it is.

    idle -> session -> set -> (pause) -> session -> set ... -> idle

Time is that of the frames. It may jump: a step backwards ends nothing, a gap counts as a pause of
its length.
"""

from __future__ import annotations

from device.coach.events import CoachEvent, End, SessionEnded, SessionStarted, VisitState
from device.coach.pauses import Pauses, Rules
from device.coach.programme import Plan
from device.coach.progression import Advice
from device.coach.sets import Sets
from device.coach.tally import Tally
from device.coach.trainee import GUEST, Trainee
from device.coach.visit import Visit
from device.coach.voice import LIFTED, Voice, Wish
from device.core.types import (
    Event,
    Missed,
    Phase,
    PhaseEvent,
    PostureEvent,
    Rep,
    Side,
    WarningEvent,
)
from device.errors import RefusedError

LYING = (Phase.READY, *LIFTED)


class Coach:
    """Takes the core's events in order; each call returns what follows from it.

    The order of the returned events is the order in which they are true: a session starts before
    its set, a set before its rep.
    """

    def __init__(self, rules: Rules) -> None:
        self._voice = Voice()
        self._visit = Visit(rules.asks_safety, rules.end_after_empty_s, rules.reads_safety_s)
        self._phase = Phase.EMPTY
        self._sets = Sets(rules.plan)
        self._pauses = Pauses(rules)
        self._dismissed = False

    @property
    def tally(self) -> Tally | None:
        """The session as it stands; None while there is none."""
        return self._sets.tally

    @property
    def visit(self) -> VisitState:
        """Where the visit of whoever is here stands."""
        return self._visit.state

    @property
    def trainee(self) -> Trainee:
        """Whose visit it is."""
        return self._visit.trainee

    @property
    def plan(self) -> Plan | None:
        """What this visit asks for; None where nothing is asked, as of a recording."""
        return self._sets.plan

    @property
    def wanted(self) -> Side | None:
        """The leg that is to lift next; None where either may."""
        return self._sets.wanted

    @property
    def sets_left(self) -> int | None:
        """How many sets the plan asks for after the present one; None without a plan."""
        return self._sets.left

    @property
    def advice(self) -> Advice | None:
        """What this session and the ones before say of the next; None without a plan."""
        return self._sets.advice(self.trainee)

    def rest_left_s(self, at_s: float) -> float:
        """How long the rest between two sets still lasts."""
        return self._pauses.rest_left_s(at_s)

    def resume(self, tally: Tally, trainee: Trainee = GUEST) -> None:
        """Go on with a session that an earlier run began. Call it before the first event."""
        self._visit.resume(trainee)
        self._sets.resume(tally, trainee)

    def identify(self, at_s: float, trainee: Trainee) -> tuple[CoachEvent, ...]:
        """A member's visit begins, or another guest's; raises `RefusedError` in a session."""
        if not self._visit.asks:
            raise RefusedError("a recording is played here; nobody can train to it.")
        if self.tally is not None:
            raise RefusedError("a session is running; end it first.")
        self._dismissed = False
        self._voice.forget_visit()
        visit = self._visit.identify(at_s, trainee)
        out: tuple[CoachEvent, ...] = (*visit, *self._sets.follow(at_s, trainee))
        if not self._visit.cleared:
            return (*out, *self._voice.say(at_s, "safety"))
        return (*out, *self._begin(at_s)) if self._phase in LYING else out

    def choose(
        self, at_s: float, plan: Plan, *, by_trainer: bool = False
    ) -> tuple[CoachEvent, ...]:
        """The plan of this visit, before the session or between two sets; a trainer may also change
        it during a set, for the next one, and to a step that is not earned.

        Raises `RefusedError` with the reason.
        """
        if plan.variation not in self.trainee.steps and not by_trainer:
            raise RefusedError("this step has not been earned yet; ask a trainer for it.")
        if not by_trainer:
            self._visit.touched(at_s)
        return self._sets.choose(at_s, plan, by_trainer=by_trainer)

    def start(self, at_s: float) -> tuple[CoachEvent, ...]:
        """Begin a session because somebody asked; nothing if one is going on. Who has not yet
        answered the safety page is asked first; the answer begins the session."""
        self._dismissed = False
        if self.tally is not None:
            return ()
        if not self._visit.cleared:
            return (*self._visit.ask(at_s), *self._voice.say(at_s, "safety"))
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
        ended = () if self.tally is None else self._end(at_s, reason)
        return (*ended, *self._leave(at_s)) if self._phase is Phase.EMPTY else ended

    def take(self, event: Event) -> tuple[CoachEvent, ...]:
        """An event of the core."""
        match event:
            case PhaseEvent():
                return self._phase_changed(event)
            case Rep():
                return self._rep(event)
            case PostureEvent():
                coached = self.tally is not None
                return self._voice.posture(event, self._wish(event.at_s) if coached else None)
            case WarningEvent() if self.tally is not None:
                return self._voice.warning(event)
            case Missed() if self.tally is not None:
                self._pauses.active(event.at_s)
                return self._voice.missed(event)
            case _:
                return ()

    def advance(self, at_s: float) -> tuple[CoachEvent, ...]:
        """Time passes: what a pause ends, and what waited to be said."""
        runs, pauses = self._pauses.tick(at_s), self._pauses
        if self.tally is None:
            visit = self._visit.advance(at_s, self._phase)
            if visit and self._visit.cleared:
                return self._cleared(at_s, visit)
            return (*visit, *self._gone(at_s, visit), *self._voice.advance(at_s, None))
        if not runs:
            pauses.restart(at_s, self._phase)
            return ()
        if self._phase in LIFTED:
            return self._voice.advance(at_s, self._wish(at_s))
        if pauses.has_left(at_s):
            return (*self._end(at_s, End.LEFT), *self._leave(at_s))
        if pauses.lies_still(at_s):
            return self._end(at_s, End.STILL)
        out: list[CoachEvent] = []
        if self._sets.on and pauses.set_is_over(at_s):
            out += self._end_set(at_s)
            if self.sets_left:
                # A pause this long was the rest.
                out += self._voice.next_set(at_s)
        if pauses.rest_ends(at_s):
            out += self._voice.next_set(at_s)
        return (*out, *self._voice.advance(at_s, self._wish(at_s)))

    def _wish(self, at_s: float) -> Wish:
        resting = self.rest_left_s(at_s) > 0.0
        if self._sets.begun and not self._sets.on:
            # When all that was asked for is done, nothing more is prompted.
            resting = resting or self.sets_left == 0
        return Wish(self.plan, self.wanted or self._sets.first_leg, resting)

    def _phase_changed(self, event: PhaseEvent) -> tuple[CoachEvent, ...]:
        self._phase = event.phase
        coached = self._visit.cleared and not self._dismissed
        out: list[CoachEvent] = []
        visit = self._visit.phase(event.at_s, event.phase)
        asks_again = event.phase is Phase.READY and self.visit is VisitState.ASKED
        out += self._voice.phase(event, self._wish(event.at_s) if coached else None)
        if visit or asks_again:
            out += (*visit, *self._voice.say(event.at_s, "safety"))
        if event.phase is Phase.EMPTY:
            if self._dismissed:
                out += self._leave(event.at_s)
            self._dismissed = False
        self._pauses.phase(event.at_s, event.phase)
        if not self._visit.cleared:
            return tuple(out)
        if event.phase in LYING and self.tally is None and not self._dismissed:
            out += self._begin(event.at_s)
        return tuple(out)

    def _rep(self, rep: Rep) -> tuple[CoachEvent, ...]:
        if self._dismissed or not self._visit.cleared:
            return ()
        out: list[CoachEvent] = []
        if self.tally is None:
            out += self._begin(rep.at_s)
        if not self._sets.on:
            self._pauses.rest(None)
            out.append(self._sets.start(rep.at_s))
        was_wanted = self.wanted
        counted = self._sets.count(rep, self.trainee)
        self._pauses.active(rep.at_s)
        out.append(counted)
        out += self._voice.count(rep.at_s, counted.number)
        out += self._voice.rep(rep, counted.is_clean, was_wanted, Wish(self.plan, counted.wanted))
        if self._sets.done:
            out += self._finish_set(rep.at_s)
        return tuple(out)

    def _finish_set(self, at_s: float) -> tuple[CoachEvent, ...]:
        """The set has all the reps that the plan asks for."""
        left, plan = self.sets_left, self.plan
        rest_s = plan.rest_s if left and plan is not None else 0.0
        self._pauses.rest(at_s + rest_s if left else None)
        ended = self._end_set(at_s, rest_s)
        return (*ended, *self._voice.say(at_s, "set_done" if left else "all_done"))

    def _cleared(self, at_s: float, visit: tuple[CoachEvent, ...]) -> tuple[CoachEvent, ...]:
        """What follows from a yes: what was still to be said of the page is not, the rest is."""
        if not visit:
            return ()
        self._voice.forget()
        return (*visit, *self._begin(at_s))

    def _begin(self, at_s: float) -> tuple[CoachEvent, ...]:
        self._sets.begin()
        self._pauses.begin(at_s, self._phase)
        started = SessionStarted(at_s, self.plan, self.trainee.member)
        often = self._sets.often(self.trainee)
        return (started, *self._voice.begin(at_s, often, Wish(self.plan)))

    def _leave(self, at_s: float) -> tuple[CoachEvent, ...]:
        visit = self._visit.leave(at_s)
        return (*visit, *self._gone(at_s, visit))

    def _gone(self, at_s: float, visit: tuple[CoachEvent, ...]) -> tuple[CoachEvent, ...]:
        """Whoever was here has left: the next one is told all, and has the mat's own plan."""
        if not visit:
            return ()
        self._voice.forget_visit()
        return self._sets.follow(at_s, None)

    def _end_set(self, at_s: float, rest_s: float = 0.0) -> tuple[CoachEvent, ...]:
        self._voice.set_ended()
        return self._sets.end(at_s, rest_s)

    def _end(self, at_s: float, reason: End) -> tuple[CoachEvent, ...]:
        trained = self._sets.begun
        out: list[CoachEvent] = []
        if self._sets.on:
            out += self._end_set(at_s)
        out.append(SessionEnded(at_s, reason))
        self._voice.forget()
        if trained:
            out += self._voice.say(at_s, "goodbye")
        self._sets.finish()
        self._pauses.rest(None)
        return tuple(out)
