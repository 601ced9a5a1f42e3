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
    """The width of a part that is pressed, and the active lengths it is sold in."""

    pressed_width_mm: float
    lengths_mm: tuple[float, ...]

    def length_for(self, bar_mm: float) -> float:
        """The longest one sold that lies wholly under a bar of this width, so that none is cut and
        the tail finds room under the bar's end; where none does, the shortest."""
        fitting = [length for length in self.lengths_mm if length <= bar_mm]
        return max(fitting, default=min(self.lengths_mm))


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        # The puck between bar and strip is 5 mm wide, half of the strip: it presses no edge.
        "FSR 408": Shape(5.0, (50.0, 100.0, 200.0, 300.0, 400.0, 500.0)),
        "FSR 406": Shape(38.0, (38.0,)),
    }
)
