"""A lift as the pipeline hands it over, made by hand from the table of statics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from device.core.mat import Mat
from device.core.rep_trace import RepTrace
from device.core.types import Side
from device.mat_file import load_mat
from device.model_file import load_model

REST_PCT = {
    "chest": 17.0,
    "ribs": 3.8,
    "abdomen": 3.8,
    "asis": 10.0,
    "pubis": 7.0,
    "thigh": 4.3,
    "knee": 5.7,
    "foot": 2.7,
    "head": 15.4,
}
"""A usual rest, % of what the strips bear in all."""
CLEAN_LEFT_PCT = {
    "chest": -6.0,
    "ribs_left": 2.5,
    "ribs_right": -2.0,
    "abdomen_left": 2.5,
    "asis_left": 9.0,
    "asis_right": 12.0,
    "pubis": 5.0,
    "thigh_left": -3.8,
    "thigh_right": 1.0,
    "knee_left": -5.2,
    "foot_left": -2.5,
    "head": -8.0,
}
"""What a clean lift of the left leg changes."""
ARCH_PCT = {
    "ribs_left": 13.0,
    "ribs_right": 4.0,
    "abdomen_left": 3.0,
    "abdomen_right": 2.0,
    "asis_right": -4.0,
    "pubis": -11.0,
    "thigh_right": -4.0,
    "knee_right": 3.5,
}
"""What arching adds to it."""

MAT, MODEL = load_mat(), load_model()


def lift(side: Side = Side.LEFT, arch: float = 0.0) -> RepTrace:
    """Four seconds of leg up; `arch` 0 is clean, 1 a plain arch at the top."""
    t_s = np.arange(-1.5, 4.3, 0.02)
    up = np.clip(t_s / 1.0, 0.0, 1.0) * np.clip((4.0 - t_s) / 1.0, 0.0, 1.0)
    arched = np.clip((t_s - 0.6) / 1.0, 0.0, 1.0) * np.clip((3.8 - t_s) / 0.8, 0.0, 1.0)
    rest = np.array([REST_PCT[sensor.row] for sensor in MAT.sensors])
    rest *= 100.0 / rest.sum()
    clean = np.array([CLEAN_LEFT_PCT.get(name, 0.0) for name in MAT.names])
    added = np.array([ARCH_PCT.get(name, 0.0) for name in MAT.names])
    loads = rest + up[:, None] * clean + arch * arched[:, None] * added
    trace = RepTrace(t_s, loads, rest, Side.LEFT, 0.0, 2.0, 4.0, 180.0)
    return trace if side is Side.LEFT else replace(mirrored(trace, MAT), side=side)


def mirrored(trace: RepTrace, mat: Mat) -> RepTrace:
    """The same lift by the other leg of a mirrored member."""
    order = list(mat.mirror_order())
    side = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}[trace.side]
    return replace(
        trace, loads_pct=trace.loads_pct[:, order], rest_pct=trace.rest_pct[order], side=side
    )


def without(trace: RepTrace, *names: str) -> RepTrace:
    """The lift as it is handed over when these strips are bad."""
    rest, loads = trace.rest_pct.copy(), trace.loads_pct.copy()
    gone = [MAT.names.index(name) for name in names]
    rest[gone] = np.nan
    loads[:, gone] = np.nan
    return replace(trace, rest_pct=rest, loads_pct=loads)
