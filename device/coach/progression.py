"""When the next step is earned, and when to go one back: one readable rule. Pure.

    single leg -> longer hold -> both legs -> ankle weights

- **Up** after two sessions in a row in which at least 12 lifts were judged, at least 8 of 10 came
  from the hip, and, where the legs lift in turn, each leg alone had 5 lifts and 3 of 4 clean.
- **Back** after two sessions in a row in which of at least 6 judged lifts fewer than half did.
- Else the same again.

A lift that the mat could not judge is held neither for nor against anybody. The numbers are this
project's own, chosen so that no single lucky or tired session decides; a trainer overrules them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from device.coach.programme import Strictness, Variation
from device.core.types import Rep, Side

STEPS = tuple(Variation)
SESSIONS_IN_A_ROW = 2
EARNED_LIFTS, EARNED_SHARE = 12, 0.8
EARNED_LIFTS_A_LEG, EARNED_SHARE_A_LEG = 5, 0.75
FELL_LIFTS, FELL_SHARE = 6, 0.5


class Reason(StrEnum):
    """Why the advice is what it is."""

    TOO_FEW = "too_few"
    """Too few lifts were judged to say more."""
    UNEVEN = "uneven"
    """All in all good enough, but not with each leg."""
    PRACTISE = "practise"
    """Not yet clean often enough."""
    NEARLY = "nearly"
    """One more session like this earns the next step."""
    EARNED = "earned"
    FELL = "fell"
    TOP = "top"
    """There is no further step: keep it."""
    PROGRAMME = "programme"
    """The trainer has decided it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Lifts that could be judged, and how many of them came from the hip."""

    count: int = 0
    clean: int = 0

    def reaches(self, count: int, share: float) -> bool:
        """Whether these are enough, and clean often enough."""
        return self.count >= count and self.clean >= share * self.count


@dataclass(frozen=True, slots=True)
class Practice:
    """One session's lifts of one variation, by the side that lifted."""

    variation: Variation
    left: Judged = Judged()
    right: Judged = Judged()
    both: Judged = Judged()

    @property
    def total(self) -> Judged:
        """The lifts that this variation is about."""
        if self.in_turn:
            return Judged(self.left.count + self.right.count, self.left.clean + self.right.clean)
        return self.both

    @property
    def in_turn(self) -> bool:
        """Whether the legs lift one after the other."""
        return self.variation in (Variation.SINGLE, Variation.LONG_HOLD)

    @property
    def even(self) -> bool:
        """Whether each leg alone was good enough."""
        return not self.in_turn or all(
            leg.reaches(EARNED_LIFTS_A_LEG, EARNED_SHARE_A_LEG) for leg in (self.left, self.right)
        )

    @property
    def good(self) -> bool:
        """Whether two of these in a row earn the next step."""
        return self.total.reaches(EARNED_LIFTS, EARNED_SHARE) and self.even

    def with_lift(self, rep: Rep, strictness: Strictness) -> Practice:
        """The practice with one more lift, judged like this; one that cannot be is left out."""
        if not strictness.judges(rep.verdict):
            return self
        judged: Judged = getattr(self, rep.side.value)
        clean = strictness.is_clean(rep.verdict, rep.faults)
        sides = {side.value: getattr(self, side.value) for side in Side}
        sides[rep.side.value] = Judged(judged.count + 1, judged.clean + clean)
        return Practice(self.variation, **sides)

    @property
    def fell(self) -> bool:
        """Whether two of these in a row are a step too far."""
        total = self.total
        return total.count >= FELL_LIFTS and total.clean < FELL_SHARE * total.count


@dataclass(frozen=True, slots=True)
class Advice:
    """What to practise next time, why, and the step it leads to (itself at the top)."""

    variation: Variation
    reason: Reason
    leads_to: Variation


def advise(history: Sequence[Practice]) -> Advice:
    """What to practise next after these sessions, the newest last; the first step without any."""
    if not history:
        return _advice(STEPS[0], Reason.TOO_FEW)
    last = history[-1]
    place = STEPS.index(last.variation)
    recent = history[-SESSIONS_IN_A_ROW:]
    in_a_row = len(recent) == SESSIONS_IN_A_ROW and len({one.variation for one in recent}) == 1
    if in_a_row and all(one.fell for one in recent):
        return _advice(STEPS[max(place - 1, 0)], Reason.FELL)
    if last.good and last.variation is STEPS[-1]:
        return _advice(last.variation, Reason.TOP)
    if in_a_row and all(one.good for one in recent):
        return _advice(STEPS[place + 1], Reason.EARNED)
    return _advice(last.variation, _why_not_yet(last))


def _why_not_yet(last: Practice) -> Reason:
    if last.good:
        return Reason.NEARLY
    if last.total.count < EARNED_LIFTS:
        return Reason.TOO_FEW
    return Reason.UNEVEN if last.total.reaches(EARNED_LIFTS, EARNED_SHARE) else Reason.PRACTISE


def earned(history: Sequence[Practice]) -> Variation:
    """The furthest step that these sessions, the newest last, have earned: who practises an easier
    one for a day keeps it, and who fell back earns it anew."""
    furthest = 0
    for sessions in range(1, len(history) + 1):
        advice = advise(history[:sessions])
        step = STEPS.index(advice.variation)
        furthest = step if advice.reason is Reason.FELL else max(furthest, step)
    return STEPS[furthest]


def decided(variation: Variation) -> Advice:
    """What the trainer's programme says, whatever the rule would."""
    return _advice(variation, Reason.PROGRAMME)


def _advice(variation: Variation, reason: Reason) -> Advice:
    following = STEPS[min(STEPS.index(variation) + 1, len(STEPS) - 1)]
    return Advice(variation, reason, following)
