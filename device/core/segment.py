"""From loads over time to finished lifts: which leg, or both, and from when to when.

A leg is up while its knee is unloaded (a knee bend loads it instead); its foot gives the times. A
lift is believed when it is over; the two legs' lifts are joined into one of both when they overlap
by more than half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from device.core.features import LEAST_REST_PCT, SIDES, Layout, share_of_rest
from device.core.history import History
from device.core.lift import FOOT_OFF, FOOT_ON, LOOK_BACK_S, LegLift, measure
from device.core.types import FloatArray, Side

UP_BELOW, BACK_ABOVE = 0.45, 0.6
"""Shares of the knee's rest load. Unloaded it keeps 0.1 to 0.25 (hysteresis), beside a rep 0.8."""
UP_TICKS = 2
CONFIRM_S = 0.08
"""Foot and knee both back for this long: the leg lies."""
FOOT_ONLY_S, KNEE_ONLY_S, KNEE_ALONE_S = 0.2, 0.35, 0.12
"""Longer where the foot or the knee alone says so, short where there is no foot to wait for."""
LONGEST_S = 25.0
"""A leg that long unloaded has moved off its strips."""

SHORTEST_REP_S = 0.5
KNEE_MOST, THIGH_MOST, TORSO_LEAST = 0.4, 0.5, 0.6
"""A half-lift leaves the thigh on the mat; on getting up the torso goes."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A finished lift of one leg or of both."""

    side: Side
    start_s: float
    end_s: float
    legs: tuple[LegLift, ...]


class _LegWatch:
    """Is this leg up? The same for either side."""

    def __init__(self) -> None:
        self.up = False
        self.up_s = nan
        self._below = 0
        self._foot_was_off = False
        self._foot_back_s: float | None = None
        self._knee_back_s: float | None = None

    def update(self, t_s: float, foot: float, knee: float) -> bool:
        """One tick; True when a lift has just ended."""
        if not self.up:
            if knee < UP_BELOW:
                self._below += 1
                if self._below == 1:
                    self.up_s = t_s
                elif self._below >= UP_TICKS:
                    self.up = True
                    self._foot_was_off = foot < FOOT_OFF
                    self._foot_back_s = self._knee_back_s = None
            else:
                self._below = 0
            return False
        if foot < FOOT_OFF:
            self._foot_was_off = True
        foot_back = self._foot_was_off and foot > FOOT_ON
        self._foot_back_s = _since(self._foot_back_s, t_s, foot_back)
        self._knee_back_s = _since(self._knee_back_s, t_s, knee > BACK_ABOVE)
        return self._is_back(t_s)

    def _is_back(self, t_s: float) -> bool:
        foot_s = t_s - self._foot_back_s if self._foot_back_s is not None else -1.0
        knee_s = t_s - self._knee_back_s if self._knee_back_s is not None else -1.0
        alone_s = KNEE_ONLY_S if self._foot_was_off else KNEE_ALONE_S
        return (
            min(foot_s, knee_s) >= CONFIRM_S
            or foot_s >= FOOT_ONLY_S
            or knee_s >= alone_s
            or t_s - self.up_s > LONGEST_S
        )

    @property
    def back_s(self) -> float:
        """When knee or foot came back, whichever was first."""
        times = [t for t in (self._foot_back_s, self._knee_back_s) if t is not None]
        return min(times) if times else self.up_s + LONGEST_S

    def reset(self) -> None:
        self.up = False
        self._below = 0


def _since(since_s: float | None, t_s: float, holds: bool) -> float | None:
    if not holds:
        return None
    return t_s if since_s is None else since_s


class Segmenter:
    """Both legs, and the joining of their lifts."""

    def __init__(self, layout: Layout, history: History) -> None:
        self._layout = layout
        self._history = history
        self._watches = {side: _LegWatch() for side in SIDES}
        self._rest = {side: np.zeros(layout.size) for side in SIDES}
        self._waiting: LegLift | None = None
        self.shares: dict[Side, tuple[float, float, float]] = {}

    @property
    def side(self) -> Side | None:
        """Which leg is up at this moment."""
        left, right = (self._watches[side].up for side in SIDES)
        if left and right:
            return Side.BOTH
        return Side.LEFT if left else Side.RIGHT if right else None

    def up_since(self, side: Side) -> float | None:
        watch = self._watches[side]
        return watch.up_s if watch.up else None

    def update(
        self,
        t_s: float,
        force_n: Sequence[float],
        rest: FloatArray,
        rest_n: Sequence[float],
        weight_n: float,
    ) -> tuple[list[Lift], bool]:
        """One tick of somebody lying: finished lifts, and whether a leg has just landed."""
        least_n = LEAST_REST_PCT / 100.0 * weight_n
        landed = False
        done: list[Lift] = []
        for side in SIDES:
            leg = self._layout.legs[side]
            watch = self._watches[side]
            foot = share_of_rest(force_n, rest_n, leg.foot, least_n)
            knee = share_of_rest(force_n, rest_n, leg.knee, least_n)
            thigh = share_of_rest(force_n, rest_n, leg.thigh, least_n)
            self.shares[side] = (foot, knee, thigh)
            was_up = watch.up
            if watch.update(t_s, foot, knee if knee == knee else thigh):
                landed = True
                lift = self._measure(side, watch)
                watch.reset()
                if is_rep(lift):
                    done += self._join(lift, t_s)
            elif watch.up and not was_up:
                self._rest[side] = rest
        if self._waiting is not None:
            done += self._overdue(t_s)
        return done, landed

    def _measure(self, side: Side, watch: _LegWatch) -> LegLift:
        t_s, force_n = self._history.since(watch.up_s - LOOK_BACK_S)
        return measure(side, t_s, force_n, self._rest[side], watch.up_s, watch.back_s, self._layout)

    def _join(self, lift: LegLift, t_s: float) -> list[Lift]:
        other, self._waiting = self._waiting, None
        if other is not None:
            overlap_s = min(lift.end_s, other.end_s) - max(lift.start_s, other.start_s)
            if overlap_s > 0.5 * max(lift.duration_s, other.duration_s):
                return [
                    Lift(
                        Side.BOTH,
                        min(lift.start_s, other.start_s),
                        max(lift.end_s, other.end_s),
                        (other, lift),
                    )
                ]
            return [_single(other), _single(lift)]
        still_up_s = self.up_since(_opposite(lift.side))
        if still_up_s is not None:
            overlap_s = lift.end_s - max(lift.start_s, still_up_s)
            if overlap_s > 0.5 * lift.duration_s:
                self._waiting = lift
                return []
        return [_single(lift)]

    def _overdue(self, t_s: float) -> list[Lift]:
        """The other leg stayed up too long for a lift of both, or came back without one."""
        waiting = self._waiting
        if waiting is None:
            return []
        up_s = self.up_since(_opposite(waiting.side))
        if up_s is not None:
            overlap_s = waiting.end_s - max(waiting.start_s, up_s)
            if overlap_s > 0.5 * (t_s - up_s):
                return []
        self._waiting = None
        return [_single(waiting)]

    def reset(self) -> None:
        """Nobody lies here any more."""
        for watch in self._watches.values():
            watch.reset()
        self._waiting = None
        self.shares = {}


def _opposite(side: Side) -> Side:
    return Side.RIGHT if side is Side.LEFT else Side.LEFT


def _single(lift: LegLift) -> Lift:
    return Lift(lift.side, lift.start_s, lift.end_s, (lift,))


def is_rep(lift: LegLift) -> bool:
    """Whether the leg left the mat from foot to thigh, long enough."""
    return (
        lift.duration_s >= SHORTEST_REP_S
        and not lift.knee > KNEE_MOST
        and not lift.thigh > THIGH_MOST
        and not lift.torso < TORSO_LEAST
    )
