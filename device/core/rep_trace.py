"""What the segmenter hands to the judge: one finished rep as loads over time."""

from __future__ import annotations

from dataclasses import dataclass

from device.core.types import FloatArray, Side


@dataclass(frozen=True, slots=True)
class RepTrace:
    """One rep on the grid of ticks, with what the body weighed and how it lay before it.

    `t_s` (k,) begins about 1.5 s before `start_s` (it may show the end of a rep before) and ends
    with the tick at which the rep was finished, at or after `end_s`. `loads_pct` (k, n_sensors) is
    in per cent of the rest sum `weight_n`, in the order of `Mat.sensors`, NaN where a strip is bad
    or was missing. `rest_pct` (n_sensors,) is the rest load before the rep, in the same unit.
    """

    t_s: FloatArray
    loads_pct: FloatArray
    rest_pct: FloatArray
    side: Side
    start_s: float
    top_s: float
    end_s: float
    weight_n: float
