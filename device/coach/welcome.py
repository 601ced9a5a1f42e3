"""What somebody who comes to the mat is offered: today's sets, the steps that are open, and why the
others are not. Pure: the pages call it with what they looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from device.coach.programme import PLANS, Plan, Strictness, Variation
from device.coach.progression import (
    STEPS,
    Advice,
    Practice,
    Reason,
    advise,
    decided,
    earned,
)
from device.coach.wire import advice_json, plan_json, practice_json


class Programme(Protocol):
    """What a trainer has decided for a member; see `device.store.people.Programme`."""

    @property
    def variation(self) -> Variation: ...
    @property
    def sets(self) -> int: ...
    @property
    def reps(self) -> int: ...
    @property
    def lift_s(self) -> float: ...
    @property
    def hold_s(self) -> float: ...
    @property
    def lower_s(self) -> float: ...
    @property
    def rest_s(self) -> float: ...
    @property
    def strictness(self) -> Strictness: ...
    @property
    def ankle_weight_kg(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """Today's plan, the steps that may be chosen instead, what the rule (or the trainer) says, and
    for every step that is not open the reason."""

    today: Plan
    variations: tuple[Variation, ...]
    advice: Advice
    locked: Mapping[Variation, Reason]

    @property
    def plans(self) -> Mapping[Variation, Plan]:
        """The plan of every step that may be chosen."""
        own = {self.today.variation: self.today}
        return {step: own.get(step, PLANS[step]) for step in self.variations}


def offered(practices: Sequence[Practice], programme: Programme | None) -> Offer:
    """What to offer after these sessions, the newest last; a guest has none.

    A trainer's programme overrules the rule: its step and the easier ones are open, no further.
    """
    if programme is None:
        advice = advise(practices)
        today, furthest, why = PLANS[advice.variation], earned(practices), advice.reason
        if furthest is not advice.variation or why is Reason.EARNED:
            # The reason is of another step than the ones that are closed.
            why = Reason.PRACTISE
    else:
        advice = decided(programme.variation)
        today, furthest, why = plan_of(programme), programme.variation, Reason.PROGRAMME
    count = STEPS.index(furthest) + 1
    return Offer(today, STEPS[:count], advice, MappingProxyType(dict.fromkeys(STEPS[count:], why)))


def plan_of(programme: Programme) -> Plan:
    """The plan that a trainer's programme asks for."""
    return Plan(
        variation=programme.variation,
        sets=programme.sets,
        reps=programme.reps,
        lift_s=programme.lift_s,
        hold_s=programme.hold_s,
        lower_s=programme.lower_s,
        rest_s=programme.rest_s,
        strictness=programme.strictness,
        ankle_weight_kg=programme.ankle_weight_kg,
    )


def offer_json(offer: Offer) -> dict[str, Any]:
    """The offer as the page draws it: `plans` has one plan for each step that may be chosen."""
    return {
        "today": plan_json(offer.today),
        "plans": {step.value: plan_json(plan) for step, plan in offer.plans.items()},
        "advice": advice_json(offer.advice),
        "locked": {step.value: reason.value for step, reason in offer.locked.items()},
    }


def identify_request(
    member: UUID | None,
    name: str,
    *,
    acknowledged: bool,
    practices: Sequence[Practice] = (),
    programme: Programme | None = None,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The daemon's command that begins this member's visit, or a guest's (None).

    `acknowledged` is whether the member has answered the safety page within a year; `before` is the
    last session of the same step, as the page compares with it.
    """
    offer = offered(practices, programme)
    return {
        "command": "identify",
        "member": None if member is None else str(member),
        "name": name,
        "acknowledged": acknowledged,
        "plan": plan_json(offer.today),
        "offer": offer_json(offer),
        "practices": [practice_json(practice) for practice in practices],
        "programme": programme is not None,
        "before": before,
    }
