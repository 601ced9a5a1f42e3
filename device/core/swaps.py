"""Finds left and right strips of a leg row that are plugged in the wrong way round.

When one leg is up, its foot, knee and thigh unload together. A row whose other side unloads
instead, while the other rows agree on the leg, is swapped. The torso's rows are watched in
`torso_swaps`.
"""

from __future__ import annotations

from collections.abc import Mapping

from device.core.types import Side

LEG_ROWS = ("foot", "knee", "thigh")
GONE, STAYS = 0.35, 0.5
"""Shares of rest load: surely unloaded, surely not."""
EPISODE_S = 0.5
EPISODES = 2
"""Lifts that must show it; one that shows the row right takes all back."""
FOOT = 0
FOOT_EPISODES = 3
"""Feet may cross over, so theirs must show in lifts of either leg."""


class SwapWatch:
    """Fed with the shares of rest load under both legs at every tick of lying."""

    def __init__(self) -> None:
        self._wrong: list[list[Side]] = [[] for _ in LEG_ROWS]
        self._seen: tuple[int | None, Side] | None = None
        self._since_s = 0.0
        self._counted = False

    def update(self, t_s: float, shares: Mapping[Side, tuple[float, float, float]]) -> str | None:
        """One tick; the row that has been found swapped, once."""
        seen = _pattern(shares[Side.LEFT], shares[Side.RIGHT])
        if seen != self._seen:
            self._seen, self._since_s, self._counted = seen, t_s, False
        if seen is None or self._counted or t_s - self._since_s < EPISODE_S:
            return None
        self._counted = True
        row, side = seen
        if row is None:
            for sides in self._wrong:
                sides.clear()
            return None
        self._wrong[row].append(side)
        found = self._wrong[row]
        enough = len(found) >= EPISODES
        if row == FOOT:
            enough = len(found) >= FOOT_EPISODES and len(set(found)) == 2
        if not enough:
            return None
        found.clear()
        return LEG_ROWS[row]


def _pattern(
    left: tuple[float, float, float], right: tuple[float, float, float]
) -> tuple[int | None, Side] | None:
    """Which leg is up by at least two rows that agree, and the one row (None: none) that says the
    other leg. None where it is not so plain."""
    if not (min(left) < GONE or min(right) < GONE):
        return None
    said: list[Side | None] = []
    for mine, other in zip(left, right, strict=True):
        if mine < GONE and other > STAYS:
            said.append(Side.LEFT)
        elif other < GONE and mine > STAYS:
            said.append(Side.RIGHT)
        else:
            said.append(None)
    for side, other_side in ((Side.LEFT, Side.RIGHT), (Side.RIGHT, Side.LEFT)):
        if said.count(side) == 3:
            return None, side
        if said.count(side) == 2 and said.count(other_side) == 1:
            return said.index(other_side), side
    return None
