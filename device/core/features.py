"""Which strips mean what, and what is computed from them at every tick.

Everything is found by row and side in the mat's description, so rows may be added, moved or
absent. A strip that is bad is NaN and takes no part in any sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

from device.core.mat import ROWS, Mat
from device.core.types import FloatArray, Side

LEG_ROWS = ("thigh", "knee", "foot")
"""Rows that a lifted leg unloads."""
LEGS_BELOW_MM = -200.0
"""A row that the product has no name for counts to the legs this far below the pelvic line."""
SIDES = (Side.LEFT, Side.RIGHT)

LEAST_REST_PCT = 0.35
"""A strip resting under less than this share of the sensed weight lies beside the body: its zero's
drift (about 0.1 %) would pass for unloading."""


@dataclass(frozen=True)
class Leg:
    """The strips under one leg, by row; an empty tuple where the mat has none for that side."""

    foot: tuple[int, ...]
    knee: tuple[int, ...]
    thigh: tuple[int, ...]

    @property
    def strips(self) -> tuple[int, ...]:
        return (*self.foot, *self.knee, *self.thigh)


class Layout:
    """The places of rows and sides in an array of forces, from the mat's description."""

    def __init__(self, mat: Mat) -> None:
        self.size = len(mat.sensors)
        self.legs: dict[Side, Leg] = {
            side: Leg(*(mat.indices(row, side.value) for row in ("foot", "knee", "thigh")))
            for side in SIDES
        }
        self.leg_strips = tuple(
            i
            for i, sensor in enumerate(mat.sensors)
            if sensor.row in LEG_ROWS
            or (sensor.row not in ROWS and sensor.centre_mm[1] < LEGS_BELOW_MM)
        )
        self.torso_strips = tuple(i for i in range(self.size) if i not in self.leg_strips)
        self.asis = {side: mat.indices("asis", side.value) for side in SIDES}
        self.hips = mat.indices("asis")
        self.filling = (*mat.indices("ribs"), *mat.indices("abdomen"))
        self.emptying = mat.indices("pubis")
        self.belly = mat.indices("abdomen") or mat.indices("ribs")
        self.lower_ribs = mat.indices("ribs")
        self.thighs = mat.indices("thigh")
        self.head = mat.indices("head")
        self.trunk = (*mat.indices("chest"), *mat.indices("ribs"), *mat.indices("abdomen"))
        self.pelvis = (*mat.indices("asis"), *mat.indices("pubis"), *mat.indices("abdomen"))
        self.centres_mm = tuple(sensor.centre_mm for sensor in mat.sensors)
        self.sides = tuple(sensor.side for sensor in mat.sensors)


def total(values: Sequence[float], strips: Iterable[int]) -> float:
    """The sum over strips of those that are there; 0 where none is."""
    out = 0.0
    for strip in strips:
        value = values[strip]
        if value == value:
            out += value
    return out


def share_of_rest(
    force_n: Sequence[float], rest_n: Sequence[float], strips: tuple[int, ...], least_n: float
) -> float:
    """What is left of the rest load on some strips, 1 at rest and near 0 when unloaded.

    NaN where they are bad or rest under less than `least_n`.
    """
    now = before = 0.0
    for strip in strips:
        value, rest = force_n[strip], rest_n[strip]
        if value == value and rest == rest:
            now += value
            before += rest
    return now / before if before >= least_n and before > 0.0 else nan


def rests_on(rest_n: Sequence[float], strips: tuple[int, ...], least_n: float) -> bool:
    """Whether a part of the body rests on these strips, read at this moment or not."""
    before = total(rest_n, strips)
    return before >= least_n and before > 0.0


def tilt_pct(force_pct: Sequence[float], rest_pct: Sequence[float], layout: Layout) -> float:
    """Tilt T: what ribs and abdomen gained less what the pubis gained, % of body weight.

    Both of the models that the product rests on agree that an arch fills the former and empties
    the latter; about the hip bones they differ, so those are left out.
    """
    return (
        total(force_pct, layout.filling)
        - total(rest_pct, layout.filling)
        - total(force_pct, layout.emptying)
        + total(rest_pct, layout.emptying)
    )


def roll_pct(force_pct: Sequence[float], rest_pct: Sequence[float], layout: Layout) -> float:
    """Roll R: what the left hip bone gained over the right one, % of body weight."""
    left, right = layout.asis[Side.LEFT], layout.asis[Side.RIGHT]
    return (
        total(force_pct, left)
        - total(rest_pct, left)
        - total(force_pct, right)
        + total(rest_pct, right)
    )


def centre_of_pressure_mm(force_n: FloatArray, layout: Layout) -> tuple[float, float]:
    """Where the sensed load has its centre, in the mat's axes; NaN on an empty mat."""
    weight = x = y = 0.0
    for force, (x_mm, y_mm) in zip(force_n.tolist(), layout.centres_mm, strict=True):
        if force > 0.0:
            weight += force
            x += force * x_mm
            y += force * y_mm
    return (x / weight, y / weight) if weight > 1.0 else (nan, nan)
