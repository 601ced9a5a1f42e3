"""The coordinates of a posture, and how the height of every point of the body depends on them.

Height of the lumbar joint in millimetres, then angles in radians: tilt of the pelvis (its tail end
up), roll of the pelvis, pitch of the chest (its head end up), roll of the chest, pitch of head and
arms, left thigh, right thigh, left shank, right shank (foot end up). Rolls are positive with the
member's right side up. All angles are small, so heights are linear in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.athlete.body import (
    ANKLE_HEIGHT,
    HIP_HEIGHT,
    HIP_X_MM,
    KNEE_HEIGHT,
    LUMBAR_HEIGHT,
    MASSES,
    SHOULDER_HEIGHT,
    Body,
)
from device.core.types import FloatArray

HEIGHT, TILT, ROLL, PITCH, TWIST, NOD, THIGH, SHANK = 0, 1, 2, 3, 4, 5, 6, 8
"""Places of the coordinates; `THIGH` and `SHANK` are the left ones, the right ones follow."""
N_COORDINATES = 10

SIDES = {"l": 0, "r": 1}
HEAD_CENTRE = 0.93
"""Centre of mass of the head, share of stature (de Leva: half its height from the vertex)."""
ARMS_CENTRE = 0.855
"""Centre of mass of the arms with the hands under the forehead, elbows out."""
UPPER_TRUNK, MIDDLE_TRUNK, LOWER_TRUNK = 0.755, 0.655, 0.550
"""Centres of mass of de Leva's three parts of the trunk, shares of stature."""
FOOT_CENTRE = 0.035
"""Of the pointed foot, beyond the ankle, share of stature."""


@dataclass(frozen=True, slots=True)
class PointMass:
    """A part of the body where its weight pulls; `leg` is 0, 1 or, for none, -1."""

    segment: str
    x_mm: float
    y_mm: float
    weight_pct: float
    leg: int = -1


class Chain:
    """The joints of one body: chest, pelvis, thighs and shanks hang together at them."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.y_lumbar = body.y_mm(LUMBAR_HEIGHT)
        self.y_hip = body.y_mm(HIP_HEIGHT)
        self.y_shoulder = body.y_mm(SHOULDER_HEIGHT)
        self.thigh_mm = (HIP_HEIGHT - KNEE_HEIGHT) * body.stature_mm
        self.shank_mm = (KNEE_HEIGHT - ANKLE_HEIGHT) * body.stature_mm
        self.leg_mm = self.thigh_mm + self.shank_mm

    def row(self, segment: str, x_mm: float, y_mm: float) -> FloatArray:
        """The height of a point of a segment is this row times the coordinates."""
        row = np.zeros(N_COORDINATES)
        row[HEIGHT] = 1.0
        if segment in ("chest", "arms"):
            row[TWIST] = x_mm
            row[PITCH] = y_mm - self.y_lumbar
            if segment == "arms":
                row[PITCH] = self.y_shoulder - self.y_lumbar
                row[NOD] = y_mm - self.y_shoulder
        elif segment == "pelvis":
            row[ROLL] = x_mm
            row[TILT] = self.y_lumbar - y_mm
        elif segment == "belly":
            # Soft between the two: the nearer the ribs, the more it follows the chest.
            chest = min(max(0.5 * y_mm / self.y_lumbar, 0.0), 1.0)
            row[ROLL], row[TWIST] = (1.0 - chest) * x_mm, chest * x_mm
            row[PITCH] = max(y_mm - self.y_lumbar, 0.0)
        else:
            side = SIDES[segment[-1]]
            row[ROLL] = (-HIP_X_MM, HIP_X_MM)[side]
            row[TILT] = self.y_lumbar - self.y_hip
            if segment.startswith("thigh"):
                row[THIGH + side] = self.y_hip - y_mm
            else:
                row[THIGH + side] = self.thigh_mm
                row[SHANK + side] = self.y_hip - self.thigh_mm - y_mm
        return row

    def foot_row(self, side: int) -> FloatArray:
        """The row of the ankle's end of a leg."""
        return self.row(f"shank_{'lr'[side]}", 0.0, self.y_hip - self.leg_mm)

    def neck_moment(self) -> float:
        """What holds the head's weight at the shoulders, per cent of body weight times mm."""
        arm_mm = self._body.y_mm(HEAD_CENTRE) - self.y_shoulder
        return MASSES[self._body.sex].head * arm_mm

    def point_masses(self) -> tuple[PointMass, ...]:
        """The whole weight of the body."""
        body, masses = self._body, MASSES[self._body.sex]
        points = [
            PointMass("arms", 0.0, body.y_mm(HEAD_CENTRE), masses.head),
            PointMass("arms", 0.0, body.y_mm(ARMS_CENTRE), masses.arms),
            PointMass("chest", 0.0, body.y_mm(UPPER_TRUNK), masses.upper_trunk),
            PointMass("chest", 0.0, body.y_mm(MIDDLE_TRUNK), masses.middle_trunk),
            PointMass("pelvis", 0.0, body.y_mm(LOWER_TRUNK), masses.lower_trunk),
        ]
        y_knee = self.y_hip - self.thigh_mm
        y_foot = y_knee - self.shank_mm - FOOT_CENTRE * body.stature_mm
        y_thigh = self.y_hip - masses.thigh_centre * self.thigh_mm
        y_shank = y_knee - masses.shank_centre * self.shank_mm
        for name, side in SIDES.items():
            x_mm = (-HIP_X_MM, HIP_X_MM)[side]
            points += [
                PointMass(f"thigh_{name}", x_mm, y_thigh, masses.thigh, side),
                PointMass(f"shank_{name}", x_mm, y_shank, masses.shank, side),
                PointMass(f"shank_{name}", x_mm, y_foot, masses.foot, side),
            ]
        return tuple(points)
