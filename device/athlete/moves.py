"""What a member can do on the mat, one class a move; each writes its glides into the tracks."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians
from typing import Protocol

import numpy as np

from device.athlete.body import Body
from device.athlete.tracks import Track
from device.core.types import Side
from device.errors import PronematError


class MoveError(PronematError):
    """An order that the simulated member does not know."""


TRACKS = (
    "hip_left", "hip_right", "driven_left", "driven_right", "knee_left", "knee_right",
    "tilt", "roll", "head", "brace", "lying", "kneeling", "restless",
)  # fmt: skip
"""Angles in radians (`roll` with the right side up); the rest shares from 0 to 1."""

GRIP_S = 0.12
"""How long the extensors of a hip take to hold their leg before it rises."""
RELEASE_S = 0.35
"""How long they take to let go of it once it lies."""
ROLLS_AFTER = 0.25
"""Share of a lift after which the pelvis rolls: first the hip goes, then what is joined to it."""
SAG_DEG = 3.1
"""How far the weight of a lifted leg would roll a passive pelvis down on its side (mean of the
bodies, 2.3 to 4.2). Who keeps the pelvis level works against it with the obliques; who lets the
low back make the height does not."""

Tracks = dict[str, Track]


class Move(Protocol):
    """Something that takes a while."""

    def begin(self, tracks: Tracks, now_s: float) -> float:
        """Plan it from now on; returns when it is over."""
        ...


@dataclass(frozen=True, slots=True)
class Wait:
    """Lie still, or stay away."""

    seconds: float

    def begin(self, tracks: Tracks, now_s: float) -> float:
        return now_s + self.seconds


@dataclass(frozen=True, slots=True)
class NextMember:
    """Another body comes to the mat; only between members, on an empty mat."""

    body: Body

    def begin(self, tracks: Tracks, now_s: float) -> float:
        return now_s


@dataclass(frozen=True, slots=True)
class Turn:
    """Lie askew by this angle from now on, or straight (0): feet to the right if positive. On the
    mat it takes a moment of wriggling; before lying down it is simply how the member will lie."""

    yaw_deg: float
    seconds: float = 2.0

    def begin(self, tracks: Tracks, now_s: float) -> float:
        if tracks["lying"].at(now_s)[0] <= 0.0:
            return now_s
        end_s = now_s + self.seconds
        tracks["restless"].glide(now_s, now_s + 0.2 * self.seconds, 1.0)
        tracks["restless"].glide(now_s + 0.5 * self.seconds, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class LieDown:
    """Kneel on the mat, lower the body, find a place."""

    seconds: float = 3.0
    settle_s: float = 2.5

    def begin(self, tracks: Tracks, now_s: float) -> float:
        kneel_s = now_s + 0.4 * self.seconds
        down_s = now_s + self.seconds
        end_s = down_s + self.settle_s
        tracks["kneeling"].glide(now_s, kneel_s, 1.0)
        tracks["kneeling"].glide(kneel_s, down_s, 0.0)
        tracks["lying"].glide(kneel_s, down_s, 1.0)
        tracks["restless"].glide(now_s, kneel_s, 1.0)
        tracks["restless"].glide(down_s, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class GetUp:
    """Up over hands and knees and off the mat."""

    seconds: float = 3.0

    def begin(self, tracks: Tracks, now_s: float) -> float:
        kneel_s = now_s + 0.5 * self.seconds
        end_s = now_s + self.seconds
        tracks["brace"].glide(now_s, kneel_s, 0.0)
        tracks["lying"].glide(now_s, kneel_s, 0.0)
        tracks["kneeling"].glide(now_s, kneel_s, 1.0)
        tracks["kneeling"].glide(kneel_s, end_s, 0.0)
        tracks["restless"].glide(now_s, kneel_s, 1.0)
        tracks["restless"].glide(kneel_s, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class Brace:
    """Draw the belly in (1) or let it go (0)."""

    share: float = 1.0
    seconds: float = 0.8

    def begin(self, tracks: Tracks, now_s: float) -> float:
        end_s = now_s + self.seconds
        tracks["brace"].glide(now_s, end_s, self.share)
        return end_s


@dataclass(frozen=True, slots=True)
class Lift:
    """One rep, good or bad: the hip makes `hip_deg`, the pelvis `tilt_deg` and, lifted side up,
    about `roll_deg`, both from rest."""

    side: Side
    hip_deg: float = 11.0
    tilt_deg: float = 2.0
    roll_deg: float = 0.5
    late: bool = False
    """The pelvis joins only once the hip has made its height: the leg is taken too high."""
    lift_s: float = 2.0
    hold_s: float = 1.4
    lower_s: float = 2.0
    head: float = 0.0

    def begin(self, tracks: Tracks, now_s: float) -> float:
        rise_s = now_s + GRIP_S
        up_s = rise_s + self.lift_s
        hold_s = up_s + self.hold_s
        down_s = hold_s + self.lower_s
        # A low back that lifts is there first; one that joins late goes on into the hold.
        pelvis_s = rise_s + (0.55 * self.lift_s if self.late else 0.0)
        pelvis_up_s = up_s + (0.3 * self.hold_s if self.late else -0.2 * self.lift_s)
        for side in sides_of(self.side):
            driven, hip = tracks[f"driven_{side}"], tracks[f"hip_{side}"]
            driven.glide(now_s, rise_s, 1.0)
            hip.glide(rise_s, up_s, radians(self.hip_deg))
            hip.glide(hold_s, down_s, 0.0)
            driven.glide(down_s, down_s + RELEASE_S, 0.0)
        away = {Side.LEFT: -1.0, Side.RIGHT: 1.0, Side.BOTH: 0.0}[self.side]
        rolls_s = max(pelvis_s, rise_s + ROLLS_AFTER * self.lift_s)
        rolled_deg = away * (self.roll_deg + SAG_DEG)
        for name, from_s, size in (
            ("tilt", pelvis_s, self.tilt_deg),
            ("roll", rolls_s, rolled_deg),
        ):
            tracks[name].glide(from_s, pelvis_up_s, radians(size))
            tracks[name].glide(hold_s, down_s, 0.0)
        if self.head:
            tracks["head"].glide(rise_s, up_s, self.head)
            tracks["head"].glide(hold_s, down_s, 0.0)
        return down_s + RELEASE_S


@dataclass(frozen=True, slots=True)
class HeadLift:
    """Raise the head and look up, legs at rest."""

    seconds: float = 2.0

    def begin(self, tracks: Tracks, now_s: float) -> float:
        end_s = now_s + self.seconds
        tracks["head"].glide(now_s, now_s + 0.3 * self.seconds, 1.0)
        tracks["head"].glide(now_s + 0.7 * self.seconds, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class Shift:
    """Shift the weight from hip bone to hip bone, no leg leaving the mat."""

    roll_deg: float = 4.0
    seconds: float = 2.0

    def begin(self, tracks: Tracks, now_s: float) -> float:
        end_s = now_s + self.seconds
        tracks["roll"].glide(now_s, now_s + 0.3 * self.seconds, radians(self.roll_deg))
        tracks["roll"].glide(now_s + 0.4 * self.seconds, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class KneeBend:
    """Bend a knee so that the foot leaves the mat, the hip staying down: no rep."""

    side: Side
    bend_deg: float = 35.0
    seconds: float = 2.5

    def begin(self, tracks: Tracks, now_s: float) -> float:
        end_s = now_s + self.seconds
        for side in sides_of(self.side):
            knee = tracks[f"knee_{side}"]
            knee.glide(now_s, now_s + 0.35 * self.seconds, radians(self.bend_deg))
            knee.glide(now_s + 0.6 * self.seconds, end_s, 0.0)
        return end_s


@dataclass(frozen=True, slots=True)
class Wriggle:
    """Move about a little without going anywhere."""

    share: float = 0.5
    seconds: float = 1.5

    def begin(self, tracks: Tracks, now_s: float) -> float:
        end_s = now_s + self.seconds
        tracks["restless"].glide(now_s, now_s + 0.3 * self.seconds, self.share)
        tracks["restless"].glide(now_s + 0.6 * self.seconds, end_s, 0.0)
        return end_s


def sides_of(side: Side) -> tuple[str, ...]:
    """The legs of a lift: one, or both."""
    return ("left", "right") if side is Side.BOTH else (side.value,)


@dataclass(frozen=True, slots=True)
class Habits:
    """How one member moves: what a clean lift of theirs is like."""

    hip_deg: float = 11.0
    tempo: float = 1.0
    """Their two-second lift in shares of two seconds."""
    loose_tilt_deg: float = 2.2
    """How far their pelvis tips even in a lift that is good: about 3 degrees with the belly drawn
    in (Oh 2007); none at all is not to be expected (Arab 2017)."""
    loose_roll_deg: float = 1.0
    height_spread: float = 0.12


KINDS = ("lift", "arch", "roll", "high", "fast", "look")
"""The kinds of lift: clean, low back arched, pelvis rolled, clean at first then arched at the top,
leg dropped, head coming up."""
ARCHED_DEG, BOTH_ARCHED_DEG, ROLLED_DEG = (20.0, 24.0), (21.0, 24.0), (17.0, 21.0)
"""A demonstration shows what is wrong plainly: two or three times the limits of a good lift."""


def lift_of(kind: str, side: Side, habits: Habits, rng: np.random.Generator) -> Lift:
    """A lift of that kind as this member does it, a little different every time."""
    tempo = habits.tempo * float(rng.uniform(0.88, 1.15))
    hip_deg = habits.hip_deg * float(np.clip(rng.normal(1.0, habits.height_spread), 0.75, 1.3))
    tilt_deg = habits.loose_tilt_deg * float(rng.uniform(0.7, 1.3))
    roll_deg = 0.0 if side is Side.BOTH else habits.loose_roll_deg * float(rng.uniform(0.0, 1.5))
    late, head, lower_s = False, 0.0, 2.0 * tempo
    if kind == "arch":
        range_deg = BOTH_ARCHED_DEG if side is Side.BOTH else ARCHED_DEG
        hip_deg, tilt_deg = 0.6 * hip_deg, float(rng.uniform(*range_deg))
        roll_deg = -SAG_DEG
    elif kind == "high":
        late, tilt_deg, roll_deg = True, float(rng.uniform(*ARCHED_DEG)), -SAG_DEG
    elif kind == "roll":
        roll_deg = float(rng.uniform(*ROLLED_DEG))
    elif kind == "fast":
        # Whoever lets the leg drop lets go of the pelvis too.
        lower_s, roll_deg = float(rng.uniform(0.2, 0.28)), -0.5 * SAG_DEG
    elif kind == "look":
        head = 1.0
    return Lift(
        side=side,
        hip_deg=hip_deg,
        tilt_deg=tilt_deg,
        roll_deg=roll_deg,
        late=late,
        lift_s=2.0 * tempo,
        hold_s=float(rng.uniform(1.0, 2.0)),
        lower_s=lower_s,
        head=head,
    )
