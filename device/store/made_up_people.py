"""Who is a member of the made-up gym, and who comes when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import numpy as np
from numpy.random import Generator

from device.coach.programme import Variation
from device.core.types import FloatArray

FIRST_NAMES = (
    "Ada", "Ben", "Cem", "Dora", "Elif", "Finn", "Gina", "Hugo", "Ines", "Jon", "Kaja", "Leo",
    "Mara", "Nils", "Olga", "Pia", "Quirin", "Rosa", "Sami", "Tess", "Uwe", "Vera", "Wim", "Zoe",
)  # fmt: skip
GUESTS = 0.15
"""Share of the sessions."""
WEEKDAYS = np.array([1.3, 1.2, 1.2, 1.1, 0.9, 0.6, 0.3])
"""How busy the days of a week are, Monday first."""
HOURS = np.array(
    [0, 0, 0, 0, 0, 0, 2, 5, 6, 4, 3, 3, 4, 3, 2, 2, 4, 8, 10, 8, 5, 2, 0, 0], dtype=np.float64
)
"""And the hours of a day."""
SHORTEST_STAY_DAYS = 60

NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class Lifter:
    """A made-up member. `start` and `gain` are log-odds of a clean lift at first, and what a year
    of training adds; `uneven` is what the right leg lacks."""

    id: UUID
    name: str
    code: str | None
    joined: date
    stays_days: int
    visits_a_week: float
    start: float
    gain: float
    uneven: float

    def variation(self, day: date) -> Variation:
        """What they train after so long."""
        years = (day - self.joined).days / 365.25
        step = int(np.clip((self.start + self.gain * years) / 1.2, 0, len(Variation) - 1))
        return tuple(Variation)[step]

    def odds(self, day: date) -> float:
        """Log-odds of a clean lift on that day: each step of the exercise is harder."""
        years = (day - self.joined).days / 365.25
        step = tuple(Variation).index(self.variation(day))
        return self.start + self.gain * years - 0.7 * step


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody comes: local time, and who (None for a guest)."""

    local: datetime
    lifter: Lifter | None


def make_lifters(
    rng: Generator, new_id: NewId, count: int, first: date, days: int
) -> tuple[Lifter, ...]:
    """So many members, who join and leave over the years."""
    codes = rng.permutation(10_000)[:count]
    return tuple(
        _lifter(
            rng,
            new_id(),
            number,
            f"{codes[number]:04d}" if number < len(codes) else None,
            first,
            days,
        )
        for number in range(count)
    )


def _lifter(
    rng: Generator, id_: UUID, number: int, code: str | None, first: date, days: int
) -> Lifter:
    joined = int(rng.integers(0, max(days - SHORTEST_STAY_DAYS, 1)))
    stays = int(np.clip(rng.exponential(800.0), SHORTEST_STAY_DAYS, days - joined))
    return Lifter(
        id=id_,
        name=f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {number + 1}",
        code=code,
        joined=first + timedelta(days=joined),
        stays_days=max(stays, 1),
        visits_a_week=float(rng.gamma(2.0, 0.9)),
        start=float(rng.normal(0.6, 0.7)),
        gain=float(rng.normal(0.8, 0.3)),
        uneven=float(rng.normal(0.0, 0.4)),
    )


def make_comings(
    rng: Generator, lifters: Sequence[Lifter], sessions: int, first: date, days: int
) -> list[Coming]:
    """So many sessions in the order of time, most of members."""
    weights: FloatArray = np.array([one.visits_a_week * one.stays_days for one in lifters])
    guests = rng.random(sessions) < (GUESTS if lifters else 1.0)
    who = rng.choice(len(lifters), sessions, p=weights / weights.sum()) if lifters else guests
    weekdays = rng.choice(7, sessions, p=WEEKDAYS / WEEKDAYS.sum())
    hours = rng.choice(24, sessions, p=HOURS / HOURS.sum())
    seconds = rng.integers(0, 3600, sessions)
    shares = rng.random(sessions)
    comings = []
    for place in range(sessions):
        lifter = None if guests[place] else lifters[int(who[place])]
        begins, lasts = (first, days) if lifter is None else (lifter.joined, lifter.stays_days)
        day = begins + timedelta(days=int(shares[place] * lasts))
        # Another day of the same week, as far as that is within the stay.
        moved = day + timedelta(days=int(weekdays[place]) - day.weekday())
        if begins <= moved < begins + timedelta(days=lasts):
            day = moved
        local = datetime.combine(day, time(int(hours[place])))
        comings.append(Coming(local + timedelta(seconds=int(seconds[place])), lifter))
    return sorted(comings, key=lambda coming: coming.local)


def ids(seed: int) -> NewId:
    """What makes random ids, the same for the same seed."""
    chance = Random(seed)
    return lambda: UUID(int=chance.getrandbits(128))
