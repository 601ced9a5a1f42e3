"""The sets of a session: what is asked of them, what was lifted, and what comes next. Pure."""

from __future__ import annotations

from dataclasses import replace

from device.coach.asked import Asked
from device.coach.events import Counted, PlanChanged, SetEnded, SetStarted
from device.coach.fading import Often
from device.coach.programme import Plan
from device.coach.progression import Advice
from device.coach.tally import Tally
from device.coach.trainee import Trainee
from device.core.types import Rep, Side
from device.errors import RefusedError


class Sets:
    """`tally` is None while there is no session. `usual` is the mat's own plan; None where nothing
    is asked, as of a recording."""

    def __init__(self, usual: Plan | None) -> None:
        self.tally: Tally | None = None
        self._asked = Asked(usual)

    @property
    def plan(self) -> Plan | None:
        """What this visit asks for."""
        return self._asked.plan

    @property
    def on(self) -> bool:
        """Whether a set goes on."""
        return self.tally is not None and self.tally.in_set

    @property
    def begun(self) -> bool:
        """Whether the session has had a set."""
        return self.tally is not None and self.tally.set_number > 0

    @property
    def done(self) -> bool:
        """Whether the set has all the lifts that are asked of it."""
        tally = self.tally
        return tally is not None and self._asked.is_done(tally.set_number, len(tally.reps))

    @property
    def wanted(self) -> Side | None:
        """The leg that is to lift next; None where either may."""
        tally = self.tally
        if tally is None or not tally.in_set:
            return None
        return self._asked.wanted(tally.set_number, tally.reps)

    @property
    def first_leg(self) -> Side | None:
        """The leg that begins a set: both where the plan is about both, else either."""
        return self._asked.first_leg

    @property
    def left(self) -> int | None:
        """How many sets are asked for after the present one; None without a plan."""
        return None if self.tally is None else self._asked.sets_left(self.tally.set_number)

    def advice(self, trainee: Trainee) -> Advice | None:
        """What this session and the ones before say of the next; None without a plan."""
        return self._asked.advice(trainee)

    def often(self, trainee: Trainee) -> Often:
        """How often to prompt at first somebody with this history."""
        return self._asked.often(trainee)

    def resume(self, tally: Tally, trainee: Trainee) -> None:
        """Go on with a session that an earlier run began."""
        self._asked.resume(trainee, tally.sets)
        self.tally = tally

    def follow(self, at_s: float, trainee: Trainee | None) -> tuple[PlanChanged, ...]:
        """Somebody else is here, or nobody: their plan, or the mat's own."""
        return self._asked.follow(at_s, trainee)

    def choose(self, at_s: float, plan: Plan, *, by_trainer: bool) -> tuple[PlanChanged, ...]:
        """Another plan: now, or a trainer's from the next set on where one goes on."""
        if not self.on:
            return self._asked.put(at_s, plan)
        if not by_trainer:
            raise RefusedError("a set is going on; choose when it is done.")
        return self._asked.put_next(at_s, plan)

    def begin(self) -> None:
        """A session begins, before its first set."""
        self.tally = Tally()
        self._asked.begin()

    def finish(self) -> None:
        """The session is over."""
        self.tally = None

    def start(self, at_s: float) -> SetStarted:
        """A set begins, with the rep that is counted next."""
        self.tally = (self.tally or Tally()).next_set(self._asked.strictness)
        return SetStarted(at_s, self.tally.set_number)

    def count(self, rep: Rep, trainee: Trainee) -> Counted:
        """One more rep of the set that goes on."""
        before = self.tally or Tally()
        self.tally = tally = replace(before, reps=(*before.reps, rep))
        self._asked.lifted(rep, tally.strictness)
        return Counted(
            at_s=rep.at_s,
            set_number=tally.set_number,
            number=len(tally.reps),
            clean=tally.clean,
            rep=rep,
            wanted=self.wanted,
            advice=self.advice(trainee),
            is_clean=tally.present.is_clean(rep),
        )

    def end(self, at_s: float, rest_s: float = 0.0) -> tuple[SetEnded | PlanChanged, ...]:
        """The set is over, if one goes on; a rest of `rest_s` follows."""
        tally = self.tally
        if tally is None or not tally.in_set:
            return ()
        self.tally = replace(tally, in_set=False)
        count = len(tally.reps)
        ended = SetEnded(at_s, tally.set_number, count, tally.clean, rest_s, self.left)
        return (ended, *self._asked.set_ended(at_s))
