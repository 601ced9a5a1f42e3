"""Where a prone body touches the mat: patches of tissue over foam, each a spring that presses only.

A patch of rest load `f0` sunk by `depth` carries `gain * depth ** hardening`: soft tissue and foam
stiffen as they are pressed. Rest loads and depths describe the nominal body; the loads that a
body really has come out of its equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.athlete.body import HIP_X_MM, Body
from device.core.types import FloatArray

HARDENING = 1.15
"""Exponent of load over depth: tissue and foam stiffen, though less than a rounded bone alone
(Hertz: 1.5)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the body's front that is alike, for the nominal body.

    `x_mm` is where its load lies beside the midline (0: one patch on the midline). A rounded
    front rolls rather than tips, so the load lies nearer the midline than the bone.
    """

    name: str
    segment: str
    y_mm: tuple[float, ...]
    x_mm: float
    spread_mm: tuple[float, float]
    load_pct: float
    """What all its patches, both sides, carry when they are sunk by `depth_mm`."""
    depth_mm: float


REGIONS = (
    Region("head", "arms", (665.0,), 0.0, (55.0, 45.0), 4.0, 4.3),
    Region("arms", "arms", (560.0,), 230.0, (35.0, 40.0), 6.3, 10.6),
    Region("chest", "chest", (420.0, 380.0, 340.0, 300.0, 260.0), 95.0, (45.0, 26.0), 42.5, 25.0),
    Region("ribs", "chest", (222.0, 207.0), 80.0, (45.0, 16.0), 5.4, 9.0),
    Region("belly", "belly", (150.0, 115.0, 80.0, 50.0), 60.0, (45.0, 24.0), 9.5, 34.0),
    Region("asis", "pelvis", (0.0, -20.0), 70.0, (24.0, 12.0), 16.6, 12.4),
    Region("pubis", "pelvis", (-50.0, -75.0, -100.0, -125.0, -150.0), 18.0, (75.0, 20.0), 8.2, 8.6),
    Region(
        "thigh",
        "thigh",
        (-190.0, -230.0, -270.0, -310.0, -350.0),
        HIP_X_MM,
        (32.0, 28.0),
        20.0,
        3.0,
    ),
    Region("knee", "thigh", (-440.0, -460.0), HIP_X_MM, (32.0, 30.0), 4.0, 4.0),
    Region("shin", "shank", (-540.0, -600.0), HIP_X_MM, (25.0, 28.0), 1.2, 17.6),
    Region("foot", "shank", (-925.0, -945.0, -1025.0, -1050.0), HIP_X_MM, (28.0, 24.0), 6.0, 7.0),
)
"""From head to foot. Depths and loads are chosen so that a slow lift of the nominal body moves the
loads as published (see `tests/athlete/test_table.py`): soft where flesh is, firm where bone is."""
BREATH = {"chest": 0.5, "ribs": 1.0, "belly": 1.0}
"""Which regions a breath pushes out, and how far of it."""
BRACE_MM = {"belly": 6.0}
"""How far drawing the belly in takes a region back."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """All patches of one body; arrays have one entry a patch."""

    regions: tuple[str, ...]
    segments: tuple[str, ...]
    x_mm: FloatArray
    y_mm: FloatArray
    spread_mm: FloatArray
    """Standard deviations of the pressure across and along the body, (n, 2)."""
    depth_mm: FloatArray
    gain: FloatArray
    hardening: float
    breath: FloatArray
    brace_mm: FloatArray

    def indices(self, region: str, side: int | None = None) -> list[int]:
        """The patches of a region: all, or those left (0) or right (1) of the midline."""
        return [
            index
            for index, (name, x_mm) in enumerate(zip(self.regions, self.x_mm, strict=True))
            if name == region and (side is None or (x_mm > 0.0 if side else x_mm < 0.0))
        ]


def contacts_of(body: Body) -> Contacts:
    """The patches of one body: the nominal ones scaled, softened and a little displaced."""
    rng = np.random.default_rng(body.contour_seed)
    vary = 0.0 if body.contour_seed == 0 else 1.0
    rows: list[tuple[str, str, float, float, float, float, float, float, float, float]] = []
    for region in REGIONS:
        sides = (0.0,) if region.x_mm == 0.0 else (-1.0, 1.0)
        share = region.load_pct / (len(region.y_mm) * len(sides))
        softness = body.softness * float(np.exp(vary * rng.normal(0.0, 0.08)))
        stands_out_mm = vary * float(rng.normal(0.0, 0.16)) * region.depth_mm
        for sign in sides:
            uneven_mm = vary * float(rng.normal(0.0, 0.08)) * region.depth_mm
            segment = region.segment
            if segment in ("thigh", "shank"):
                segment += "_l" if sign < 0 else "_r"
            rows += [
                (
                    region.name,
                    segment,
                    sign * region.x_mm,
                    y * body.scale,
                    region.spread_mm[0],
                    region.spread_mm[1],
                    region.depth_mm * softness + stands_out_mm + uneven_mm,
                    share / (region.depth_mm * softness) ** HARDENING,
                    BREATH.get(region.name, 0.0),
                    BRACE_MM.get(region.name, 0.0),
                )
                for y in region.y_mm
            ]
    columns = list(zip(*rows, strict=True))
    numbers = [np.array(column, dtype=float) for column in columns[2:]]
    return Contacts(
        regions=tuple(row[0] for row in rows),
        segments=tuple(row[1] for row in rows),
        x_mm=numbers[0],
        y_mm=numbers[1],
        spread_mm=np.stack(numbers[2:4], axis=1),
        depth_mm=numbers[4],
        gain=numbers[5],
        hardening=HARDENING,
        breath=numbers[6],
        brace_mm=numbers[7],
    )
