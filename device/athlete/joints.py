"""What muscles and ligaments do at the joints: springs towards wanted angles, and plain moments.

Moments are in per cent of body weight times millimetres: 1000 of them are about 7 N m for 70 kg.
All of them act between two segments, so none of them can change what the mat carries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.athlete.chain import N_COORDINATES, NOD, PITCH, ROLL, SHANK, THIGH, TILT, TWIST
from device.core.types import FloatArray

LUMBAR_STIFFNESS = 30000.0
"""Per radian: bending of a relaxed lumbar spine with its trunk, 3.6 N m a degree (McGill 1994)."""
TORSION_STIFFNESS = 50000.0
"""Twist between pelvis and chest with braced obliques, 6 N m a degree (McGill 1994)."""
NECK_STIFFNESS = 7500.0
HIP_STIFFNESS = 750.0
"""A relaxed hip near straight, about 5 N m/rad (Silder 2007)."""
LIFTING_HIP_STIFFNESS = 600000.0
"""A hip whose extensors drive it to where they want it: the leg sags by half a degree."""
KNEE_STIFFNESS = 1250.0
LIFTING_KNEE_STIFFNESS = 200000.0
FULLY_DRIVEN_BEND = 0.1
"""From this bend on, radians, the hamstrings hold the knee as firmly as in a lift."""
NECK_SHARE = 0.75
"""How much of its weight a raised head gives to the neck; the hands still carry the rest."""
STANCE_HIP_MOMENT = 100.0
"""The other leg's hip flexors press its thigh down while a leg is lifted, 0.7 N m for 70 kg."""
STANCE_KNEE_MOMENT = 700.0
"""And its quadriceps straighten the knee, which takes load off the foot."""
ARCHING_FROM, ARCHING_OVER = 0.175, 0.1
"""Tilt, radians, from which on (10 degrees) and over which who arches lets go of both."""


@dataclass(slots=True)
class Drive:
    """What the muscles do. Angles in radians; pairs are left, right."""

    tilt: float = 0.0
    """Forward tip of the pelvis from its rest."""
    roll: float = 0.0
    """Active roll of the pelvis, positive with the right side up, counted from how far it would
    roll passively under the same lift."""
    hips: tuple[float, float] = (0.0, 0.0)
    """Hip extension from rest, where `lifting` says that the hip is driven."""
    lifting: tuple[float, float] = (0.0, 0.0)
    """0: the leg lies relaxed; 1: its extensors hold it."""
    knees: tuple[float, float] = (0.0, 0.0)
    """Knee bend."""
    surges: tuple[float, float] = (0.0, 0.0)
    """Upward acceleration of a leg's tip as a share of gravity: a quick lift weighs more."""
    head: float = 0.0
    """How far the neck holds the head up, 0 to 1."""
    brace: float = 0.0
    """How far the belly is drawn in, 0 to 1."""
    breath_mm: float = 0.0
    """How far the front of the chest stands out beyond its mean."""


def spring(first: int, second: int, sign: float = -1.0) -> FloatArray:
    """Stiffness matrix of a unit spring on the angle `first + sign * second`."""
    row = np.zeros(N_COORDINATES)
    row[first] = 1.0
    row[second] = sign
    return np.outer(row, row)


_HIPS = [spring(THIGH + side, TILT) for side in (0, 1)]
_KNEES = [spring(SHANK + side, THIGH + side) for side in (0, 1)]
PASSIVE = (
    TORSION_STIFFNESS * spring(ROLL, TWIST)
    + NECK_STIFFNESS * spring(NOD, PITCH)
    + HIP_STIFFNESS * (_HIPS[0] + _HIPS[1])
    + KNEE_STIFFNESS * (_KNEES[0] + _KNEES[1])
)
"""All joints of a body that lies relaxed, but for the lumbar spine."""
LUMBAR = LUMBAR_STIFFNESS * spring(PITCH, TILT, 1.0)
"""Extension of the spine raises the head end of the chest and the tail end of the pelvis."""


def joint_forces(
    drive: Drive, rest: FloatArray, twist_per_roll: float, neck_moment: float
) -> tuple[FloatArray, FloatArray]:
    """Stiffness matrix of all joints, and the forces on the coordinates besides.

    `rest` is the posture from which hips and knees count; `twist_per_roll` how much the spine must
    twist for the pelvis to roll by one.
    """
    stiffness = PASSIVE
    force = np.zeros(N_COORDINATES)
    neck = drive.head * NECK_SHARE * neck_moment
    force[NOD] += neck
    force[PITCH] -= neck
    twist = TORSION_STIFFNESS * drive.roll * twist_per_roll
    force[ROLL] += twist
    force[TWIST] -= twist
    for side in (0, 1):
        thigh, shank = THIGH + side, SHANK + side
        on, bend = drive.lifting[side], drive.knees[side]
        if on > 0.0:
            hip = on * LIFTING_HIP_STIFFNESS
            stiffness = stiffness + hip * _HIPS[side]
            wanted = hip * (drive.hips[side] + rest[thigh] - rest[TILT])
            force[thigh] += wanted
            force[TILT] -= wanted
        if on > 0.0 or bend > 0.0:
            knee = max(on, min(1.0, bend / FULLY_DRIVEN_BEND)) * LIFTING_KNEE_STIFFNESS
            stiffness = stiffness + knee * _KNEES[side]
            wanted = knee * (bend + rest[shank] - rest[thigh])
            force[shank] += wanted
            force[thigh] -= wanted
        stance = drive.lifting[1 - side] * (1.0 - on)
        if stance > 0.0:
            arching = min(max((drive.tilt - ARCHING_FROM) / ARCHING_OVER, 0.0), 1.0)
            hip = STANCE_HIP_MOMENT * (1.0 - arching) * stance
            knee = STANCE_KNEE_MOMENT * (1.0 - arching) * stance
            force[TILT] += hip
            force[thigh] -= hip + knee
            force[shank] += knee
    return stiffness, force
