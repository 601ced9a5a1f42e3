"""What the simulated member really did: every rep with its sides, times, angles and verdict.

The limits are the ones under which recordings are labelled, so that the two can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import degrees

from device.athlete.joints import Drive
from device.core.types import Fault, Side, Verdict

REP_HEIGHT_MM = 40.0
REP_TIME_S = 0.3
EDGE_MM = 10.0
"""A rep is a foot over 40 mm for 0.3 s; it starts and ends where the foot passes 10 mm."""
QUIET_TILT_DEG, QUIET_ROLL_DEG = 4.5, 4.0
LIMIT_TILT_DEG, LIMIT_ROLL_DEG = 8.0, 7.0
"""Below the first pair the pelvis is quiet, above the second it is a fault, between unsure."""
FAST_LIFT_S, FAST_LOWER_S = 0.45, 0.33
"""To and from 90 % of the height."""
HEAD_SHARE = 0.5
"""From there on the forehead is off the hands."""


@dataclass(frozen=True, slots=True)
class TrueRep:
    """A rep as it was made. Tilt is the pelvis' largest forward tip from rest, roll its largest
    roll from rest, either way."""

    side: Side
    start_s: float
    top_s: float
    end_s: float
    verdict: Verdict
    tilt_deg: float
    roll_deg: float
    faults: tuple[Fault, ...]
    height_mm: float
    lift_s: float
    """From the start to 95 % of the height."""


@dataclass(slots=True)
class _Flight:
    """One leg in the air."""

    times_s: list[float] = field(default_factory=list)
    heights_mm: list[float] = field(default_factory=list)
    hips: list[float] = field(default_factory=list)
    tilts_deg: list[float] = field(default_factory=list)
    rolls_deg: list[float] = field(default_factory=list)
    head: float = 0.0


class TruthKeeper:
    """Watches the body tick by tick and writes down its reps."""

    def __init__(self) -> None:
        self.reps: list[TrueRep] = []
        self._flights: list[_Flight | None] = [None, None]
        self._landed: list[tuple[Side, TrueRep]] = []

    def watch(
        self,
        t_s: float,
        heights_mm: tuple[float, float],
        pelvis_rad: tuple[float, float],
        drive: Drive,
    ) -> None:
        """One tick: the height of both feet over their rest, how far the pelvis has tipped and
        rolled from its rest, and what the muscles do."""
        for index, side in enumerate((Side.LEFT, Side.RIGHT)):
            flight = self._flights[index]
            up = heights_mm[index] > EDGE_MM and drive.lifting[index] > 0.0
            if up:
                if flight is None:
                    flight = self._flights[index] = _Flight()
                flight.times_s.append(t_s)
                flight.heights_mm.append(heights_mm[index])
                flight.hips.append(drive.hips[index])
                flight.tilts_deg.append(max(degrees(pelvis_rad[0]), 0.0))
                flight.rolls_deg.append(abs(degrees(pelvis_rad[1])))
                flight.head = max(flight.head, drive.head)
            elif flight is not None:
                self._flights[index] = None
                rep = _rep(side, flight)
                if rep is not None:
                    self._landed.append((side, rep))
        if self._landed and self._flights == [None, None]:
            self._finish()

    def _finish(self) -> None:
        """No leg is in the air: what came down is one rep, or a rep of each leg."""
        reps = [rep for _, rep in self._landed]
        self._landed.clear()
        while reps:
            first = reps.pop(0)
            partner = next((rep for rep in reps if _together(first, rep)), None)
            if partner is not None:
                reps.remove(partner)
                first = replace(
                    first,
                    side=Side.BOTH,
                    start_s=min(first.start_s, partner.start_s),
                    end_s=max(first.end_s, partner.end_s),
                )
            self.reps.append(first)


def _together(one: TrueRep, other: TrueRep) -> bool:
    overlap = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    shorter = min(one.end_s - one.start_s, other.end_s - other.start_s)
    return one.side is not other.side and overlap > 0.5 * shorter


def _rep(side: Side, flight: _Flight) -> TrueRep | None:
    times, heights = flight.times_s, flight.heights_mm
    highest = max(heights)
    step_s = (times[-1] - times[0]) / max(len(times) - 1, 1)
    if sum(height > REP_HEIGHT_MM for height in heights) * step_s < REP_TIME_S:
        return None
    top = [t for t, height in zip(times, heights, strict=True) if height > 0.95 * highest]
    over = [t for t, height in zip(times, heights, strict=True) if height > 0.9 * highest]
    tilt, roll = max(flight.tilts_deg), max(flight.rolls_deg)
    faults = []
    if tilt > LIMIT_TILT_DEG:
        moved = next(i for i, deg in enumerate(flight.tilts_deg) if deg > QUIET_TILT_DEG)
        # Clean at first: the hip had made half of what it makes when the pelvis began to tip.
        late = flight.hips[moved] > 0.5 * max(flight.hips)
        faults.append(Fault.TOO_HIGH if late else Fault.TILT)
    if roll > LIMIT_ROLL_DEG:
        faults.append(Fault.ROTATION)
    if over[0] - times[0] < FAST_LIFT_S:
        faults.append(Fault.FAST_LIFT)
    if times[-1] - over[-1] < FAST_LOWER_S:
        faults.append(Fault.FAST_LOWER)
    if flight.head > HEAD_SHARE:
        faults.append(Fault.HEAD)
    if tilt > LIMIT_TILT_DEG or roll > LIMIT_ROLL_DEG:
        verdict = Verdict.ARCH
    elif tilt < QUIET_TILT_DEG and roll < QUIET_ROLL_DEG:
        verdict = Verdict.GLUTE
    else:
        verdict = Verdict.UNSURE
    return TrueRep(
        side=side,
        start_s=times[0],
        top_s=(top[0] + top[-1]) / 2.0,
        end_s=times[-1],
        verdict=verdict,
        tilt_deg=tilt,
        roll_deg=roll,
        faults=tuple(faults),
        height_mm=highest,
        lift_s=top[0] - times[0],
    )
