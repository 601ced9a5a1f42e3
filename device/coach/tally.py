"""Where a session is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from device.coach.programme import Strictness
from device.core.types import Rep


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of the session's set (0 before the first), the set's reps so far, whether that set
    is still going on, and what counts as clean in it."""

    set_number: int = 0
    reps: tuple[Rep, ...] = ()
    in_set: bool = False
    strictness: Strictness = Strictness.NORMAL

    @property
    def clean(self) -> int:
        return sum(self.strictness.is_clean(rep.verdict, rep.faults) for rep in self.reps)
