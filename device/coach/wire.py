"""Plans, practices and advice as the plain objects that the stream, the store and the pages pass
on, and back: what comes from outside is checked field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from device.coach.programme import PLANS, Plan, Strictness, Variation
from device.coach.progression import Advice, Judged, Practice
from device.core.types import Side
from device.errors import FieldError


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which numbers a plan may have: from `low` to `high`, whole ones only if `whole`."""

    words: str
    low: float
    high: float
    whole: bool = False


BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {
        "sets": Bounds("sets", 1, 10, whole=True),
        "reps": Bounds("lifts of a set", 1, 50, whole=True),
        "lift_s": Bounds("seconds to lift", 0.5, 10),
        "hold_s": Bounds("seconds to hold", 0, 30),
        "lower_s": Bounds("seconds to lower", 0.5, 10),
        "rest_s": Bounds("seconds of rest between sets", 0, 600),
        "ankle_weight_kg": Bounds("kilograms at each ankle", 0.25, 20),
    }
)
"""The numbers of a plan; `device.store.fields` has no wider ones for a programme. Under half a
second a lift is swung."""
OPTIONAL = ("ankle_weight_kg",)
LONGEST_REP_S = 24.0
"""A second less than what the core takes for a leg that has moved away."""

_Choice = TypeVar("_Choice", Variation, Strictness)


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as a plain object."""
    numbers = {name: getattr(plan, name) for name in BOUNDS}
    return {
        "variation": plan.variation.value,
        "strictness": plan.strictness.value,
        **numbers,
    }


def plan_from(fields: object) -> Plan:
    """The plan of a plain object. What is not said is as in that variation's own plan.

    Raises `FieldError` with a sentence for every field that is wrong.
    """
    if not isinstance(fields, Mapping):
        raise FieldError({"plan": "a plan is an object with at least its variation."})
    wrong: dict[str, str] = {}
    variation = _choice(Variation, "variation", fields.get("variation"), wrong)
    usual = PLANS[variation or Variation.SINGLE]
    strictness = _choice(
        Strictness, "strictness", fields.get("strictness", usual.strictness.value), wrong
    )
    numbers: dict[str, float] = {}
    for name, bounds in BOUNDS.items():
        value = fields.get(name, getattr(usual, name))
        if value is not None or name not in OPTIONAL:
            numbers[name] = _number(name, value, bounds, wrong)
    for name in fields:
        if name not in ("variation", "strictness", *BOUNDS):
            wrong[str(name)] = f"a plan has no field '{name}'."
    rep_s = numbers["lift_s"] + numbers["hold_s"] + numbers["lower_s"]
    if rep_s > LONGEST_REP_S:
        wrong["hold_s"] = (
            f"a lift of {rep_s:g} seconds is longer than the {LONGEST_REP_S:g} that count."
        )
    if wrong or variation is None or strictness is None:
        raise FieldError(wrong)
    return Plan(
        variation=variation,
        sets=int(numbers["sets"]),
        reps=int(numbers["reps"]),
        lift_s=numbers["lift_s"],
        hold_s=numbers["hold_s"],
        lower_s=numbers["lower_s"],
        rest_s=numbers["rest_s"],
        strictness=strictness,
        ankle_weight_kg=numbers.get("ankle_weight_kg"),
    )


def advice_json(advice: Advice | None) -> dict[str, str] | None:
    """The advice as the stream carries it."""
    if advice is None:
        return None
    return {
        "variation": advice.variation.value,
        "reason": advice.reason.value,
        "leads_to": advice.leads_to.value,
    }


def practice_json(practice: Practice) -> dict[str, Any]:
    """One session's lifts: its variation, and `[judged, clean]` of each side."""
    return {
        "variation": practice.variation.value,
        **{side.value: _judged_json(getattr(practice, side.value)) for side in Side},
    }


def practice_from(fields: object) -> Practice:
    """The practice of a plain object; raises `FieldError` where it is none."""
    wrong: dict[str, str] = {}
    if isinstance(fields, Mapping):
        variation = _choice(Variation, "variation", fields.get("variation"), wrong)
        sides = {side.value: _judged_from(fields.get(side.value, [0, 0])) for side in Side}
        if variation is not None and None not in sides.values():
            return Practice(variation, **{key: one for key, one in sides.items() if one})
    raise FieldError(
        wrong or {"practices": "a practice is a variation with [judged, clean] of each side."}
    )


def _judged_json(judged: Judged) -> list[int]:
    return [judged.count, judged.clean]


def _judged_from(pair: object) -> Judged | None:
    match pair:
        case [int() as count, int() as clean] if 0 <= clean <= count:
            return Judged(count, clean)
    return None


def _choice(kind: type[_Choice], name: str, value: object, wrong: dict[str, str]) -> _Choice | None:
    for choice in kind:
        if choice.value == value:
            return choice
    wrong[name] = f"the {name} is one of {', '.join(kind)}, not {value!r}."
    return None


def _number(name: str, value: object, bounds: Bounds, wrong: dict[str, str]) -> float:
    """The number, or the lowest allowed where it is wrong, which `wrong` then says."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        wrong[name] = f"{bounds.words}: a number, not {value!r}."
    elif not bounds.low <= value <= bounds.high:
        wrong[name] = f"{bounds.words}: {bounds.low:g} to {bounds.high:g}, not {value!r}."
    elif bounds.whole and value != int(value):
        wrong[name] = f"{bounds.words}: a whole number, not {value!r}."
    else:
        return float(value)
    return bounds.low
