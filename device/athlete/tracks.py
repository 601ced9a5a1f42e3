"""Movements as tracks: each quantity that muscles drive glides from value to value.

Every glide is a minimum-jerk course (Flash and Hogan 1985), the way an unhurried limb moves.
"""

from __future__ import annotations

from collections import deque


class Track:
    """One driven quantity over time. Glides are queued in order of time and never overlap."""

    def __init__(self, value: float = 0.0) -> None:
        self._value = value
        self._glides: deque[tuple[float, float, float]] = deque()

    def glide(self, start_s: float, end_s: float, target: float) -> None:
        """Go to `target` between these times, from wherever the glides before it end."""
        self._glides.append((start_s, max(end_s, start_s + 1e-3), target))

    def clear(self, t_s: float) -> None:
        """Forget what was planned and stay where it is now."""
        self._value = self.at(t_s)[0]
        self._glides.clear()

    @property
    def still(self) -> bool:
        """Nothing is planned any more."""
        return not self._glides

    def at(self, t_s: float) -> tuple[float, float]:
        """Value and its second derivative at a time; times must not fall."""
        while self._glides:
            start_s, end_s, target = self._glides[0]
            if t_s < start_s:
                return self._value, 0.0
            if t_s < end_s:
                span = end_s - start_s
                u = (t_s - start_s) / span
                far = target - self._value
                course = u * u * u * (10.0 + u * (6.0 * u - 15.0))
                bend = 60.0 * u * (1.0 + u * (2.0 * u - 3.0)) / (span * span)
                return self._value + far * course, far * bend
            self._value = target
            self._glides.popleft()
        return self._value, 0.0
