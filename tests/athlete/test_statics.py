"""Forces and moments balance in every posture, and legs leave the mat in their order."""

from __future__ import annotations

from math import radians

import numpy as np
import pytest

from device.athlete.body import NOMINAL_BODY, body_of
from device.athlete.joints import Drive
from device.athlete.statics import SETTLED_STEPS, Statics

POSTURES = [
    Drive(),
    Drive(hips=(0.0, radians(12.0)), lifting=(0.0, 1.0)),
    Drive(hips=(radians(9.0), 0.0), lifting=(1.0, 0.0), tilt=radians(12.0)),
    Drive(hips=(radians(11.0), 0.0), lifting=(1.0, 0.0), roll=-radians(9.0)),
    Drive(hips=(radians(8.0), radians(8.0)), lifting=(1.0, 1.0)),
    Drive(head=1.0, brace=1.0, breath_mm=0.5),
    Drive(knees=(0.6, 0.0)),
]
BODIES = [NOMINAL_BODY, *(body_of(np.random.default_rng(seed)) for seed in range(4))]


def centre_mm(statics: Statics) -> tuple[float, float]:
    contacts, loads = statics.contacts, statics.loads_pct
    return float(loads @ contacts.x_mm / 100.0), float(loads @ contacts.y_mm / 100.0)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("drive", POSTURES)
def test_the_mat_carries_the_weight_and_the_centre_of_pressure_stays(body, drive) -> None:
    statics = Statics(body)
    statics.lie_at_rest()
    rest = centre_mm(statics)
    statics.solve(drive, 2 * SETTLED_STEPS)
    assert statics.loads_pct.min() >= 0.0
    assert statics.loads_pct.sum() == pytest.approx(100.0, abs=0.05)
    assert centre_mm(statics) == pytest.approx(rest, abs=1.0)


def test_foot_knee_and_thigh_leave_the_mat_in_this_order() -> None:
    statics = Statics(NOMINAL_BODY)
    contacts = statics.contacts
    places = {row: contacts.indices(row, 1) for row in ("foot", "knee", "thigh")}
    left_at = {}
    for tenth in range(140):
        drive = Drive(hips=(0.0, radians(tenth / 10.0)), lifting=(0.0, 1.0))
        loads = statics.solve(drive, 20)
        for row, where in places.items():
            if row not in left_at and loads[where].sum() < 0.3:
                left_at[row] = tenth / 10.0
    assert left_at["foot"] < left_at["knee"] < left_at["thigh"]
    assert left_at["knee"] < 4.0
    assert 4.0 < left_at["thigh"] < 10.0


@pytest.mark.parametrize(
    ("drive", "mirrored"),
    [
        (
            Drive(hips=(0.2, 0.0), lifting=(1.0, 0.0), roll=-0.1, tilt=0.05),
            Drive(hips=(0.0, 0.2), lifting=(0.0, 1.0), roll=0.1, tilt=0.05),
        ),
        (Drive(roll=0.05), Drive(roll=-0.05)),
    ],
)
def test_the_mirrored_move_loads_the_other_side(drive, mirrored) -> None:
    statics, other = Statics(NOMINAL_BODY), Statics(NOMINAL_BODY)
    statics.lie_at_rest()
    other.lie_at_rest()
    one = statics.solve(drive, SETTLED_STEPS)
    two = other.solve(mirrored, SETTLED_STEPS)
    contacts = statics.contacts
    for region in set(contacts.regions):
        for side in (0, 1):
            swapped = contacts.indices(region, 1 - side)
            assert one[contacts.indices(region, side)] == pytest.approx(two[swapped], abs=1e-3)


def test_the_pelvis_does_what_it_is_told() -> None:
    """The tilt and the roll that `truth` reports are those of the body, not of the order."""
    statics = Statics(body_of(np.random.default_rng(9)))
    lift = {"hips": (0.0, radians(11.0)), "lifting": (0.0, 1.0)}
    statics.lie_at_rest()
    statics.solve(Drive(**lift), SETTLED_STEPS)
    passive = statics.q.copy()
    statics.solve(Drive(tilt=radians(12.0), roll=radians(10.0), **lift), SETTLED_STEPS)
    tilt, roll = np.degrees(statics.q - passive)[1:3]
    assert tilt == pytest.approx(12.0, abs=0.1)
    assert roll == pytest.approx(10.0, abs=1.5)


def test_a_quick_start_of_a_lift_weighs_more() -> None:
    statics = Statics(NOMINAL_BODY)
    loads = statics.solve(
        Drive(hips=(0.0, radians(11.0)), lifting=(0.0, 1.0), surges=(0.0, 0.5)), SETTLED_STEPS
    )
    assert loads.sum() > 101.0
