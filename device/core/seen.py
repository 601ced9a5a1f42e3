"""How much of a rep was seen: what no reading came from may have hidden anything."""

from __future__ import annotations

import numpy as np

from device.core.features import LEG_ROWS
from device.core.mat import Mat
from device.core.rep_trace import RepTrace
from device.core.types import FloatArray, Side

BLINK_S = 0.1
"""Nothing of a pelvis or a leg comes and goes within so short a time."""
BEGUN_S = 0.3
"""A leg that was not read for longer than this before it was found lifted may have been up for any
time: when the rep began, and what the pelvis did then, is not known."""


def lost_shares(trace: RepTrace) -> FloatArray:
    """(strips,) in which share of the rep each strip of the mat was not read, whether its readings
    failed or no frames came: of the whole rep or of its middle half, in which the leg is high and
    the pelvis farthest from rest, whichever is more."""
    quarter_s = 0.25 * (trace.end_s - trace.start_s)
    whole = _unread(trace, trace.start_s, trace.end_s)
    return np.maximum(whole, _unread(trace, trace.start_s + quarter_s, trace.end_s - quarter_s))


def beginning_seen(trace: RepTrace, mat: Mat) -> bool:
    """Whether each lifted leg was read, by one of its strips at least, just before it rose."""
    before = (trace.t_s >= trace.start_s - BEGUN_S) & (trace.t_s < trace.start_s)
    for side in (Side.LEFT, Side.RIGHT):
        if trace.side not in (side, Side.BOTH):
            continue
        strips = [strip for row in LEG_ROWS for strip in mat.indices(row, side.value)]
        if strips and not np.isfinite(trace.loads_pct[before][:, strips]).any():
            return False
    return True


def _unread(trace: RepTrace, from_s: float, to_s: float) -> FloatArray:
    """(strips,) the share of this time in gaps between readings that are longer than a blink."""
    if not to_s > from_s:
        return np.ones(trace.loads_pct.shape[1])
    inside = (trace.t_s > from_s) & (trace.t_s < to_s)
    read = np.isfinite(trace.loads_pct[inside])
    t_s = trace.t_s[inside]
    shares = []
    for strip in range(read.shape[1]):
        gaps_s = np.diff(t_s[read[:, strip]], prepend=from_s, append=to_s)
        shares.append(float(gaps_s[gaps_s > BLINK_S].sum()) / (to_s - from_s))
    return np.array(shares)
