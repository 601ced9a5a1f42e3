"""How the member lies at rest: what is off, with its direction and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from types import MappingProxyType

import numpy as np

from device.core.features import Layout, centre_of_pressure_mm, total
from device.core.types import FloatArray, Side


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the starting position. A positive size is towards `positive`."""

    key: str
    unit: str
    words: str
    positive: str
    negative: str


PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        row.key: row
        for row in (
            Problem("hips_off_line", "% of body weight", "Hips are off the line", "", ""),
            Problem("askew", "mm", "Lying askew", "feet to the right", "feet to the left"),
            Problem(
                "one_side", "% of body weight", "One side is heavy", "to the right", "to the left"
            ),
            Problem("off_centre", "mm", "Lying off the middle", "to the right", "to the left"),
            Problem("head_up", "% of body weight", "The head is up", "", ""),
            Problem("not_prone", "% of body weight", "Not lying face down", "", ""),
        )
    }
)
"""Every problem that can be named; the sizes' units are those of the rows."""

HIPS_LEAST_PCT, HIPS_USUAL_PCT = 5.0, 12.0
"""Both hip bones on their line carry 17 to 31 % of the sensed weight at rest (simulated members; 12
to 50 in most bodies of the recordings, which lie up to 35 mm off it, 5 in some); with the body 60
mm off it or more, either way, 4 to 11. Under the usual load they are off the line if the strips
below them say so too, under the least in any case."""
BELOW_PCT, ABOVE_PCT = 5.0, -6.0
"""`below_pct` (see `posture`) is about +18 with the hips 60 mm too far towards the feet, -12 too
far towards the head, and -3 on the line, -7 to +3 among bodies (the simulated members)."""
FAR_BELOW_PCT = 12.0
"""Beyond all bodies of the recordings whose hips carry little (to 10). Towards the head there is no
such bound: some that lie within 35 mm of the line have -18, more than 60 mm make."""
ASKEW_MM = 60.0
"""Between the centres of load of the upper and the lower half. Beyond what parts that differ make
of a body which lies up to 3 degrees askew (to 53 mm in the recordings); the simulated members reach
it at 9 to 12 degrees: the bars feel where a body crosses them, hardly how."""
ONE_SIDE_PCT = 18.0
OFF_CENTRE_MM = 40.0
HEAD_LEAST_PCT = 3.0
"""The head pad under forehead and hands carries 8 to 30 %."""
LEGS_LEAST_PCT, TRUNK_LEAST_PCT = 4.0, 10.0
"""A prone body rests on legs (9 to 35 %) and trunk as well as on its hips."""
ANKLE_WEIGHT_AT_PCT, ANKLE_WEIGHT_STEP_PCT = 7.3, 0.6
"""Feet alone carry 3.1 to 8 % of the sensed weight, with 1.5 kg or more at the ankles 6.2 to 12
(logistic fit to the recordings). Within one person the change tells more: 2 kg add 2.7 %."""


def posture(rest_n: FloatArray, layout: Layout) -> tuple[dict[str, float], dict[str, float]]:
    """`(problems, numbers)` of a rest load: keys of `PROBLEMS` with their size, and the shares (%)
    of the regions behind them; `ankle_weight` is the chance that one is
    worn. Where strips are missing, what they would tell is left out."""
    loads = np.maximum(rest_n, 0.0)
    weight_n = float(np.nansum(loads))
    if weight_n <= 0.0:
        return {}, {}
    shares = (loads * (100.0 / weight_n)).tolist()
    x_mm, y_mm = centre_of_pressure_mm(rest_n, layout)
    numbers = {"cop_x_mm": x_mm, "cop_y_mm": y_mm, "weight_n": weight_n}
    regions = {
        "head_pct": layout.head,
        "trunk_pct": layout.trunk,
        "hips_pct": (*layout.asis[Side.LEFT], *layout.asis[Side.RIGHT]),
        "legs_pct": layout.leg_strips,
        "feet_pct": (*layout.legs[Side.LEFT].foot, *layout.legs[Side.RIGHT].foot),
    }
    for key, strips in regions.items():
        if strips and _whole(shares, strips):
            numbers[key] = total(shares, strips)
    low, high = (*layout.lower_ribs, *layout.emptying), (*layout.belly, *layout.thighs)
    if low and high and _whole(shares, (*low, *high)):
        # Too far towards the feet the hips lie on the pubis' strip and the chest on the ribs'; too
        # far towards the head, the hips on the belly's and the knees on the thighs'.
        numbers["below_pct"] = total(shares, low) - total(shares, high)
    if "feet_pct" in numbers:
        odds = (numbers["feet_pct"] - ANKLE_WEIGHT_AT_PCT) / ANKLE_WEIGHT_STEP_PCT
        numbers["ankle_weight"] = 1.0 / (1.0 + exp(-odds))
    left = tuple(i for i, side in enumerate(layout.sides) if side == "left")
    right = tuple(i for i, side in enumerate(layout.sides) if side == "right")
    if _whole(shares, (*left, *right)):
        numbers["side_pct"] = total(shares, right) - total(shares, left)
        numbers["askew_mm"] = _askew_mm(shares, layout)
    return _problems(numbers), numbers


def _problems(numbers: Mapping[str, float]) -> dict[str, float]:
    problems: dict[str, float] = {}

    def least(problem: str, number: str, least_pct: float) -> None:
        if number in numbers and numbers[number] < least_pct:
            problems[problem] = numbers[number]

    def most(problem: str, number: str, most_off: float) -> None:
        if number in numbers and abs(numbers[number]) > most_off:
            problems[problem] = numbers[number]

    least("not_prone", "legs_pct", LEGS_LEAST_PCT)
    least("not_prone", "trunk_pct", TRUNK_LEAST_PCT)
    if problems:
        return problems
    far_below = numbers.get("below_pct", 0.0) > FAR_BELOW_PCT
    least("hips_off_line", "hips_pct", HIPS_USUAL_PCT if far_below else HIPS_LEAST_PCT)
    least("head_up", "head_pct", HEAD_LEAST_PCT)
    most("askew", "askew_mm", ASKEW_MM)
    most("one_side", "side_pct", ONE_SIDE_PCT)
    most("off_centre", "cop_x_mm", OFF_CENTRE_MM)
    return problems


def _askew_mm(shares: list[float], layout: Layout) -> float:
    """How far the legs' centre lies to the right of the torso's."""
    return _centre_x_mm(shares, layout.leg_strips, layout) - _centre_x_mm(
        shares, layout.torso_strips, layout
    )


def _centre_x_mm(shares: list[float], strips: tuple[int, ...], layout: Layout) -> float:
    weight = total(shares, strips)
    if weight <= 0.0:
        return 0.0
    moment = sum(shares[i] * layout.centres_mm[i][0] for i in strips if shares[i] == shares[i])
    return moment / weight


def _whole(shares: list[float], strips: tuple[int, ...]) -> bool:
    return all(shares[i] == shares[i] for i in strips)
