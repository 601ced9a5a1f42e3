"""Where a session is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from device.coach.programme import Strictness
from device.core.types import Rep


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """A set of the session: its number, counted from 1, its reps, and what is clean in it."""

    number: int
    reps: tuple[Rep, ...]
    strictness: Strictness = Strictness.NORMAL

    @property
    def clean(self) -> int:
        return sum(map(self.is_clean, self.reps))

    def is_clean(self, rep: Rep) -> bool:
        """Whether a rep of this set is clean."""
        return self.strictness.is_clean(rep.verdict, rep.faults)


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of the session's set (0 before the first), the set's reps so far, whether that set
    is still going on, what counts as clean in it, and the sets before it."""

    set_number: int = 0
    reps: tuple[Rep, ...] = ()
    in_set: bool = False
    strictness: Strictness = Strictness.NORMAL
    earlier: tuple[ExerciseSet, ...] = ()

    @property
    def present(self) -> ExerciseSet:
        """The set that goes on, or the last one; an empty one before the first."""
        return ExerciseSet(self.set_number, self.reps, self.strictness)

    @property
    def clean(self) -> int:
        """How many reps of the present set were clean."""
        return self.present.clean

    def next_set(self, strictness: Strictness) -> Tally:
        """The session when another set begins."""
        return Tally(self.set_number + 1, (), True, strictness, self.sets)

    @property
    def sets(self) -> tuple[ExerciseSet, ...]:
        """Every set of the session so far."""
        return (*self.earlier, self.present) if self.set_number else ()
