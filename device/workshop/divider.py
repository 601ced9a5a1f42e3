"""What the divider makes of a load: volts, counts, current, and how fine a newton is read.

Worked from the parts' data-sheet curves; a calibrated mat differs by up to 25 % from strip to
strip, not in kind.
"""

from __future__ import annotations

from dataclasses import dataclass

from device.core.mat import Electronics, Mat, Sensor
from device.core.parts import PARTS, Part
from device.workshop.shapes import SHAPES

FORCES_N = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 250.0)
"""From where the data sheet's curve begins to near 266 N, where the core's table ends (95 % of the
supply)."""
NOISE_V = 0.8e-3
"""Root mean square of a reading, the worst strip measured in a 3.3 V divider."""
CURRENT_LIMIT_MA_CM2 = 1.0
"""Interlink: no more than 1 mA for each square centimetre that is pressed, or the part is damaged
for good."""
SENSITIVITY_LOSS_V = 1.5
"""Above this voltage Interlink 402 strips lost sensitivity under cyclic load, below it they did
not: Paredes-Madrid et al., Proceedings 2017, 1(8), 813."""


@dataclass(frozen=True, slots=True)
class Point:
    """One load on one strip."""

    force_n: float
    input_v: float
    strip_v: float
    current_ma: float
    counts: float
    counts_per_n: float
    noise_n: float


@dataclass(frozen=True, slots=True)
class Density:
    """The current of one strip over the area that its puck presses, in the worst case: a short."""

    area_cm2: float
    shorted_ma_cm2: float
    least_length_mm: float


def at_force(electronics: Electronics, part: Part, force_n: float) -> Point:
    """The divider under this load on a strip."""
    loaded = part.siemens_at_one_n * force_n**part.exponent * electronics.pulldown_ohm
    share = loaded / (1 + loaded)
    input_v = share * electronics.supply_v
    # d(share)/dF = share (1 - share) a / F, with the conductance going with the power a.
    volts_per_n = electronics.supply_v * share * (1 - share) * part.exponent / force_n
    return Point(
        force_n=force_n,
        input_v=input_v,
        strip_v=electronics.supply_v - input_v,
        current_ma=input_v / electronics.pulldown_ohm * 1000,
        counts=input_v / electronics.volts_per_count,
        counts_per_n=volts_per_n / electronics.volts_per_count,
        noise_n=NOISE_V / volts_per_n,
    )


def force_at_strip_volts(electronics: Electronics, part: Part, volts: float) -> float:
    """The load (N) above which less than `volts` lie across the strip; 0 if they always do."""
    if volts >= electronics.supply_v:
        return 0.0
    loaded = electronics.supply_v / volts - 1
    siemens = loaded / electronics.pulldown_ohm
    return float((siemens / part.siemens_at_one_n) ** (1 / part.exponent))


def most_current_ma(electronics: Electronics) -> float:
    """What a shorted strip draws: the pulldown alone is left."""
    return electronics.supply_v / electronics.pulldown_ohm * 1000


def density(electronics: Electronics, sensor: Sensor) -> Density:
    """The worst current density of a strip, pressed along the whole puck of each of its bars."""
    width_mm = SHAPES[sensor.part].pressed_width_mm
    length_mm = sum(
        min(sensor.width_mm, SHAPES[sensor.part].length_for(sensor.width_mm))
        for _ in sensor.bars_mm
    )
    area_cm2 = width_mm * length_mm / 100
    most_ma = most_current_ma(electronics)
    return Density(area_cm2, most_ma / area_cm2, most_ma / CURRENT_LIMIT_MA_CM2 / width_mm * 100)


def supply_current_ma(mat: Mat) -> float:
    """The most that all strips and the reference draw together, every strip shorted."""
    share = mat.reference.nominal_v / mat.electronics.supply_v * mat.reference.fitted
    return most_current_ma(mat.electronics) * (len(mat.sensors) + share)


def curves(mat: Mat) -> tuple[Part, ...]:
    """The different curves of this mat's parts."""
    return tuple(dict.fromkeys(PARTS[sensor.part] for sensor in mat.sensors))
