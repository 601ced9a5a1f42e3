"""Which cue is said, and when: by priority, never words over a lift, never one upon the other."""

from __future__ import annotations

from device.coach.cues import Cue, Priority
from device.coach.events import Said

SHORTEST_BETWEEN_WORDS_S = 2.5
"""A short phrase lasts under 2 s; the member needs a moment before the next."""
LONGEST_WAIT_S = 4.0
"""A phrase that could not be said for this long is about a rep that is forgotten."""


class Speech:
    """Holds back what must wait. Tones alone are never held back."""

    def __init__(self) -> None:
        self._waiting: Cue | None = None
        self._since_s = 0.0
        self._spoke_s: float | None = None

    def say(self, at_s: float, cue: Cue, lifting: bool) -> tuple[Said, ...]:
        """The cue, now, if it may be; else it waits, unless something more urgent does."""
        if not cue.words or cue.priority is Priority.NOW:
            return (Said(at_s, cue),)
        if self._waiting is None or cue.priority >= self._waiting.priority:
            self._waiting, self._since_s = cue, at_s
        return self.advance(at_s, lifting)

    def advance(self, at_s: float, lifting: bool) -> tuple[Said, ...]:
        """What waited and may be said now."""
        cue = self._waiting
        if cue is None:
            return ()
        if not 0.0 <= at_s - self._since_s <= LONGEST_WAIT_S:
            self._waiting = None
            return ()
        if lifting or self._too_soon(at_s):
            return ()
        self._waiting, self._spoke_s = None, at_s
        return (Said(at_s, cue),)

    def forget(self) -> None:
        """Drop what waits: it belonged to a session that is over."""
        self._waiting = None

    def _too_soon(self, at_s: float) -> bool:
        spoke_s = self._spoke_s
        return spoke_s is not None and 0.0 <= at_s - spoke_s < SHORTEST_BETWEEN_WORDS_S
