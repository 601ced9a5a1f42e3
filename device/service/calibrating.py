"""Weights in place of members: the coach stands still for whoever calibrates the mat.

A lease, and no switch: a calibrating program asks for some more seconds again and again, and when
it dies the mat is the members' again by itself, once nothing lies on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from device.core.types import Event, Phase, PhaseEvent, StripEvent
from device.errors import RefusedError

LONGEST_S = 30.0
"""A lease is renewed every second or so; nobody needs a longer one."""


class Calibrating:
    """Who calibrates, if anybody does. `clock` is the machine's, for a program dies in its time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until_s: dict[str, float] = {}
        self._person: str | None = None
        self._phase = Phase.EMPTY

    @property
    def person(self) -> str | None:
        """Who calibrates, or did and has left a weight behind."""
        return self._person

    @property
    def going_on(self) -> bool:
        """Whether somebody calibrates, or has left a weight behind."""
        return self._person is not None

    def lease(self, by: str, person: str, seconds: float, phase: Phase) -> None:
        """For so many seconds from now on, for the program `by`; none is its end. `phase` is what
        the core sees now."""
        if not 0.0 <= seconds <= LONGEST_S:
            raise RefusedError(f"a calibration is announced for 0 to {LONGEST_S:g} s at a time.")
        if seconds == 0.0:
            self._until_s.pop(by, None)
            return
        if not self.going_on:
            self._phase = phase
        self._person = person
        self._until_s[by] = self._clock() + seconds

    def left(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """What of the core's events is still true of a mat under weights: what is wrong with its
        strips. All are, where nobody calibrates."""
        told = tuple(events)
        if not self.going_on:
            return told
        for event in told:
            if isinstance(event, PhaseEvent):
                self._phase = event.phase
        if self._phase is Phase.EMPTY and self._clock() >= max(self._until_s.values(), default=0.0):
            self._person = None
            self._until_s.clear()
        return tuple(event for event in told if isinstance(event, StripEvent))

    def forget(self) -> None:
        """The core is another one, which knows of nothing on the mat yet."""
        self._phase = Phase.EMPTY

    def problems(self) -> list[str]:
        """What the page says."""
        if self._person is None:
            return []
        return [f"The mat is being calibrated by {self._person}: stay off it."]

    def refuse(self) -> None:
        """Raise `RefusedError` while somebody calibrates: nobody can train meanwhile."""
        if self.going_on:
            raise RefusedError(
                f"the mat is being calibrated by {self._person}; wait for the end of that, and let "
                "the mat be empty."
            )
