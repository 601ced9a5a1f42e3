"""Who trains on the mat just now: a member with what was looked up of them, or a guest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from device.coach.programme import Plan, Variation
from device.coach.progression import Practice
from device.coach.wire import plan_from, practice_from
from device.errors import FieldError

OPEN_TO_GUESTS = (Variation.SINGLE,)
"""A guest has earned nothing yet that the mat knows of."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the pages name them."""

    id: UUID
    name: str

    def json(self) -> dict[str, str]:
        """The member as the stream carries them."""
        return {"id": str(self.id), "name": self.name}


@dataclass(frozen=True, slots=True)
class Trainee:
    """`acknowledged`: the safety page was answered within the year. `plan` is today's, None for the
    mat's own default; `steps` may be chosen. `offer` and `before` are only passed on to the page.
    With a `programme` the trainer decides what comes next, not the rule."""

    member: Member | None = None
    acknowledged: bool = False
    plan: Plan | None = None
    steps: tuple[Variation, ...] = OPEN_TO_GUESTS
    practices: tuple[Practice, ...] = ()
    programme: bool = False
    offer: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None


GUEST = Trainee()


def trainee_from(request: Mapping[str, Any]) -> Trainee:
    """Whom a request of `device.coach.welcome.identify_request` names; `FieldError` if it is wrong.

    Only the plan is needed; without `member` it is a guest.
    """
    offer, before = request.get("offer"), request.get("before")
    practices = request.get("practices", [])
    if not isinstance(practices, list):
        raise FieldError({"practices": "the practices are a list, the newest last."})
    for name, value in (("offer", offer), ("before", before)):
        if not isinstance(value, Mapping | None):
            raise FieldError({name: f"the field '{name}' is an object or null."})
    plan = plan_from(request.get("plan"))
    plans = offer.get("plans", {}) if offer else {}
    steps = tuple(step for step in Variation if step.value in plans)
    return Trainee(
        member=_member(request.get("member"), request.get("name")),
        acknowledged=request.get("acknowledged") is True,
        plan=plan,
        steps=steps or (plan.variation,),
        practices=tuple(practice_from(practice) for practice in practices),
        programme=request.get("programme") is True,
        offer=offer,
        before=before,
    )


def _member(identity: object, name: object) -> Member | None:
    if identity is None:
        return None
    try:
        return Member(UUID(str(identity)), str(name or "")[:LONGEST_NAME])
    except ValueError:
        raise FieldError({"member": f"{identity!r} is not the id of a member."}) from None
