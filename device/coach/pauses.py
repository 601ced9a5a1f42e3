"""How long nothing has happened: since the last lift, since the mat is empty, and of a rest. Pure.

Time is that of the frames and may jump: after a step backwards all is counted from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from device.coach.programme import Plan
from device.core.types import Phase


@dataclass(frozen=True, slots=True)
class Rules:
    """When sets and sessions end by themselves; see `[session]` of the settings. `asks_safety`
    and `reads_safety_s` are explained in `device.coach.visit`. `plan` is for whoever has no other;
    without one a set has no number of reps and no leg is wanted."""

    set_pause_s: float
    end_after_empty_s: float
    end_after_still_s: float
    asks_safety: bool = False
    reads_safety_s: float | None = None
    plan: Plan | None = None


class Pauses:
    """The clocks of one session."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._active_s = 0.0
        self._empty_s: float | None = None
        self._rest_until_s: float | None = None
        self._last_s: float | None = None

    def tick(self, at_s: float) -> bool:
        """Time has come so far; False at the first tick and when it ran backwards."""
        last_s, self._last_s = self._last_s, at_s
        return last_s is not None and at_s >= last_s

    def restart(self, at_s: float, phase: Phase) -> None:
        """What was counted from another clock is counted from here."""
        self._active_s, self._rest_until_s = at_s, None
        self._empty_s = at_s if phase is Phase.EMPTY else None

    def begin(self, at_s: float, phase: Phase) -> None:
        """A session begins."""
        self._active_s = at_s
        if phase is Phase.EMPTY:
            self._empty_s = at_s

    def phase(self, at_s: float, phase: Phase) -> None:
        """The mat's phase changed."""
        self._empty_s = at_s if phase is Phase.EMPTY else None

    def active(self, at_s: float) -> None:
        """Something was lifted."""
        self._active_s = at_s

    def rest(self, until_s: float | None) -> None:
        """A rest lasts until then; None ends it."""
        self._rest_until_s = until_s

    def rest_left_s(self, at_s: float) -> float:
        """How long the rest still lasts."""
        return max((self._rest_until_s or at_s) - at_s, 0.0)

    def rest_ends(self, at_s: float) -> bool:
        """Whether a rest is over just now; True once."""
        if self._rest_until_s is None or at_s < self._rest_until_s:
            return False
        self._rest_until_s = None
        return True

    def has_left(self, at_s: float) -> bool:
        """Whether the mat has been empty for so long that the member has gone."""
        return self._empty_s is not None and at_s - self._empty_s >= self._rules.end_after_empty_s

    def lies_still(self, at_s: float) -> bool:
        """Whether nothing was lifted for so long that nobody trains."""
        return at_s - self._active_s >= self._rules.end_after_still_s

    def set_is_over(self, at_s: float) -> bool:
        """Whether nothing was lifted for as long as a rest between two sets."""
        return at_s - self._active_s >= self._rules.set_pause_s
