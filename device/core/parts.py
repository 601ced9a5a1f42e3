"""The force-sensing resistors that a mat may be built of, by their data sheets.

Used only where no calibration was made: parts differ by up to 25 % from these curves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Part:
    """Conductance in siemens at `F` newtons is `siemens_at_one_n * F ** exponent`."""

    siemens_at_one_n: float
    exponent: float


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        # Interlink FSR 400 series integration guide, figure of force against resistance: about
        # 30 kOhm at 0.2 N falling to about 1 kOhm at 10 N (1 kgf) with a straight course in the
        # log-log plot. Strip (408) and square (406) share the ink and so the curve.
        "FSR 408": Part(siemens_at_one_n=1.25e-4, exponent=0.9),
        "FSR 406": Part(siemens_at_one_n=1.25e-4, exponent=0.9),
    }
)
