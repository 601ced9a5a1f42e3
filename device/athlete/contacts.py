"""Where a prone body touches the mat: patches of tissue over foam, each a spring that presses only.

A patch of rest load `f0` sunk by `depth` carries `gain * depth ** hardening`: soft tissue and foam
stiffen as they are pressed. Rest loads and depths describe the nominal body; the loads that a
body really has come out of its equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from device.athlete.body import Body
from device.core.types import FloatArray

HARDENING = 1.5
"""Exponent of load over depth: Hertz' for a rounded body, and about what tissue over foam shows."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the body's front that is alike, for the nominal body.

    `x_mm` is where its load lies beside the midline (0: one patch on the midline), `lever_mm` how
    far out the body's roll reaches it: rounded fronts roll rather than tip.
    """

    name: str
    segment: str
    y_mm: tuple[float, ...]
    x_mm: float
    lever_mm: float
    spread_mm: tuple[float, float]
    load_pct: float
    """All its patches together, both sides."""
    depth_mm: float
    breath: float = 0.0
    brace_mm: float = 0.0


REGIONS = (
    Region("head", "arms", (665.0,), 0.0, 0.0, (55.0, 45.0), 6.0, 9.0),
    Region("arms", "arms", (560.0,), 230.0, 230.0, (35.0, 40.0), 5.0, 9.0),
    Region("chest", "chest", (420.0, 380.0, 340.0, 300.0, 260.0), 95.0, 95.0, (45.0, 26.0), 36.0, 15.0, 0.5),
    Region("ribs", "chest", (225.0, 195.0, 165.0), 90.0, 80.0, (45.0, 24.0), 6.5, 17.0, 1.0, 0.0),
    Region("belly", "belly", (130.0, 100.0, 70.0), 75.0, 60.0, (45.0, 24.0), 6.0, 22.0, 1.0, 6.0),
    Region("asis", "pelvis", (10.0, -10.0), 110.0, 75.0, (24.0, 17.0), 5.0, 5.5),
    Region("pubis", "pelvis", (-75.0, -100.0, -125.0), 30.0, 30.0, (28.0, 20.0), 4.5, 7.0),
    Region("thigh", "thigh", (-190.0, -230.0, -270.0, -310.0, -350.0), 100.0, 0.0, (32.0, 28.0), 16.0, 14.0),
    Region("knee", "thigh", (-430.0, -465.0), 105.0, 0.0, (28.0, 24.0), 5.0, 9.0),
    Region("shin", "shank", (-510.0, -560.0), 105.0, 0.0, (25.0, 28.0), 4.0, 9.0),
    Region("foot", "shank", (-880.0, -930.0, -985.0), 110.0, 0.0, (28.0, 24.0), 6.5, 8.0),
)
"""From head to foot. Loads: what balances de Leva's masses on these places."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """All patches of one body; arrays have one entry a patch."""

    regions: tuple[str, ...]
    segments: tuple[str, ...]
    x_mm: FloatArray
    """Place of the load, for balance and for the strips."""
    lever_mm: FloatArray
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
            for index, name in enumerate(self.regions)
            if name == region and (side is None or (self.x_mm[index] > 0) == bool(side))
        ]


def contacts_of(body: Body) -> Contacts:
    """The patches of one body: the nominal ones scaled, softened and a little displaced."""
    rng = np.random.default_rng(body.contour_seed)
    vary = 0.0 if body.contour_seed == 0 else 1.0
    rows: list[tuple[str, str, float, float, float, float, float, float, float, float, float]] = []
    for region in REGIONS:
        sides = (0.0,) if region.x_mm == 0.0 else (-1.0, 1.0)
        share = region.load_pct / (len(region.y_mm) * len(sides))
        softness = body.softness * float(np.exp(vary * rng.normal(0.0, 0.08)))
        stands_out_mm = vary * float(rng.normal(0.0, 0.06)) * region.depth_mm
        for sign in sides:
            uneven_mm = vary * float(rng.normal(0.0, 0.03)) * region.depth_mm
            segment = region.segment
            if segment in ("thigh", "shank"):
                segment += "_l" if sign < 0 else "_r"
            rows += [
                (
                    region.name,
                    segment,
                    sign * region.x_mm,
                    sign * region.lever_mm,
                    y * body.scale,
                    region.spread_mm[0],
                    region.spread_mm[1],
                    region.depth_mm * softness + stands_out_mm + uneven_mm,
                    share / (region.depth_mm * softness) ** HARDENING,
                    region.breath,
                    region.brace_mm,
                )
                for y in region.y_mm
            ]
    columns = list(zip(*rows, strict=True))
    numbers = [np.array(column, dtype=float) for column in columns[2:]]
    return Contacts(
        regions=tuple(row[0] for row in rows),
        segments=tuple(row[1] for row in rows),
        x_mm=numbers[0],
        lever_mm=numbers[1],
        y_mm=numbers[2],
        spread_mm=np.stack(numbers[3:5], axis=1),
        depth_mm=numbers[5],
        gain=numbers[6],
        hardening=HARDENING,
        breath=numbers[7],
        brace_mm=numbers[8],
    )
