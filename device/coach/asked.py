"""What the visit asks of the member: the plan in force, the one that waits for the next set, and
what was practised of it, which says what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from device.coach.events import PlanChanged
from device.coach.fading import Often
from device.coach.programme import Plan, Strictness
from device.coach.progression import Advice, Practice, advise, decided
from device.coach.tally import ExerciseSet
from device.coach.trainee import Trainee
from device.core.types import Rep, Side


class Asked:
    """`usual` is the mat's own plan, for whoever has no other; None where nothing is asked."""

    def __init__(self, usual: Plan | None) -> None:
        self._usual = usual
        self._next: Plan | None = None
        self._practised: Practice | None = None
        self.plan = usual

    @property
    def strictness(self) -> Strictness:
        """What counts as clean."""
        return Strictness.NORMAL if self.plan is None else self.plan.strictness

    @property
    def first_leg(self) -> Side | None:
        """The leg that begins a set: both where the plan is about both, else either."""
        return None if self.plan is None else self.plan.wanted(0, ())

    def wanted(self, set_number: int, reps: tuple[Rep, ...]) -> Side | None:
        """The leg that is to lift next in this set."""
        return None if self.plan is None else self.plan.wanted(set_number, reps)

    def sets_left(self, set_number: int) -> int | None:
        """How many sets are asked for after this one; None without a plan."""
        return None if self.plan is None else self.plan.sets_left(set_number)

    def is_done(self, set_number: int, count: int) -> bool:
        """Whether the set has all the lifts that are asked of it."""
        plan = self.plan
        return plan is not None and set_number <= plan.sets and count >= plan.reps

    def resume(self, trainee: Trainee, sets: Iterable[ExerciseSet]) -> None:
        """Go on where an earlier run was, after these sets."""
        self.plan = trainee.plan or self._usual
        for one in sets:
            for rep in one.reps:
                self.lifted(rep, one.strictness)

    def begin(self) -> None:
        """A session begins: nothing of it has been practised."""
        self._practised = None

    def lifted(self, rep: Rep, strictness: Strictness) -> None:
        """A lift was counted, in a set of this strictness."""
        if self.plan is not None:
            before = self._practised or Practice(self.plan.variation)
            self._practised = before.with_lift(rep, strictness)

    def follow(self, at_s: float, trainee: Trainee | None) -> tuple[PlanChanged, ...]:
        """Somebody else is here, or nobody: their plan, or the mat's own."""
        return self.put(at_s, (trainee and trainee.plan) or self._usual)

    def put(self, at_s: float, plan: Plan | None) -> tuple[PlanChanged, ...]:
        """This plan from now on."""
        self._next, before = None, self.plan
        if plan == before:
            return ()
        if before is not None and plan is not None and plan.variation is not before.variation:
            # What is advised is about one step.
            self._practised = None
        self.plan = plan
        return (PlanChanged(at_s, plan),)

    def put_next(self, at_s: float, plan: Plan) -> tuple[PlanChanged, ...]:
        """This plan from the next set on."""
        self._next = plan
        return (PlanChanged(at_s, plan, from_next_set=True),)

    def set_ended(self, at_s: float) -> tuple[PlanChanged, ...]:
        """A set is over: what waited for that is in force."""
        return () if self._next is None else self.put(at_s, self._next)

    def often(self, trainee: Trainee) -> Often:
        """How often to prompt at first somebody with this history."""
        last = trainee.practices[-1] if trainee.practices else None
        if last is None or self.plan is None or last.variation is not self.plan.variation:
            return Often.EVERY
        return Often.SECOND if last.good else Often.EVERY

    def advice(self, trainee: Trainee) -> Advice | None:
        """What this session and the ones before say of the next; None before the first lift."""
        if self._practised is None:
            return None
        if trainee.programme:
            return decided(self._practised.variation)
        return advise((*trainee.practices, self._practised))
