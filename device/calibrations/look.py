"""What a guided visit shows of a moment: the step it is at, and the words for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from device.calibrations.record import Reading
from device.calibrations.strip_fit import StripFit

GRAVITY_M_S2 = 9.80665


class Step(Enum):
    """Where in a strip's turn the visit is."""

    EMPTY = "empty"
    PLACE = "place"
    SETTLE = "settle"
    READ = "read"
    REFUSED = "refused"
    FITTED = "fitted"
    DONE = "done"


@dataclass(frozen=True)
class Look:
    """What a person is to be shown now. `share` is how much of the waiting is over, 0 to 1."""

    step: Step
    strip: str | None
    weight_n: float
    rising: bool
    task: str
    notice: str | None
    felt_n: float
    share: float
    readings: tuple[Reading, ...]
    fit: StripFit | None


def task_of(step: Step, strip: str, weight_n: float, rising: bool) -> str:
    """What a person is to do."""
    match step:
        case Step.EMPTY:
            return f"{strip}: take everything off the mat and stay off it."
        case Step.PLACE if rising:
            return f"{strip}: let {weight_n:g} N ({kilograms(weight_n)}) lie on its bar."
        case Step.PLACE if weight_n == 0.0:
            return f"{strip}: take everything off."
        case Step.PLACE:
            return f"{strip}: take off, until {weight_n:g} N ({kilograms(weight_n)}) lie there."
        case Step.SETTLE:
            return f"{strip}: felt. Leave it alone while it comes to rest."
        case Step.READ:
            return f"{strip}: reading {weight_n:g} N. Do not touch it."
        case Step.REFUSED:
            return f"{strip}: {weight_n:g} N was not taken."
        case Step.FITTED:
            return f"{strip}: all points are taken. Is the curve right?"
        case _:
            return "Every strip of this visit is done."


def silence_of(strip: str) -> str:
    """What there is to say of a strip that nothing is heard of."""
    return f"{strip} gives no readings: see what 'pronemat doctor' says."


def kilograms(force_n: float) -> str:
    """The mass that weighs so much, as it stands on weights: grams below a kilogram."""
    mass_kg = force_n / GRAVITY_M_S2
    return f"{1000 * mass_kg:.0f} g" if mass_kg < 1.0 else f"{mass_kg:.2f} kg"
