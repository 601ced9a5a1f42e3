"""From lying down to the first lift: what is still wrong with the position, then "ready". Pure.

Ready comes by itself once the body has lain still for three seconds. A position that stays wrong is
named a few times and then let be: nobody face down can press a button to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

from device.coach.cues import CUES, Cue
from device.core.posture import ABOVE_PCT, BELOW_PCT, PROBLEMS
from device.core.types import Phase, PostureEvent

STILL_S = 3.0
AGAIN_S = 6.0
"""A correction is said again when it had this long to be followed."""
MOST_CORRECTIONS = 3
SIGNED = ("askew", "one_side", "off_centre")


class Guide:
    """Fed with phases and postures; `next` is the one thing to say now."""

    def __init__(self) -> None:
        self._still_s: float | None = None
        self._posture: PostureEvent | None = None
        self._corrections = 0
        self._corrected_s = nan
        self.done = False

    def phase(self, at_s: float, phase: Phase) -> None:
        """The mat's phase changed."""
        if phase in (Phase.SETTLING, Phase.READY):
            if self._still_s is None:
                self._still_s = at_s
        elif phase in (Phase.EMPTY, Phase.GETTING_ON, Phase.LEAVING):
            self._still_s = self._posture = None
            self.done = False
            if phase is Phase.EMPTY:
                self._corrections = 0
        else:
            # Who lifts needs no telling how to begin.
            self.done = True

    def posture(self, event: PostureEvent) -> None:
        """How the body lies was found, or changed."""
        self._posture = event

    def again(self) -> None:
        """A rest is over: lead to the next set's first lift."""
        self.done, self._corrections = False, 0

    def next(self, at_s: float) -> Cue | None:
        """A correction, or "ready"; None while there is nothing to say. `done` once it is ready."""
        still_s = self._still_s
        if self.done or still_s is None or at_s < still_s:
            return None
        posture = self._posture
        if posture is not None and posture.problems and self._corrections < MOST_CORRECTIONS:
            if at_s - self._corrected_s < AGAIN_S:
                return None
            self._corrections, self._corrected_s = self._corrections + 1, at_s
            return correction(posture)
        if at_s - still_s < STILL_S:
            return None
        self.done = True
        return CUES["ready"]


def correction(posture: PostureEvent) -> Cue:
    """What to say to somebody who lies so: of several problems the first in the core's order."""
    problem = min(posture.problems, key=list(PROBLEMS).index)
    if problem == "hips_off_line":
        return CUES[f"pose_{_along(posture.numbers)}"]
    if problem in SIGNED:
        return CUES[f"pose_{problem}_{'more' if posture.problems[problem] > 0 else 'less'}"]
    return CUES[f"pose_{problem}"]


def _along(numbers: Mapping[str, float]) -> str:
    below_pct = numbers.get("below_pct", 0.0)
    if below_pct > BELOW_PCT:
        return "hips_low"
    return "hips_high" if below_pct < ABOVE_PCT else "hips_off_line"
