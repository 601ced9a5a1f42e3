"""A body lying prone on springs: where every part of it sinks, so that forces and moments balance.

Segments are rigid and joined at the lumbar spine, the hips, the knees and the shoulders. Under them
lie patches of tissue and foam, springs that press only (`device.athlete.contacts`). Muscles are
moments inside the body, so whatever they do the total load is the weight, and the centre of
pressure lies under the centre of mass: that is what makes a lifted leg press the pelvis.

Coordinates `q`: height of the lumbar joint (mm), then angles in radians: tilt of the pelvis (its
tail end up), roll of the pelvis, pitch of the chest (its head end up), roll of the chest, pitch of
head and arms, left thigh, right thigh, left shank, right shank (foot end up). Rolls are positive
with the member's right side up. Loads are per cent of body weight.

Where this model and a jointed body under contact physics differ: here the ASIS keep their load in
an arch (there they fall back towards rest), the resting thigh gains in a clean single lift (there
it falls, its knee gains), and the ASIS of the lifted side gains more than the other one. They agree
on the pubis emptying and belly and lower ribs filling in an arch, on ASIS and pubis gaining a
multiple of their rest load in a lift, and on the chest paying for it.
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
from device.athlete.contacts import Contacts, contacts_of
from device.core.types import FloatArray

HEIGHT, TILT, ROLL, PITCH, TWIST, NOD, THIGH, SHANK = 0, 1, 2, 3, 4, 5, 6, 8
"""Places in `q`; `THIGH` and `SHANK` are the left ones, the right ones follow."""
N_COORDINATES = 10

# Joint stiffnesses, per cent of body weight times mm per radian; a moment of 1 % BW mm is about
# 7 N mm for 70 kg, so 1000 of them are about 7 N m.
LUMBAR_STIFFNESS = 30000.0
"""Passive bending of a relaxed lumbar spine, 40 N m/rad (McGill 1994: 10 to 100)."""
TORSION_STIFFNESS = 40000.0
"""Twist between pelvis and chest with braced obliques (McGill 1994, stiffened tenfold)."""
NECK_STIFFNESS = 7500.0
HIP_STIFFNESS = 750.0
"""A relaxed hip near straight, about 10 N m/rad (Silder 2007)."""
LIFTING_HIP_STIFFNESS = 600000.0
"""A hip whose extensors drive it to where they want it."""
KNEE_STIFFNESS = 1250.0
LIFTING_KNEE_STIFFNESS = 200000.0
FULLY_DRIVEN_BEND = 0.1
"""From this bend on, radians, the hamstrings hold the knee as firmly as in a lift."""
NECK_SHARE = 0.75
"""How much of its weight a raised head gives to the neck; the hands still carry the rest."""
STANCE_HIP_MOMENT = 450.0
"""The other leg's hip flexors press its thigh down while a leg is lifted, 6 N m for 70 kg."""
STANCE_KNEE_MOMENT = 450.0
"""And its quadriceps straighten the knee, which takes load off the foot."""
TRIAL_LIFT, TRIAL_ROLL = 0.17, 0.14
"""A lift of 10 degrees and a roll of 8, to find how this body rolls."""
SETTLED_STEPS = 60
"""Newton steps after which any posture is in equilibrium."""
MAX_STEP = np.array([8.0, *[0.06] * (N_COORDINATES - 1)])
"""The largest change of a coordinate in one Newton step: patches come and go within it."""


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


class Statics:
    """The equilibrium of one body. It remembers the last one, so small changes cost little."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.contacts: Contacts = contacts_of(body)
        self._weights = _weights(body)
        lengths = _leg_lengths(body)
        y_lumbar = body.y_mm(LUMBAR_HEIGHT)
        y_hip = body.y_mm(HIP_HEIGHT)
        y_shoulder = body.y_mm(SHOULDER_HEIGHT)
        self._frame = (y_lumbar, y_hip, y_shoulder, lengths)
        contacts = self.contacts
        self._jacobian = np.array(
            [
                self._row(segment, x, y)
                for segment, x, y in zip(
                    contacts.segments, contacts.x_mm, contacts.y_mm, strict=True
                )
            ]
        )
        self._gravity_rows = np.array([self._row(s, x, y) for s, x, y, _ in self._weights])
        self._masses = np.array([mass for *_, mass in self._weights])
        self._leg_of_mass = [
            _SIDES.get(segment[-1], -1) if segment[:-1] in ("thigh_", "shank_") else -1
            for segment, *_ in self._weights
        ]
        tip_mm = sum(lengths)
        self._surge_share = np.array(
            [
                (y_hip - y) / tip_mm if leg >= 0 else 0.0
                for (_, _, y, _), leg in zip(self._weights, self._leg_of_mass, strict=True)
            ]
        )
        self._surge_rows = [np.array([leg == side for leg in self._leg_of_mass]) for side in (0, 1)]
        self._gravity = self._gravity_rows.T @ self._masses
        head_mass, head_arm_mm = self._head_moment()
        self._neck_moment = head_mass * head_arm_mm
        self.tip_mm = tip_mm
        self.rest = np.zeros(N_COORDINATES)
        self.q = np.zeros(N_COORDINATES)
        self.loads_pct = np.zeros(len(contacts.x_mm))
        self._twist_per_roll = 1.0
        self._relax()
        self._twist_per_roll = self._trial_twist()

    # -- geometry ------------------------------------------------------------------------------

    def _row(self, segment: str, x: float, y: float) -> FloatArray:
        """How the height of a point of a segment depends on `q`."""
        y_lumbar, y_hip, y_shoulder, (thigh_mm, _) = self._frame
        row = np.zeros(N_COORDINATES)
        row[HEIGHT] = 1.0
        if segment in ("chest", "arms"):
            row[TWIST] = x
            row[PITCH] = y - y_lumbar
            if segment == "arms":
                row[PITCH] = y_shoulder - y_lumbar
                row[NOD] = y - y_shoulder
        elif segment == "pelvis":
            row[ROLL] = x
            row[TILT] = y_lumbar - y
        elif segment == "belly":
            row[ROLL] = row[TWIST] = x / 2.0
            row[PITCH] = max(y - y_lumbar, 0.0)
        else:
            side = _SIDES[segment[-1]]
            row[ROLL] = (-HIP_X_MM, HIP_X_MM)[side]
            row[TILT] = y_lumbar - y_hip
            if segment.startswith("thigh"):
                row[THIGH + side] = y_hip - y
            else:
                row[THIGH + side] = thigh_mm
                row[SHANK + side] = y_hip - thigh_mm - y
        return row

    def _head_moment(self) -> tuple[float, float]:
        y_head = self.body.y_mm(_HEAD_CENTRE)
        return MASSES[self.body.sex].head, y_head - self.body.y_mm(SHOULDER_HEIGHT)

    # -- equilibrium ---------------------------------------------------------------------------

    def solve(self, drive: Drive, steps: int = 2) -> FloatArray:
        """Move towards the equilibrium under `drive`; two steps follow a body moving slowly.

        Returns the loads of all patches in per cent of body weight.
        """
        lift = self._lift_mm(drive)
        stiffness, target = self._joints(drive)
        gravity = self._gravity
        if drive.surges != (0.0, 0.0):
            gravity = self._gravity_rows.T @ (self._masses * self._surge(drive))
        moments = np.zeros(N_COORDINATES)
        neck = drive.head * NECK_SHARE * self._neck_moment
        moments[NOD] += neck
        moments[PITCH] -= neck
        for side in (0, 1):
            stance = drive.lifting[1 - side] * (1.0 - drive.lifting[side])
            moments[TILT] += STANCE_HIP_MOMENT * stance
            moments[THIGH + side] -= (STANCE_HIP_MOMENT + STANCE_KNEE_MOMENT) * stance
            moments[SHANK + side] += STANCE_KNEE_MOMENT * stance
        self.q[TILT] = self.rest[TILT] + drive.tilt
        for _ in range(steps):
            self._step(lift, stiffness, target, moments - gravity, held=True)
        self.loads_pct = self._press(lift)[0]
        return self.loads_pct

    def rested(self) -> None:
        """Lie as at rest again, whatever went before."""
        self.q = self.rest.copy()
        self.loads_pct = self._press(np.zeros(len(self.contacts.x_mm)))[0]

    def foot_heights_mm(self) -> tuple[float, float]:
        """How far each foot's tip is above its rest."""
        rise = self.q - self.rest
        y_tip = self._frame[1] - self.tip_mm
        left, right = (float(self._row(f"shank_{side}", 0.0, y_tip) @ rise) for side in "lr")
        return left, right

    def _trial_twist(self) -> float:
        """How much twist in the spine rolls the pelvis by one: the strips give way to the rest."""
        rolls = []
        for roll in (0.0, TRIAL_ROLL):
            lift = Drive(hips=(0.0, TRIAL_LIFT), lifting=(0.0, 1.0), roll=roll)
            self.solve(lift, SETTLED_STEPS)
            rolls.append(self.q[ROLL])
            self.rested()
        return TRIAL_ROLL / float(rolls[1] - rolls[0])

    def _relax(self) -> None:
        """Lie down from above and find the rest, the lumbar spine passive."""
        stiffness, target = self._joints(Drive())
        stiffness = stiffness + _spring((PITCH, 1.0), (TILT, 1.0), LUMBAR_STIFFNESS)
        lift = np.zeros(len(self.contacts.x_mm))
        for _ in range(4 * SETTLED_STEPS):
            if self._step(lift, stiffness, target, -self._gravity, held=False) < 1e-9:
                break
        self.loads_pct = self._press(lift)[0]
        self.rest = self.q.copy()

    def _press(self, lift: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Load of every patch and its stiffness, at the present `q`."""
        contacts = self.contacts
        depth = np.maximum(contacts.depth_mm + lift - self._jacobian @ self.q, 1e-9)
        slope = contacts.gain * depth ** (contacts.hardening - 1.0)
        return slope * depth, slope * contacts.hardening

    def _step(
        self,
        lift: FloatArray,
        stiffness: FloatArray,
        target: FloatArray,
        outside: FloatArray,
        held: bool,
    ) -> float:
        """One Newton step; returns its size. `held`: the trunk's muscles keep the pelvis' tilt."""
        loads, slopes = self._press(lift)
        jacobian = self._jacobian
        residual = jacobian.T @ loads + outside - stiffness @ self.q + target
        matrix = (jacobian.T * slopes) @ jacobian + stiffness
        matrix.flat[:: N_COORDINATES + 1] += 1e-3
        if held:
            # The moment that holds the tilt acts on pelvis and chest alike: eliminate it.
            residual[PITCH] -= residual[TILT]
            matrix[PITCH] -= matrix[TILT]
            matrix[TILT] = 0.0
            matrix[TILT, TILT] = 1.0
            residual[TILT] = 0.0
        step = np.linalg.solve(matrix, residual)
        worst = float(np.max(np.abs(step) / MAX_STEP))
        if worst > 1.0:
            step /= worst
        self.q += step
        return worst

    def _joints(self, drive: Drive) -> tuple[FloatArray, FloatArray]:
        """Stiffness matrix of the joints, and what their wanted angles add to the forces."""
        stiffness = _spring((ROLL, 1.0), (TWIST, -1.0), TORSION_STIFFNESS)
        stiffness += _spring((NOD, 1.0), (PITCH, -1.0), NECK_STIFFNESS)
        target = np.zeros(N_COORDINATES)
        twist = TORSION_STIFFNESS * drive.roll * self._twist_per_roll
        target[ROLL] += twist
        target[TWIST] -= twist
        rest = self.rest
        for side in (0, 1):
            on = drive.lifting[side]
            bend = drive.knees[side]
            driven = max(on, min(1.0, bend / FULLY_DRIVEN_BEND))
            hip = on * LIFTING_HIP_STIFFNESS
            knee = driven * LIFTING_KNEE_STIFFNESS
            thigh, shank = THIGH + side, SHANK + side
            stiffness += _spring((thigh, 1.0), (TILT, -1.0), HIP_STIFFNESS + hip)
            stiffness += _spring((shank, 1.0), (thigh, -1.0), KNEE_STIFFNESS + knee)
            wanted = hip * (drive.hips[side] + rest[thigh] - rest[TILT])
            target[thigh] += wanted
            target[TILT] -= wanted
            wanted = knee * (bend + rest[shank] - rest[thigh])
            target[shank] += wanted
            target[thigh] -= wanted
        return stiffness, target

    def _lift_mm(self, drive: Drive) -> FloatArray:
        return self.contacts.breath * drive.breath_mm - self.contacts.brace_mm * drive.brace

    def _surge(self, drive: Drive) -> FloatArray:
        surge = np.ones(len(self._masses))
        for side in (0, 1):
            rows = self._surge_rows[side]
            surge[rows] += drive.surges[side] * self._surge_share[rows]
        return surge


_SIDES = {"l": 0, "r": 1}
_HEAD_CENTRE = 0.93
"""Centre of mass of the head, share of stature (de Leva: half its height from the vertex)."""
_ARMS_CENTRE = 0.855
"""Centre of mass of the arms with the hands under the forehead, elbows out."""
_UPPER_TRUNK, _MIDDLE_TRUNK, _LOWER_TRUNK = 0.755, 0.655, 0.550
"""Centres of mass of de Leva's three parts of the trunk, shares of stature."""


def _spring(first: tuple[int, float], second: tuple[int, float], stiffness: float) -> FloatArray:
    row = np.zeros(N_COORDINATES)
    row[first[0]] = first[1]
    row[second[0]] = second[1]
    return stiffness * np.outer(row, row)


def _leg_lengths(body: Body) -> tuple[float, float]:
    thigh = (HIP_HEIGHT - KNEE_HEIGHT) * body.stature_mm
    return thigh, (KNEE_HEIGHT - ANKLE_HEIGHT) * body.stature_mm


def _weights(body: Body) -> list[tuple[str, float, float, float]]:
    """Every point mass: segment, x, y in mm, per cent of body weight."""
    masses = MASSES[body.sex]
    thigh_mm, shank_mm = _leg_lengths(body)
    y_hip = body.y_mm(HIP_HEIGHT)
    y_knee = y_hip - thigh_mm
    weights = [
        ("arms", 0.0, body.y_mm(_HEAD_CENTRE), masses.head),
        ("arms", 0.0, body.y_mm(_ARMS_CENTRE), masses.arms),
        ("chest", 0.0, body.y_mm(_UPPER_TRUNK), masses.upper_trunk),
        ("chest", 0.0, body.y_mm(_MIDDLE_TRUNK), masses.middle_trunk),
        ("pelvis", 0.0, body.y_mm(_LOWER_TRUNK), masses.lower_trunk),
    ]
    for side in "lr":
        x = -HIP_X_MM if side == "l" else HIP_X_MM
        foot_y = y_knee - shank_mm - 0.035 * body.stature_mm
        weights += [
            (f"thigh_{side}", x, y_hip - masses.thigh_centre * thigh_mm, masses.thigh),
            (f"shank_{side}", x, y_knee - masses.shank_centre * shank_mm, masses.shank),
            (f"shank_{side}", x, foot_y, masses.foot),
        ]
    return weights
