"""What one visit asks for: how many sets of how many lifts, how slowly, with which leg. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from device.core.types import Fault, Rep, Side, Verdict


class Variation(StrEnum):
    """The steps of the exercise, from the easiest on."""

    SINGLE = "single"
    """One leg after the other."""
    LONG_HOLD = "long_hold"
    """The same, held longer."""
    BOTH = "both"
    """Both legs at once."""
    WEIGHT = "weight"
    """Both legs with ankle weights."""


PELVIS_FAULTS = frozenset({Fault.TILT, Fault.ROTATION, Fault.TOO_HIGH})
"""What a strict eye does not let pass although the verdict is clean: each is the pelvis moving."""


class Strictness(StrEnum):
    """What counts as a clean lift."""

    GENTLE = "gentle"
    """Also a lift that the mat could not tell."""
    NORMAL = "normal"
    """A lift that came from the hip over a quiet pelvis."""
    STRICT = "strict"
    """Such a lift without any fault of the pelvis."""

    def judges(self, verdict: Verdict) -> bool:
        """Whether such a lift is held for or against anybody."""
        return verdict is not Verdict.UNSURE or self is Strictness.GENTLE

    def is_clean(self, verdict: Verdict, faults: Collection[Fault]) -> bool:
        """Whether such a lift counts as clean."""
        if verdict is Verdict.UNSURE:
            return self is Strictness.GENTLE
        spotless = self is not Strictness.STRICT or PELVIS_FAULTS.isdisjoint(faults)
        return verdict is Verdict.GLUTE and spotless


@dataclass(frozen=True, slots=True)
class Plan:
    """The sets of a visit. `lift_s`, `hold_s` and `lower_s` are the tempo of a lift, `rest_s` is
    the rest between two sets, `ankle_weight_kg` what each ankle wears (None for nothing)."""

    variation: Variation
    sets: int
    reps: int
    lift_s: float = 2.0
    hold_s: float = 2.0
    lower_s: float = 2.0
    rest_s: float = 45.0
    strictness: Strictness = Strictness.NORMAL
    ankle_weight_kg: float | None = None

    @property
    def rep_s(self) -> float:
        """How long one lift takes at the plan's tempo."""
        return self.lift_s + self.hold_s + self.lower_s

    def wanted(self, set_number: int, reps: tuple[Rep, ...]) -> Side | None:
        """Which leg is to lift next in this set after these reps; None where it is free: at the
        beginning of a set, and in sets that the plan does not ask for."""
        if set_number > self.sets or len(reps) >= self.reps:
            return None
        if self.variation in (Variation.BOTH, Variation.WEIGHT):
            return Side.BOTH
        sides = [rep.side for rep in reps if rep.side is not Side.BOTH]
        if not sides:
            return None
        return Side.RIGHT if sides[-1] is Side.LEFT else Side.LEFT

    def sets_left(self, set_number: int) -> int:
        """How many sets are to come after this one."""
        return max(self.sets - set_number, 0)


DEFAULT_PLAN = Plan(Variation.SINGLE, sets=2, reps=8)
"""For whoever has no history: legs in turn, 2 x 8, two seconds up, two held, two down."""

LONG_HOLD_S = 5.0
"""The prone glute test of the Stabilizer's manual holds for as long."""

PLANS: Mapping[Variation, Plan] = MappingProxyType(
    {
        Variation.SINGLE: DEFAULT_PLAN,
        Variation.LONG_HOLD: replace(
            DEFAULT_PLAN, variation=Variation.LONG_HOLD, hold_s=LONG_HOLD_S
        ),
        Variation.BOTH: replace(DEFAULT_PLAN, variation=Variation.BOTH),
        Variation.WEIGHT: replace(DEFAULT_PLAN, variation=Variation.WEIGHT),
    }
)
"""What each step asks for where no trainer has said otherwise."""
