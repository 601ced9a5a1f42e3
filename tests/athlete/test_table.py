"""A slow lift of the nominal body moves the loads as the published statics of one say.

The wanted figures are changes in per cent of body weight; the body's springs were chosen, not its
loads, so they are met within a margin of 1.5 and a fifth of the figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import radians

import pytest

from device.athlete.body import NOMINAL_BODY
from device.athlete.joints import Drive
from device.athlete.statics import SETTLED_STEPS, Statics

HIP = radians(11.0)
CLEAN = Drive(hips=(0.0, HIP), lifting=(0.0, 1.0))
ARCHED = Drive(hips=(0.0, HIP), lifting=(0.0, 1.0), tilt=radians(10.0))
ROLLED = Drive(hips=(0.0, HIP), lifting=(0.0, 1.0), roll=radians(6.0))
BOTH = Drive(hips=(HIP, HIP), lifting=(1.0, 1.0))
HEAD = Drive(head=1.0)
REST = Drive()

ROWS = {
    "head": ("head", "arms"),
    "chest": ("chest",),
    "abdomen": ("ribs", "belly"),
    "asis": ("asis",),
    "pubis": ("pubis",),
    "thigh": ("thigh",),
    "knee": ("knee", "shin"),
    "foot": ("foot",),
}


def rows(drive: Drive) -> dict[str, float]:
    """Load of every row, whole and by side (`lifted` is the right leg's), in equilibrium."""
    statics = Statics(NOMINAL_BODY)
    loads = statics.solve(drive, SETTLED_STEPS)
    contacts = statics.contacts
    out = {}
    for row, regions in ROWS.items():
        for name, side in (("", None), (" stance", 0), (" lifted", 1)):
            places = [i for region in regions for i in contacts.indices(region, side)]
            out[row + name] = float(loads[places].sum())
    return out


@pytest.fixture(scope="module")
def postures() -> Mapping[str, Mapping[str, float]]:
    drives = {
        "rest": REST,
        "clean": CLEAN,
        "arched": ARCHED,
        "rolled": ROLLED,
        "both": BOTH,
        "head": HEAD,
    }
    return {name: rows(drive) for name, drive in drives.items()}


def change(postures: Mapping[str, Mapping[str, float]], case: str, since: str, row: str) -> float:
    return postures[case][row] - postures[since][row]


TABLE = [
    # clean single lift, from rest
    ("clean", "rest", "head", -5.7),
    ("clean", "rest", "chest", -8.5),
    ("clean", "rest", "abdomen lifted", +1.7),
    ("clean", "rest", "abdomen stance", +0.5),
    ("clean", "rest", "asis lifted", +8.4),
    ("clean", "rest", "asis stance", +4.2),
    ("clean", "rest", "pubis lifted", +5.5),
    ("clean", "rest", "pubis stance", +5.0),
    ("clean", "rest", "thigh stance", +5.0),
    ("clean", "rest", "foot stance", -2.2),
    # what 10 degrees of arching add
    ("arched", "clean", "chest", 0.0),
    ("arched", "clean", "abdomen lifted", +4.0),
    ("arched", "clean", "abdomen stance", +4.0),
    ("arched", "clean", "pubis lifted", -6.0),
    ("arched", "clean", "pubis stance", -6.0),
    # 6 degrees of roll, from rest
    ("rolled", "rest", "abdomen lifted", +2.3),
    ("rolled", "rest", "abdomen stance", 0.0),
    ("rolled", "rest", "asis lifted", +4.4),
    ("rolled", "rest", "asis stance", +8.8),
    ("rolled", "rest", "pubis lifted", +5.2),
    ("rolled", "rest", "pubis stance", +5.8),
    # both legs, from rest
    ("both", "rest", "head", -9.0),
    ("both", "rest", "chest", -23.0),
    ("both", "rest", "abdomen", +6.0),
    ("both", "rest", "asis", +32.0),
    ("both", "rest", "pubis", +27.0),
    # head lift, from rest
    ("head", "rest", "head", -3.0),
    ("head", "rest", "chest", +5.5),
    ("head", "rest", "abdomen", 0.0),
    ("head", "rest", "asis lifted", -0.6),
    ("head", "rest", "pubis lifted", -0.9),
    ("head", "rest", "thigh lifted", -1.0),
    ("head", "rest", "knee", 0.0),
    ("head", "rest", "foot", 0.0),
]


@pytest.mark.parametrize(("case", "since", "row", "wanted_pct"), TABLE)
def test_a_row_changes_by_the_published_amount(
    postures: Mapping[str, Mapping[str, float]],
    case: str,
    since: str,
    row: str,
    wanted_pct: float,
) -> None:
    got = change(postures, case, since, row)
    assert got == pytest.approx(wanted_pct, abs=1.5 + 0.2 * abs(wanted_pct))
    if abs(wanted_pct) >= 0.5:
        assert got * wanted_pct > 0.0


@pytest.mark.parametrize("row", ["thigh lifted", "knee lifted", "foot lifted"])
def test_a_lifted_leg_is_gone(postures: Mapping[str, Mapping[str, float]], row: str) -> None:
    assert postures["clean"][row] < 0.5
    assert postures["both"][row] < 1.0


def test_thigh_and_knee_of_the_resting_leg_take_more_together(
    postures: Mapping[str, Mapping[str, float]],
) -> None:
    """+5 and +2.6; how they share it is where two models disagree."""
    thigh = change(postures, "clean", "rest", "thigh stance")
    knee = change(postures, "clean", "rest", "knee stance")
    assert knee > 0.0
    assert thigh + knee == pytest.approx(7.6, abs=2.0)


def test_in_an_arch_the_resting_thigh_eases_and_its_knee_gains(
    postures: Mapping[str, Mapping[str, float]],
) -> None:
    assert change(postures, "arched", "clean", "thigh stance") < -2.0
    assert change(postures, "arched", "clean", "knee stance") > 0.5


def test_the_stance_side_of_head_and_arms_pays_more(
    postures: Mapping[str, Mapping[str, float]],
) -> None:
    lifted = change(postures, "clean", "rest", "head lifted")
    stance = change(postures, "clean", "rest", "head stance")
    assert lifted - stance == pytest.approx(2.5, abs=1.0)


def test_the_asis_neither_empty_nor_take_over_in_an_arch(
    postures: Mapping[str, Mapping[str, float]],
) -> None:
    """Two models disagree here (+1.5 here, back to rest in a jointed body), so only the scale
    holds: far less than belly and pubis exchange."""
    for side in ("lifted", "stance"):
        assert -1.5 < change(postures, "arched", "clean", f"asis {side}") < 4.0


def tilt_index(row: Mapping[str, float], side: str) -> float:
    return row[f"asis {side}"] + row[f"abdomen {side}"] - row[f"pubis {side}"]


def test_the_tilt_index_rises_by_about_one_per_cent_a_degree(
    postures: Mapping[str, Mapping[str, float]],
) -> None:
    """+1.15 % of body weight a degree, 0.6 to 1.9 between people."""
    for side in ("lifted", "stance"):
        rise = tilt_index(postures["arched"], side) - tilt_index(postures["clean"], side)
        assert 0.6 < rise / 10.0 < 1.9


def test_the_roll_index_falls_through_zero_near_three_degrees() -> None:
    """+4.2 % with a pelvis that does not roll, about -1.4 % a degree."""
    statics = Statics(NOMINAL_BODY)
    asis = [statics.contacts.indices("asis", side) for side in (1, 0)]
    index = []
    for degrees in (0.0, 3.0, 6.0):
        statics.lie_at_rest()
        rest = [statics.loads_pct[side].sum() for side in asis]
        drive = Drive(hips=(0.0, HIP), lifting=(0.0, 1.0), roll=radians(degrees))
        loads = statics.solve(drive, SETTLED_STEPS)
        lifted, stance = (loads[side].sum() - r for side, r in zip(asis, rest, strict=True))
        index.append(lifted - stance)
    assert 3.0 < index[0] < 6.5
    assert abs(index[1]) < 1.5
    assert -6.5 < index[2] < -3.0


def test_drawing_the_belly_in_takes_about_two_per_cent_off_the_abdomen() -> None:
    change_pct = rows(Drive(brace=1.0))["abdomen"] - rows(REST)["abdomen"]
    assert -3.0 < change_pct < -1.0
