"""What the stream says of the mat, of this moment and of the session, as plain objects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from device.coach.tally import ExerciseSet, Tally
from device.core.calibration import Calibration
from device.core.mat import Mat
from device.core.types import Live, event_json
from device.sources.base import Counters


@dataclass(frozen=True, slots=True)
class Scene:
    """What stays the same for as long as the page shows the same thing. The `run` names that time:
    a page that hears of another one forgets what it knew."""

    run: str
    source: str
    calibration: Calibration

    @property
    def simulated(self) -> bool:
        """Whether the frames are not the mat's own; every page says so."""
        return self.source != "mat"

    def again(self, number: int) -> Scene:
        """The same after something else was shown."""
        return replace(self, run=f"{self.run.partition('.')[0]}.{number}")

    def json(self) -> dict[str, Any]:
        """The part of every snapshot that never changes."""
        return {
            "run": self.run,
            "source": self.source,
            "simulated": self.simulated,
            "calibrated": self.calibration.calibrated,
            "mat": mat_json(self.calibration.mat),
        }


def mat_json(mat: Mat) -> dict[str, Any]:
    """The mat as a page draws it, in millimetres."""
    return {
        "length": mat.length_mm,
        "width": mat.width_mm,
        "head_end": mat.head_end_mm,
        "sensors": [
            {
                "name": sensor.name,
                "bars_mm": [list(bar) for bar in sensor.bars_mm],
                "width_mm": sensor.width_mm,
                "height_mm": sensor.height_mm,
            }
            for sensor in mat.sensors
        ],
    }


def live_json(live: Live, mat: Mat, frames_per_s: float) -> dict[str, Any]:
    """This moment. A strip whose force is not known, or not to be believed, is `missing`."""
    forces_n = live.forces_n.tolist()
    return {
        "t": round(live.t_s, 4),
        "phase": live.phase.value,
        "side": None if live.side is None else live.side.value,
        "forces_n": [round(force_n, 2) for force_n in forces_n],
        "missing": [
            name
            for name, force_n in zip(mat.names, forces_n, strict=True)
            if math.isnan(force_n) or name in live.bad_sensors
        ],
        "weight_n": round(live.weight_n, 1),
        "tilt_pct": round(live.tilt_pct, 2),
        "roll_pct": round(live.roll_pct, 2),
        "pelvis": [round(share, 2) for share in live.pelvis_share],
        "cop_mm": [round(place, 1) for place in live.centre_of_pressure_mm],
        "frames_per_s": round(frames_per_s, 1),
    }


def session_json(session_id: UUID | None, tally: Tally | None) -> dict[str, Any] | None:
    """The session as it stands: its set's number, counts and reps, and the sets before it; None
    without a session."""
    if tally is None:
        return None
    return {
        "id": str(session_id),
        "in_set": tally.in_set,
        **_set_json(tally.present),
        "earlier": [_set_json(one) for one in tally.earlier],
    }


def _set_json(one: ExerciseSet) -> dict[str, Any]:
    return {
        "set": one.number,
        "count": len(one.reps),
        "clean": one.clean,
        "reps": [event_json(rep) | {"clean": one.is_clean(rep)} for rep in one.reps],
    }


def counters_json(counters: Counters) -> dict[str, Any]:
    """How the scan is doing, by chip."""
    return {
        "frames": counters.frames,
        "frames_per_s": round(counters.frames_per_s, 1),
        "late_frames": counters.late_frames,
        "failed_reads": counters.failed_reads,
        "chips": {
            f"{address:#x}": {
                "answering": chip.answering,
                "failed_reads": chip.failed_reads,
                "late_conversions": chip.late_conversions,
                "resets": chip.resets,
                "problem": chip.problem,
                "last_failure": chip.last_failure,
            }
            for address, chip in counters.chips.items()
        },
    }


def chip_problems(counters: Counters) -> list[str]:
    """A sentence for every chip that is lost."""
    return [chip.problem for chip in counters.chips.values() if chip.problem is not None]


def strip_problems(strips: Mapping[str, str]) -> list[str]:
    """A sentence for every strip that the core does not believe."""
    return [f"The strip {name} is not to be trusted: {how}." for name, how in strips.items()]
