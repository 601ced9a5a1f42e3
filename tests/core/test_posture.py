"""Hips off their line are named with their direction, and so is lying askew; small errors are not.

The members are simulated ones; what is let be is what the recordings' bodies do.
"""

from __future__ import annotations

from functools import cache
from math import radians

import numpy as np
import pytest

from device.athlete.body import body_of
from device.athlete.collect import bar_sensors, shares
from device.athlete.statics import Statics
from device.core.features import Layout
from device.core.posture import ABOVE_PCT, BELOW_PCT, posture
from device.core.types import FloatArray
from tests.core.excerpts import MAT

BODIES = 20
STRIPS = Layout(MAT)


@cache
def members() -> list[Statics]:
    lying = [Statics(body_of(np.random.default_rng(seed))) for seed in range(BODIES)]
    for member in lying:
        member.lie_at_rest()
    return lying


def lying(across_mm: float = 0.0, along_mm: float = 0.0, yaw_deg: float = 0.0) -> list[FloatArray]:
    """The strips' loads (N) of some members who lie so far from the printed place, turned so."""
    loads_n = []
    for member in members():
        contacts = member.contacts
        places = contacts.x_mm, contacts.y_mm, contacts.spread_mm
        on_bars = shares(MAT, *places, (across_mm, along_mm), radians(yaw_deg)) @ member.loads_pct
        force_n = np.zeros(len(MAT.sensors))
        np.add.at(force_n, np.array(bar_sensors(MAT)), on_bars)
        loads_n.append(force_n)
    return loads_n


def directions(too_far_up_mm: float) -> list[int]:
    """For each member whose hips lie so far off the line: +1 where the core says that they are too
    far towards the feet, -1 towards the head, 0 where it does not complain."""
    said = []
    for force_n in lying(along_mm=too_far_up_mm):
        problems, numbers = posture(force_n, STRIPS)
        along = numbers["below_pct"]
        direction = 1 if along > BELOW_PCT else -1 if along < ABOVE_PCT else 0
        said.append(direction if "hips_off_line" in problems else 0)
    return said


def askew(yaw_deg: float, across_mm: float = 0.0) -> list[int]:
    """For each member turned so: +1 where the core says that the feet lie too far to the right, -1
    to the left, 0 where it does not complain."""
    said = [posture(force_n, STRIPS)[0] for force_n in lying(across_mm, 0.0, yaw_deg)]
    return [int(np.sign(problems.get("askew", 0.0))) for problems in said]


@pytest.mark.parametrize("off_mm", [-20.0, -10.0, 0.0, 10.0, 20.0, 35.0])
def test_hips_on_their_line_are_let_be(off_mm: float) -> None:
    assert directions(off_mm).count(0) >= BODIES - 1


@pytest.mark.parametrize("off_mm", [-100.0, -80.0, -60.0])
def test_hips_too_far_towards_the_feet_are_told_so(off_mm: float) -> None:
    said = directions(off_mm)
    assert -1 not in said
    assert said.count(1) >= 0.9 * BODIES


@pytest.mark.parametrize(
    ("off_mm", "share"), [(60.0, 0.5), (80.0, 0.6), (100.0, 0.9), (120.0, 0.95)]
)
def test_hips_too_far_towards_the_head_are_told_so_the_surer_the_farther(
    off_mm: float, share: float
) -> None:
    said = directions(off_mm)
    assert 1 not in said
    assert said.count(-1) >= share * BODIES


@pytest.mark.parametrize("across_mm", [-30.0, 0.0, 30.0])
def test_a_straight_body_is_not_called_askew_wherever_it_lies_across(across_mm: float) -> None:
    assert not any(askew(0.0, across_mm))


@pytest.mark.parametrize("yaw_deg", [-4.0, -3.0, 3.0, 4.0])
def test_who_lies_nearly_straight_is_let_be(yaw_deg: float) -> None:
    assert not any(askew(yaw_deg))


@pytest.mark.parametrize("yaw_deg", [6.0, 8.0, 12.0])
def test_feet_to_one_side_are_told_from_six_degrees_on(yaw_deg: float) -> None:
    assert askew(yaw_deg).count(1) >= 0.9 * BODIES
    assert askew(-yaw_deg).count(-1) >= 0.9 * BODIES


def test_without_the_knees_strips_only_a_body_plainly_askew_is_told() -> None:
    knees = [*MAT.indices("knee")]
    for force_n in lying(yaw_deg=6.0):
        force_n[knees] = np.nan
        assert "askew" not in posture(force_n, STRIPS)[0]
