"""How often a lift is prompted and paced: before every one, every second, or only when off. Pure.

Who gets it right needs to hear less, and learns more from that; who slips hears more at once.
"""

from __future__ import annotations

from enum import IntEnum

GOOD_IN_A_ROW = 3
"""Good lifts that make the prompts rarer by a step."""


class Often(IntEnum):
    """Which lifts are prompted."""

    EVERY = 0
    SECOND = 1
    WHEN_OFF = 2


class Fading:
    """Told of every lift; `prompts` says whether the coming one is prompted and paced."""

    def __init__(self, often: Often = Often.EVERY) -> None:
        self.often = often
        self.prompts = True
        self._in_a_row = 0

    def lifted(self, good: bool) -> None:
        """A lift is over; `good`, if there was nothing to say of it."""
        if not good:
            self._in_a_row = 0
            self.often = Often(max(self.often - 1, Often.EVERY))
            self.prompts = True
            return
        self._in_a_row += 1
        if self._in_a_row >= GOOD_IN_A_ROW and self.often < Often.WHEN_OFF:
            self.often, self._in_a_row = Often(self.often + 1), 0
        turn = self.often is Often.SECOND and not self.prompts
        self.prompts = self.often is Often.EVERY or turn
