"""The tempo of a lift as tones: a soft tick each second, one for "hold", one for "slowly down".

Nothing is spoken over a lift, and who lies face down sees no clock. Pure.
"""

from __future__ import annotations

from device.coach.cues import CUES, Cue
from device.coach.programme import Plan

KNOWN_LATE_S = 0.3
"""A leg is known to be up about this long after it left the mat."""
TICK_S = 1.0


def beats(plan: Plan) -> tuple[tuple[float, Cue], ...]:
    """The tones of one lift, each with its seconds after the leg has left the mat."""
    hold_s, lower_s = plan.lift_s, plan.lift_s + plan.hold_s
    marks = [(lower_s, CUES["pace_lower"])]
    if plan.hold_s > 0.0:
        marks.append((hold_s, CUES["pace_hold"]))
    taken_s = {at_s for at_s, _ in marks}
    ticks = (TICK_S * number for number in range(1, int(plan.rep_s / TICK_S) + 1))
    marks += [(at_s, CUES["pace_tick"]) for at_s in ticks if at_s not in taken_s]
    return tuple(sorted((mark for mark in marks), key=lambda mark: mark[0]))


class Pace:
    """The tones of the lift that is going on."""

    def __init__(self) -> None:
        self._beats: tuple[tuple[float, Cue], ...] = ()
        self._began_s = 0.0

    def begin(self, at_s: float, plan: Plan) -> None:
        """A leg was found to be up."""
        self._beats, self._began_s = beats(plan), at_s - KNOWN_LATE_S

    def advance(self, at_s: float) -> tuple[Cue, ...]:
        """The tones that are due; of several at once, after a gap, only the last."""
        due = [cue for after_s, cue in self._beats if self._began_s + after_s <= at_s]
        self._beats = self._beats[len(due) :]
        return tuple(due[-1:])

    def lowering(self) -> None:
        """The leg is on its way down: only the seconds are still told."""
        self._beats = tuple(beat for beat in self._beats if beat[1].key == "pace_tick")

    def end(self) -> None:
        """The leg is down, or the tones are no longer wanted."""
        self._beats = ()
