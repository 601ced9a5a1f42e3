"""Breathing and bracing, read from the belly's load while the body lies at rest.

An in-breath presses the belly onto its strips, by 1 to 4 % of body weight a row; an out-breath
takes it back. Drawing the belly in before a lift takes about 2 % off. Both drown in a lift, so they
are judged at rest and just before lift-off only, and left unknown where they do not show.
"""

from __future__ import annotations

from collections import deque
from math import nan

SLOW_S = 6.0
"""More than one breath: the level that the belly goes up and down about."""
FAST_S = 0.25
AMPLITUDE_S = 4.0
LEAST_AMPLITUDE_PCT = 0.15
"""A mean swing below this is noise and sway."""
HYSTERESIS = 0.4
"""Of the mean swing: a crossing counts once the belly has gone this far beyond its level."""
SHORTEST_BREATH_S, LONGEST_BREATH_S = 1.5, 10.0
BREATHS = 4
SPREAD = 0.5
"""Breaths that differ by more than half of their median are no rhythm."""
SLOPE_S = 0.5
SLOPE_SHARE = 0.35
"""Of the mean swing, within `SLOPE_S`: a steeper belly is plainly breathing in or out."""
LEAST_REST_S = 3.0
"""Rest before a lift that is long enough to say anything of it."""
DELAY_S = 0.4
"""The last moments before a leg is known to be up belong to the lift already."""


class BellyWatch:
    """Fed with the belly's load (% of body weight) at every tick of rest."""

    def __init__(self) -> None:
        self._last_s = nan
        self._waiting: deque[tuple[float, float]] = deque()
        self._rest_s = 0.0
        self._slow = self._fast = nan
        self._swing = 0.0
        self._recent: deque[tuple[float, float]] = deque(maxlen=int(SLOPE_S / 0.02) + 1)
        self._above: bool | None = None
        self._rose_s = nan
        self._breaths_s: deque[float] = deque(maxlen=BREATHS)

    def update(self, t_s: float, belly_pct: float) -> None:
        """One tick at rest; NaN where the strips are missing."""
        if belly_pct != belly_pct:
            return
        if self._waiting and not 0.0 <= t_s - self._waiting[-1][0] < DELAY_S:
            self._waiting.clear()
        self._waiting.append((t_s, belly_pct))
        while t_s - self._waiting[0][0] >= DELAY_S:
            self._take(*self._waiting.popleft())

    def _take(self, t_s: float, belly_pct: float) -> None:
        step_s = t_s - self._last_s
        self._last_s = t_s
        if not 0.0 <= step_s < 0.5:
            self._begin(belly_pct)
            return
        self._rest_s += step_s
        # The first seconds count in full, so that the level is there soon.
        slow_s = min(SLOW_S, max(self._rest_s, step_s))
        self._slow += step_s / slow_s * (belly_pct - self._slow)
        self._fast += min(step_s / FAST_S, 1.0) * (belly_pct - self._fast)
        away = self._fast - self._slow
        self._swing += min(step_s / AMPLITUDE_S, 1.0) * (abs(away) - self._swing)
        self._recent.append((t_s, self._fast))
        self._follow_crossings(t_s, away)

    def _begin(self, belly_pct: float) -> None:
        """Rest begins anew: the level is there again, what the breath was stays known."""
        self._slow = self._fast = belly_pct
        self._rest_s, self._above, self._rose_s = 0.0, None, nan
        self._recent.clear()

    def _follow_crossings(self, t_s: float, away: float) -> None:
        edge = HYSTERESIS * max(self._swing, LEAST_AMPLITUDE_PCT)
        if away > edge and self._above is not True:
            if self._above is False:
                breath_s = t_s - self._rose_s
                if SHORTEST_BREATH_S <= breath_s <= LONGEST_BREATH_S:
                    self._breaths_s.append(breath_s)
                self._rose_s = t_s
            self._above = True
        elif away < -edge:
            self._above = False

    def numbers(self, start_s: float) -> dict[str, float]:
        """What is known at a lift that leaves the mat at `start_s`: `breath_per_min`,
        `breath_out` (1 out, 0 in) and `brace_pct`, each only where it shows."""
        out: dict[str, float] = {}
        if not abs(start_s - self._last_s) < 1.0 + DELAY_S:
            return out
        rate = self.breaths_per_min
        if rate is not None:
            out["breath_per_min"] = rate
        if self._rest_s < LEAST_REST_S:
            return out
        out["brace_pct"] = self._fast - self._slow
        if rate is not None and len(self._recent) > 1:
            rise = self._recent[-1][1] - self._recent[0][1]
            if abs(rise) > SLOPE_SHARE * max(self._swing, LEAST_AMPLITUDE_PCT):
                out["breath_out"] = 1.0 if rise < 0.0 else 0.0
        return out

    @property
    def breaths_per_min(self) -> float | None:
        """The breathing rate at rest; None where there is no rhythm to be seen."""
        if len(self._breaths_s) < 2:
            return None
        usual_s = sorted(self._breaths_s)[len(self._breaths_s) // 2]
        if max(self._breaths_s) - min(self._breaths_s) > SPREAD * usual_s:
            return None
        return 60.0 / usual_s
