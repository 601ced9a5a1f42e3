"""The member as a chain of segments: lengths, masses and where each of them lies on the mat.

Masses and centres of mass are de Leva's (J. Biomech. 29, 1996, table 4); heights of the joints as
shares of stature are Winter's (Biomechanics and Motor Control of Human Movement, figure 4.1) and,
for the front of the trunk, ANSUR II means. All y are millimetres from the ASIS towards the head,
as on the mat; masses are per cent of body weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GRAVITY_M_S2 = 9.81
NOMINAL_STATURE_MM = 1730.0

ASIS_HEIGHT = 0.547
"""Height of the ASIS as a share of stature (ANSUR II, mean of both sexes, less the centimetre by
which the bone presses below its tip)."""
HIP_HEIGHT, KNEE_HEIGHT, ANKLE_HEIGHT = 0.507, 0.285, 0.039
"""Hip joint (half a femoral head under Winter's trochanter), knee and ankle, shares of stature."""
HIP_X_MM = 85.0
"""Half the distance of the hip joints; straight legs lie below them."""
LUMBAR_HEIGHT = 0.588
"""The joint that stands for the lumbar spine: L4, at the height of the iliac crests."""
SHOULDER_HEIGHT = 0.812
"""Winter's shoulder; with the arms overhead head and arms hinge there."""


@dataclass(frozen=True, slots=True)
class SegmentMasses:
    """Per cent of body weight; a thigh, shank, foot is one of two, `arms` both of them."""

    head: float
    arms: float
    upper_trunk: float
    middle_trunk: float
    lower_trunk: float
    thigh: float
    shank: float
    foot: float
    thigh_centre: float
    """Centre of mass of the thigh, share of its length from the hip."""
    shank_centre: float


MASSES = {
    "m": SegmentMasses(6.94, 9.88, 15.96, 16.33, 11.17, 14.16, 4.33, 1.37, 0.4095, 0.4459),
    "f": SegmentMasses(6.68, 8.98, 15.45, 14.65, 12.47, 14.78, 4.81, 1.29, 0.3612, 0.4416),
}
"""De Leva 1996, table 4."""


@dataclass(frozen=True, slots=True)
class Body:
    """One member. The habits are what makes two members of one size load the mat differently."""

    stature_mm: float
    mass_kg: float
    sex: str
    breath_rate_hz: float
    """Breaths per second at rest, 0.2 to 0.3."""
    breath_mm: float
    """How far the front of the chest moves in a quiet breath."""
    offset_mm: tuple[float, float]
    """Where the middle between the ASIS really lies on the mat: x, y."""
    yaw_rad: float
    """How far the body lies turned on the mat."""
    softness: float
    """Tissue thickness and softness against the nominal body, about 0.8 to 1.25."""
    contour_seed: int
    """Picks the small departures of this body's front from the nominal one."""

    @property
    def weight_n(self) -> float:
        return self.mass_kg * GRAVITY_M_S2

    @property
    def scale(self) -> float:
        return self.stature_mm / NOMINAL_STATURE_MM

    def y_mm(self, height_share: float) -> float:
        """Where a landmark of that height (share of stature) lies, from the ASIS headwards."""
        return (height_share - ASIS_HEIGHT) * self.stature_mm


NOMINAL_BODY = Body(
    stature_mm=NOMINAL_STATURE_MM,
    mass_kg=70.0,
    sex="m",
    breath_rate_hz=0.25,
    breath_mm=0.0,
    offset_mm=(0.0, 0.0),
    yaw_rad=0.0,
    softness=1.0,
    contour_seed=0,
)
"""The body that the published loads of a slow lift are compared with: no breath, lying true."""


def body_of(rng: np.random.Generator) -> Body:
    """A member drawn at random: statures 1.55 to 1.90 m, body mass index 19 to 29."""
    sex = "f" if rng.random() < 0.5 else "m"
    mean_mm, spread_mm = (1650.0, 60.0) if sex == "f" else (1770.0, 65.0)
    stature_mm = float(np.clip(rng.normal(mean_mm, spread_mm), 1550.0, 1900.0))
    body_mass_index = float(np.clip(rng.normal(23.5, 2.5), 19.0, 29.0))
    return Body(
        stature_mm=stature_mm,
        mass_kg=body_mass_index * (stature_mm / 1000.0) ** 2,
        sex=sex,
        breath_rate_hz=float(rng.uniform(0.2, 0.3)),
        breath_mm=float(rng.uniform(0.15, 0.5)),
        offset_mm=(float(rng.normal(0.0, 7.0)), float(rng.normal(0.0, 8.0))),
        yaw_rad=float(np.radians(rng.normal(0.0, 0.8))),
        softness=float(rng.uniform(0.85, 1.2)),
        contour_seed=int(rng.integers(1, 2**31)),
    )
