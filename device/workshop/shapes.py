"""The outlines of the force-sensing resistors that a mat may be built of.

Interlink FSR 400 series data sheet, PDS-10004-C: the 408 is a strip 10 mm wide that is sold in six
lengths, the 406 a square of 38 mm (1.5 in).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Shape:
    """Active width of a part, and the lengths it is sold in."""

    active_width_mm: float
    lengths_mm: tuple[float, ...]
    overall_width_mm: float

    def length_for(self, bar_mm: float) -> float:
        """The shortest one sold that a bar of this width covers; else the longest."""
        return next((length for length in self.lengths_mm if length >= bar_mm), self.lengths_mm[-1])


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        # The active width of the strip is taken as 5 mm, half its overall width, on the safe side
        # of what older sheets give; a narrower area only makes the current density look worse.
        "FSR 408": Shape(5.0, (50.0, 100.0, 200.0, 300.0, 400.0, 500.0), 10.0),
        "FSR 406": Shape(38.0, (38.0,), 43.7),
    }
)
