"""A body lying prone on springs: where every part of it sinks, so that forces and moments balance.

Segments are rigid and joined at the lumbar spine, the hips, the knees and the shoulders
(`device.athlete.chain`). Under them lie patches of tissue and foam, springs that press only
(`device.athlete.contacts`). Muscles are moments inside the body (`device.athlete.joints`), so
whatever they do the total load is the weight, and the centre of pressure lies under the centre of
mass: that is what makes a lifted leg press the pelvis.

Where this model and a jointed body under contact physics differ: here the ASIS keep their load in
an arch (there they fall back towards rest), the resting thigh gains in a clean single lift (there
it hardly does), and the ASIS of the lifted side gains more than the other one. They agree on the
pubis emptying and belly and lower ribs filling in an arch, on ASIS and pubis gaining a multiple of
their rest load in a lift, on the ASIS of the lifted side falling and the other one gaining in a
roll, and on the chest paying for a lift. From the ASIS of the lifted side to the other one goes
per degree of roll what goes there too (3.6 % of the sensed weight, published: 1.4 % of body
weight), until the first bears nothing; but here the resting thigh takes up what the pelvis and its
ASIS take up there. Loads are per cent of body weight.
"""

from __future__ import annotations

import numpy as np

from device.athlete.body import Body
from device.athlete.chain import N_COORDINATES, PITCH, ROLL, TILT, Chain
from device.athlete.contacts import contacts_of
from device.athlete.joints import LUMBAR, PASSIVE, Drive, joint_forces
from device.core.types import FloatArray

TRIAL_LIFT, TRIAL_ROLL = 0.17, 0.14
"""A lift of 10 degrees and a roll of 8, to find how this body rolls."""
SETTLED_STEPS = 60
"""Newton steps after which any posture is in equilibrium."""
AT_REST = 1e-9
"""A Newton step that small, as a share of `MAX_STEP`, is none."""
MAX_STEP = np.array([8.0, *[0.06] * (N_COORDINATES - 1)])
"""The largest change of a coordinate in one Newton step: patches come and go within it."""
SMALL_STIFFNESS = 1e-3
"""Keeps a coordinate that nothing holds (a lifted body) from running away."""


class Statics:
    """The equilibrium of one body. It remembers the last one, so small changes cost little."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.contacts = contacts_of(body)
        chain = Chain(body)
        contacts = self.contacts
        places = zip(contacts.segments, contacts.x_mm, contacts.y_mm, strict=True)
        self._jacobian = np.array([chain.row(segment, x, y) for segment, x, y in places])
        points = chain.point_masses()
        self._pull_rows = np.array([chain.row(p.segment, p.x_mm, p.y_mm) for p in points])
        self._pulls = np.array([p.weight_pct for p in points])
        # How much of the acceleration of a leg's end each of its masses shares.
        self._surging = np.array(
            [
                [(p.leg == side) * (chain.y_hip - p.y_mm) / chain.leg_mm for p in points]
                for side in (0, 1)
            ]
        )
        self._gravity = self._pull_rows.T @ self._pulls
        self._feet = np.array([chain.foot_row(side) for side in (0, 1)])
        self._neck_moment = chain.neck_moment()
        self.leg_mm = chain.leg_mm
        self._flat = np.zeros(len(contacts.x_mm))
        self.rest = np.zeros(N_COORDINATES)
        self.q = np.zeros(N_COORDINATES)
        self._relax()
        self._twist_per_roll = 1.0
        self._twist_per_roll = self._trial_twist()

    def solve(self, drive: Drive, steps: int = 1) -> FloatArray:
        """Move towards the equilibrium under `drive`; one step follows a body moving slowly.

        Returns the loads of all patches in per cent of body weight.
        """
        lift = self.contacts.breath * drive.breath_mm - self.contacts.brace_mm * drive.brace
        stiffness, force = joint_forces(drive, self.rest, self._twist_per_roll, self._neck_moment)
        if drive.surges == (0.0, 0.0):
            force -= self._gravity
        else:
            force -= self._pull_rows.T @ (self._pulls * (1.0 + drive.surges @ self._surging))
        self.q[TILT] = self.rest[TILT] + drive.tilt
        for _ in range(steps):
            self._step(lift, stiffness, force, held=True)
        self.loads_pct = self._press(lift)[0]
        return self.loads_pct

    def lie_at_rest(self) -> None:
        """Lie as at rest again, whatever went before."""
        self.q = self.rest.copy()
        self.loads_pct = self._press(self._flat)[0]

    def foot_heights_mm(self) -> tuple[float, float]:
        """How far the end of each leg is above its rest."""
        left, right = (self._feet @ (self.q - self.rest)).tolist()
        return left, right

    def pelvis_rad(self) -> tuple[float, float]:
        """How far the pelvis has tipped forward and rolled, right side up, from its rest."""
        tilt, roll = (self.q - self.rest)[[TILT, ROLL]].tolist()
        return tilt, roll

    def _relax(self) -> None:
        """Lie down from above and find the rest, the lumbar spine passive."""
        for _ in range(4 * SETTLED_STEPS):
            if self._step(self._flat, PASSIVE + LUMBAR, -self._gravity, held=False) < AT_REST:
                break
        self.rest = self.q.copy()
        self.lie_at_rest()

    def _trial_twist(self) -> float:
        """How much twist in the spine rolls the pelvis by one: the strips give way to the rest."""
        rolls = []
        for roll in (0.0, TRIAL_ROLL):
            drive = Drive(hips=(0.0, TRIAL_LIFT), lifting=(0.0, 1.0), roll=roll)
            self.solve(drive, SETTLED_STEPS)
            rolls.append(float(self.q[ROLL]))
            self.lie_at_rest()
        return TRIAL_ROLL / (rolls[1] - rolls[0])

    def _press(self, lift: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Load of every patch and its stiffness, at the present posture."""
        contacts = self.contacts
        depth = np.maximum(contacts.depth_mm + lift - self._jacobian @ self.q, AT_REST)
        slope = contacts.gain * depth ** (contacts.hardening - 1.0)
        return slope * depth, slope * contacts.hardening

    def _step(
        self, lift: FloatArray, stiffness: FloatArray, force: FloatArray, held: bool
    ) -> float:
        """One Newton step; returns its size. `held`: the trunk's muscles keep the pelvis' tilt."""
        loads, slopes = self._press(lift)
        jacobian = self._jacobian
        residual = jacobian.T @ loads + force - stiffness @ self.q
        matrix = (jacobian.T * slopes) @ jacobian + stiffness
        matrix.flat[:: N_COORDINATES + 1] += SMALL_STIFFNESS
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
