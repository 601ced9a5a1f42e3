"""How each rep went, kept for its trace: row loads, tilt T, roll R and phase, 20 times a second."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import Any

import numpy as np

from device.core.features import Layout, roll_pct, tilt_pct
from device.core.mat import Mat
from device.core.rep_trace import RepTrace
from device.core.types import FloatArray, Phase, PhaseEvent, Side

STEP_S = 0.05
BEFORE_S, AFTER_S = 1.0, 0.3
"""What of the rest before and after a rep belongs to its picture."""
PHASES_KEPT = 40
"""Phase changes that are remembered: a rep has four, and its trace goes back by less than 30 s."""


class TraceKeeper:
    """Fed by the core with each rep's trace and by the loop with the phases; `document` is asked
    for once a rep, in the order in which they came."""

    def __init__(self, mat: Mat) -> None:
        self._layout = Layout(mat)
        rows = dict.fromkeys(sensor.row for sensor in mat.sensors)
        self._rows = {row: list(mat.indices(row)) for row in rows}
        self._traces: deque[RepTrace] = deque()
        self._phase_times_s: deque[float] = deque(maxlen=PHASES_KEPT)
        self._phases: deque[Phase] = deque(maxlen=PHASES_KEPT)

    def take(self, trace: RepTrace) -> None:
        """The core has finished a rep."""
        self._traces.append(trace)

    def phase(self, event: PhaseEvent) -> None:
        """The phase changed; time that runs back forgets what was before."""
        if self._phase_times_s and event.at_s < self._phase_times_s[-1]:
            self._phase_times_s.clear()
            self._phases.clear()
        self._phase_times_s.append(event.at_s)
        self._phases.append(event.phase)

    def document(self) -> dict[str, Any] | None:
        """The trace of the next rep, times from its start; None if the core kept none."""
        return self._document(self._traces.popleft()) if self._traces else None

    def _document(self, trace: RepTrace) -> dict[str, Any]:
        last_s = min(trace.end_s + AFTER_S, float(trace.t_s[-1]))
        first_s = max(trace.start_s - BEFORE_S, float(trace.t_s[0]))
        times_s = np.arange(first_s, last_s, STEP_S)
        places = np.minimum(np.searchsorted(trace.t_s, times_s), len(trace.t_s) - 1)
        loads = trace.loads_pct[places]
        return {
            "t_s": (times_s - trace.start_s).tolist(),
            "side": trace.side.value,
            "top_s": trace.top_s - trace.start_s,
            "end_s": trace.end_s - trace.start_s,
            "rows_pct": {row: _sum(loads, strips) for row, strips in self._rows.items()},
            "tilt_pct": [tilt_pct(row, trace.rest_pct.tolist(), self._layout) for row in
                         loads.tolist()],
            "roll_pct": [self._roll(row, trace) for row in loads.tolist()],
            "phase": [self._phase_at(t_s) for t_s in times_s.tolist()],
        }  # fmt: skip

    def _roll(self, loads_pct: list[float], trace: RepTrace) -> float:
        """Positive as the hip bone of the lifted side gains; of both legs, the left one's."""
        roll = roll_pct(loads_pct, trace.rest_pct.tolist(), self._layout)
        return -roll if trace.side is Side.RIGHT else roll

    def _phase_at(self, t_s: float) -> str:
        place = bisect_right(self._phase_times_s, t_s) - 1
        return (self._phases[place] if place >= 0 else Phase.READY).value


def _sum(loads: FloatArray, strips: list[int]) -> list[float]:
    """A row's load; NaN where one of its strips is bad, for half a row is no row."""
    total: list[float] = loads[:, strips].sum(axis=1).tolist()
    return total
