"""Which cue is said, and when: by priority, never words over a lift, never one upon the other."""

from __future__ import annotations

from device.coach.cues import Cue, Priority, number_cue
from device.coach.events import Said

SHORTEST_BETWEEN_WORDS_S = 2.5
"""A short phrase lasts under 2 s; the member needs a moment before the next."""
WORDS_PER_S = 2.5
"""The recorded voice says 150 words a minute."""


class Speech:
    """Holds back what must wait. Tones alone are never held back."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, Cue]] = []
        self._number: tuple[float, Cue] | None = None
        self._spoke_s: float | None = None
        self._lasts_s = 0.0

    def say(self, at_s: float, cue: Cue, lifting: bool) -> tuple[Said, ...]:
        """The cue, now, if it may be; else it waits. What is said of a lift takes the place of what
        waits to be said of one before."""
        if not cue.words or cue.priority is Priority.NOW:
            return (Said(at_s, cue),)
        self._waiting = [
            (since_s, other)
            for since_s, other in self._waiting
            if other.key != cue.key and not other.priority == cue.priority == Priority.FORM
        ]
        self._waiting.append((at_s, cue))
        return self.advance(at_s, lifting)

    def count(self, at_s: float, number: int, lifting: bool) -> tuple[Said, ...]:
        """A rep's number, now, or as soon as no leg is up; the next one takes its place."""
        self._number = at_s, number_cue(number)
        return self._counted(at_s, lifting)

    def advance(self, at_s: float, lifting: bool) -> tuple[Said, ...]:
        """What waited and may be said now: a number, and the most urgent phrase, of these the
        oldest. A phrase follows upon a number without a pause, and need not wait for it."""
        return (*self._counted(at_s, lifting), *self._phrase(at_s, lifting))

    def _counted(self, at_s: float, lifting: bool) -> tuple[Said, ...]:
        if self._number is None or lifting:
            return ()
        (since_s, cue), self._number = self._number, None
        return (Said(at_s, cue),) if 0 <= at_s - since_s <= cue.waits_s else ()

    def _phrase(self, at_s: float, lifting: bool) -> tuple[Said, ...]:
        if not self._waiting:
            return ()
        self._waiting = [
            (since_s, cue) for since_s, cue in self._waiting if 0 <= at_s - since_s <= cue.waits_s
        ]
        if lifting or not self._waiting or self.speaking(at_s):
            return ()
        cue = max(self._waiting, key=lambda waiting: waiting[1].priority)[1]
        self._waiting = [waiting for waiting in self._waiting if waiting[1] is not cue]
        self._spoke_s = at_s
        self._lasts_s = max(SHORTEST_BETWEEN_WORDS_S, len(cue.words.split()) / WORDS_PER_S)
        return (Said(at_s, cue),)

    def speaking(self, at_s: float) -> bool:
        """Whether a phrase is being said, or was a moment ago."""
        spoke_s = self._spoke_s
        return spoke_s is not None and 0.0 <= at_s - spoke_s < self._lasts_s

    def idle(self, at_s: float) -> bool:
        """Whether nothing is being said and nothing waits."""
        return not self._waiting and not self.speaking(at_s)

    def drop(self, key: str) -> None:
        """This cue is no longer to be said."""
        self._waiting = [waiting for waiting in self._waiting if waiting[1].key != key]

    def forget(self) -> None:
        """Drop what waits: it belonged to a session that is over."""
        self._waiting, self._number = [], None
