"""When a leg is up, from what its foot, knee and thigh still bear."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from device.core.contact import LegWatch
from device.core.features import Layout
from device.core.history import History
from device.core.segment import Segmenter
from device.core.types import Side
from tests.core.excerpts import MAT

TICK_S = 0.02
STANCE = (0.62, 0.08, 3.4)
"""Foot, knee and thigh of a leg that lies while the other one is lifted, as shares of their rest:
the hip presses the thigh down, and the knee hangs."""


def went_up(foot: float, knee: float, thigh: float, lasts_s: float = 5.0) -> bool:
    watch = LegWatch()
    ticks = round(lasts_s / TICK_S)
    return any(watch.update(tick * TICK_S, foot, knee, thigh) for tick in range(ticks))


def test_a_leg_that_is_pressed_down_by_the_lift_of_the_other_one_lies() -> None:
    assert not went_up(*STANCE)


@pytest.mark.parametrize("thigh", [0.0, 0.1, 2.4])
def test_a_leg_whose_foot_and_knee_are_gone_is_up(thigh: float) -> None:
    """A thigh that still carries a low lift of both legs changes nothing, nor does a residue."""
    assert went_up(0.02, 0.05, thigh)
    assert not went_up(0.9, 0.9, thigh)


def test_a_foot_that_is_not_read_for_a_moment_leaves_the_other_one_its_own_word() -> None:
    rest_n = np.full(len(MAT.names), 20.0)
    layout = Layout(MAT)
    segmenter = Segmenter(layout, History(len(MAT.names)))
    force_n = rest_n.copy()
    left, right = layout.legs[Side.LEFT], layout.legs[Side.RIGHT]
    for strips, share in zip((right.foot, right.knee, right.thigh), STANCE, strict=True):
        force_n[list(strips)] *= share
    force_n[list(left.strips)] = nan
    segmenter.update(0.0, force_n.tolist(), rest_n, rest_n.tolist(), float(rest_n.sum()))
    assert segmenter.shares[Side.RIGHT] == pytest.approx(STANCE)
    # Whose foot has no strip to rest on may have it on the other's.
    rest_n[list(left.foot)] = nan
    segmenter.update(TICK_S, force_n.tolist(), rest_n, rest_n.tolist(), float(np.nansum(rest_n)))
    assert np.isnan(segmenter.shares[Side.RIGHT][0])
