"""Hips too far towards the feet are named; those on their line are not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from device.athlete.body import body_of
from device.athlete.collect import bar_sensors, shares
from device.athlete.statics import Statics
from device.core.features import Layout
from device.core.posture import ABOVE_PCT, BELOW_PCT, posture
from tests.core.excerpts import MAT

BODIES = 12
STRIPS = Layout(MAT)


@cache
def members() -> list[Statics]:
    lying = [Statics(body_of(np.random.default_rng(seed))) for seed in range(BODIES)]
    for member in lying:
        member.lie_at_rest()
    return lying


def directions(too_far_up_mm: float) -> list[int]:
    """For each of some members whose hips lie so far off the line: +1 where the core says that they
    are too far towards the feet, -1 towards the head, 0 where it does not complain."""
    said = []
    for member in members():
        contacts = member.contacts
        places = contacts.x_mm, contacts.y_mm, contacts.spread_mm
        force_n = np.zeros(len(MAT.sensors))
        on_bars = shares(MAT, *places, (0.0, too_far_up_mm), 0.0) @ member.loads_pct
        np.add.at(force_n, np.array(bar_sensors(MAT)), on_bars)
        problems, numbers = posture(force_n, STRIPS)
        along = numbers["below_pct"]
        direction = 1 if along > BELOW_PCT else -1 if along < ABOVE_PCT else 0
        said.append(direction if "hips_off_line" in problems else 0)
    return said


@pytest.mark.parametrize("off_mm", [-10.0, 0.0, 10.0, 20.0])
def test_hips_on_their_line_are_let_be(off_mm: float) -> None:
    assert not any(directions(off_mm))


@pytest.mark.parametrize("off_mm", [-100.0, -80.0, -60.0])
def test_hips_too_far_towards_the_feet_are_told_so(off_mm: float) -> None:
    said = directions(off_mm)
    assert -1 not in said
    assert said.count(1) >= BODIES - 2


def test_hips_too_far_towards_the_head_are_never_sent_further() -> None:
    assert 1 not in directions(60.0) + directions(100.0)
