"""What the simulated member does when nobody orders anything: visit after visit, without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from device.athlete.body import body_of
from device.athlete.moves import (
    KINDS,
    Brace,
    GetUp,
    Habits,
    HeadLift,
    KneeBend,
    LieDown,
    Move,
    MoveError,
    NextMember,
    Shift,
    Turn,
    Wait,
    Wriggle,
    lift_of,
)
from device.core.types import Side

MIX: Mapping[str, float] = MappingProxyType(
    {"lift": 0.60, "arch": 0.15, "high": 0.05, "roll": 0.10, "fast": 0.05, "look": 0.05}
)
"""How often each kind of lift comes; the first two of a set are always clean."""
REPS_PER_SET = (6, 10)
MOST_REPS = 8
"""What the coach asks of a set: who has the breath for more stops there."""
BOTH_REPS = (2, 4)
"""Lifts of both legs that end about every other visit's last set."""
EMPTY_S, SETTLED_S = 1.5, 5.2
"""The mat lies empty, then the member lies still until the voice has said all that a first-timer is
told: the first leg rises after about 14 s."""
BETWEEN_S = (0.9, 2.0)
REST_S = (7.0, 12.0)
CHANGE_S = (4.0, 7.0)
ASKEW_DEG = 12.0
"""Plainly: from 6 on it is named."""


def habits_of(rng: np.random.Generator) -> Habits:
    """How a member drawn at random moves."""
    return Habits(
        hip_deg=float(rng.uniform(9.0, 13.0)),
        tempo=float(rng.uniform(0.85, 1.15)),
        loose_tilt_deg=float(rng.uniform(1.2, 3.0)),
        loose_roll_deg=float(rng.uniform(0.2, 1.5)),
    )


def visits(rng: np.random.Generator, habits: Habits) -> Iterator[Move]:
    """Every move of the demonstration; the first visit is of a member with these habits."""
    while True:
        yield Wait(EMPTY_S)
        yield LieDown(float(rng.uniform(2.8, 3.4)), float(rng.uniform(2.2, 2.8)))
        yield Wait(SETTLED_S)
        yield Brace()
        yield from _set(rng, habits)
        yield Brace(0.0)
        yield Wait(float(rng.uniform(*REST_S)) / 2.0)
        yield fidget_of(rng)
        yield Wait(float(rng.uniform(*REST_S)) / 2.0)
        yield Brace()
        yield from _set(rng, habits)
        if rng.random() < 0.5:
            yield from _both(rng, habits)
        yield Wait(1.5)
        yield GetUp()
        yield Wait(float(rng.uniform(*CHANGE_S)))
        habits = habits_of(rng)
        yield NextMember(body_of(rng))


def _set(rng: np.random.Generator, habits: Habits) -> Iterator[Move]:
    side = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    kinds, weights = tuple(MIX), np.array(tuple(MIX.values()))
    for nth in range(min(int(rng.integers(REPS_PER_SET[0], REPS_PER_SET[1] + 1)), MOST_REPS)):
        kind = "lift" if nth < 2 else str(rng.choice(kinds, p=weights / weights.sum()))
        yield lift_of(kind, side, habits, rng)
        yield Wait(float(rng.uniform(*BETWEEN_S)))
        side = Side.RIGHT if side is Side.LEFT else Side.LEFT


def _both(rng: np.random.Generator, habits: Habits) -> Iterator[Move]:
    yield Wait(2.0)
    for nth in range(int(rng.integers(BOTH_REPS[0], BOTH_REPS[1] + 1))):
        kind = "arch" if nth and rng.random() < 0.3 else "lift"
        yield lift_of(kind, Side.BOTH, habits, rng)
        yield Wait(float(rng.uniform(1.5, 2.5)))


def fidget_of(rng: np.random.Generator) -> Move:
    """One of the things people do between sets that are no reps."""
    side = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    moves = (
        Wriggle(),
        HeadLift(),
        KneeBend(side),
        Shift(float(rng.choice((-4.0, 4.0)))),
    )
    return moves[int(rng.integers(len(moves)))]


def _lift(kind: str, side: Side) -> Callable[[np.random.Generator, Habits], tuple[Move, ...]]:
    def moves(rng: np.random.Generator, habits: Habits) -> tuple[Move, ...]:
        return (lift_of(kind, side, habits, rng),)

    return moves


def _plain(*moves: Move) -> Callable[[np.random.Generator, Habits], tuple[Move, ...]]:
    return lambda rng, habits: moves


ORDERS: Mapping[str, Callable[[np.random.Generator, Habits], tuple[Move, ...]]] = MappingProxyType(
    {
        **{f"{kind}_{side.value}": _lift(kind, side) for kind in KINDS for side in Side
           if not (kind == "roll" and side is Side.BOTH)},
        "lie_down": _plain(LieDown()),
        "get_up": _plain(GetUp()),
        "brace": _plain(Brace()),
        "relax": _plain(Brace(0.0)),
        "head": _plain(HeadLift()),
        "shift": _plain(Shift()),
        "bend_left": _plain(KneeBend(Side.LEFT)),
        "bend_right": _plain(KneeBend(Side.RIGHT)),
        "wriggle": _plain(Wriggle()),
        "fidget": lambda rng, habits: (fidget_of(rng),),
        "rest": _plain(Wait(3.0)),
        "lie_askew": _plain(Turn(ASKEW_DEG)),
        "lie_straight": _plain(Turn(0.0)),
    }
)  # fmt: skip
"""What can be ordered by name, beside `script`, which goes on with the visits."""

SCRIPT = "script"
COMMANDS = (*ORDERS, SCRIPT)


def ordered(name: str, rng: np.random.Generator, habits: Habits) -> tuple[Move, ...]:
    """The moves of an order; `MoveError` if there is none of that name."""
    if name not in ORDERS:
        raise MoveError(
            f"The simulated member does not know '{name}'; try one of {', '.join(COMMANDS)}."
        )
    return ORDERS[name](rng, habits)
