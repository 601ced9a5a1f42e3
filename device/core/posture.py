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

HIPS_LEAST_PCT, HIPS_USUAL_PCT = 1.0, 12.0
"""Both hip bones on their line carry 17 to 31 % of the sensed weight at rest (simulated members; 12
to 50 in most bodies of the recordings, which lie up to 35 mm off it, 2 in some); with the body 60
mm off it or more, either way, 4 to 11. Under the usual load they are off the line if the strips at
both ends of the trunk say so too, under the least in any case."""
LOW_RIBS_PCT, LOW_PUBIS_PCT = 12.5, 10.0
"""Too far towards the feet the chest lies on the ribs' strips and the hips on the pubis'. Both
together name 59 of 60 simulated members who lie 60 mm off, all at 80 mm, 4 at 35 mm."""
HIGH_BELLY_PCT, HIGH_THIGHS_PCT, HIGH_THIGHS_BELLY_PCT = 19.0, 16.5, 7.5
"""Too far towards the head the hips lie on the belly's strips (100 mm: 26 %; all recordings under
18), and before that the knees come to the thighs' and some of the hips to the belly's. Of 60
members 39 who lie 60 mm off, 45 at 80 mm, 58 at 100 mm, none at 35 mm. More at 60 mm would name
bodies of the recordings that lie within 35 mm of the line and load these strips as much."""
BELOW_PCT, ABOVE_PCT = 5.0, -6.0
"""`below_pct` (see `posture`) is about +18 with the hips 60 mm too far towards the feet, -12 too
far towards the head, and -3 on the line, -7 to +3 among bodies (the simulated members). It says
which way they are off."""
ASKEW_MM = 60.0
"""Between the centres of load of the upper and the lower half. Beyond what parts that differ make
of a body which lies up to 3 degrees askew (to 53 mm in the recordings); the simulated members reach
it at 9 to 12 degrees: the bars feel where a body crosses them, hardly how."""
FEET_LEAN, KNEES_LEAN, RIBS_LEAN = 0.6, 0.03, 0.1
"""What the right strips of a row bear over the left ones, as a share of both. At 6 degrees one foot
crosses the middle, where no bar lies: the feet lean by 0.8, the knees after them, the ribs against
them. Of 60 simulated members 57 are found at 6 degrees and 59 at 7, none at 4; in the recordings
(up to 3 degrees) the feet lean by up to 0.4."""
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
        "ribs_pct": layout.lower_ribs,
        "belly_pct": layout.belly,
        "pubis_pct": layout.emptying,
        "thighs_pct": layout.thighs,
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
        numbers |= _leans(shares, layout)
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
    off = _too_low(numbers) or _too_high(numbers)
    least("hips_off_line", "hips_pct", HIPS_USUAL_PCT if off else HIPS_LEAST_PCT)
    least("head_up", "head_pct", HEAD_LEAST_PCT)
    most("askew", "askew_mm", 0.0 if _across(numbers) else ASKEW_MM)
    most("one_side", "side_pct", ONE_SIDE_PCT)
    most("off_centre", "cop_x_mm", OFF_CENTRE_MM)
    return problems


def _too_low(numbers: Mapping[str, float]) -> bool:
    """Whether the trunk lies too far towards the feet, by its strips at both ends."""
    ribs_pct, pubis_pct = numbers.get("ribs_pct", 0.0), numbers.get("pubis_pct", 0.0)
    return ribs_pct > LOW_RIBS_PCT and pubis_pct > LOW_PUBIS_PCT


def _too_high(numbers: Mapping[str, float]) -> bool:
    """Whether the hips lie too far towards the head."""
    belly_pct, thighs_pct = numbers.get("belly_pct", 0.0), numbers.get("thighs_pct", 0.0)
    knees_too = thighs_pct > HIGH_THIGHS_PCT and belly_pct > HIGH_THIGHS_BELLY_PCT
    return belly_pct > HIGH_BELLY_PCT or knees_too


def _across(numbers: Mapping[str, float]) -> bool:
    """Whether the feet have swung so far to one side that one of them lies on the other's strip."""
    feet = numbers.get("feet_lean", 0.0)
    side = 1.0 if feet > 0.0 else -1.0
    return (
        side * feet > FEET_LEAN
        and side * numbers.get("knees_lean", 0.0) > KNEES_LEAN
        and side * numbers.get("ribs_lean", 0.0) < -RIBS_LEAN
    )


def _leans(shares: list[float], layout: Layout) -> dict[str, float]:
    """How far feet, knees and ribs bear on the right rather than the left, -1 to 1."""
    rows = {
        "feet_lean": (layout.legs[Side.LEFT].foot, layout.legs[Side.RIGHT].foot),
        "knees_lean": (layout.legs[Side.LEFT].knee, layout.legs[Side.RIGHT].knee),
        "ribs_lean": tuple(
            tuple(i for i in layout.lower_ribs if layout.sides[i] == side)
            for side in ("left", "right")
        ),
    }
    leans = {}
    for key, (left, right) in rows.items():
        on_left, on_right = total(shares, left), total(shares, right)
        if left and right and on_left + on_right > 0.0:
            leans[key] = (on_right - on_left) / (on_left + on_right)
    return leans


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
