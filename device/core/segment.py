"""From loads over time to finished lifts: which leg, or both, and from when to when.

A lift is believed when it is over. The two legs' lifts are joined into one of both when they
overlap by more than half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from device.core.contact import LegWatch
from device.core.features import LEAST_REST_PCT, SIDES, Layout, rests_on, share_of_rest
from device.core.history import History
from device.core.lift import LOOK_BACK_S, LegLift, is_low, is_rep, measure
from device.core.misses import BendWatch, why_missed
from device.core.types import FloatArray, Miss, Side

LONGEST_S = 25.0
"""A leg that long unloaded has moved off its strips, or the person has."""
FOOT_RANGE, KNEE_RANGE, THIGH_RANGE = (0.6, 1.6), (0.5, 1.6), (0.4, 2.0)
"""Shares of rest load on foot, knee and thigh between which a leg lies as it lay before."""
BOUNCE_S = 1.0
"""A leg that is off for a moment this soon after a lift has touched down in two steps."""
JOIN_SHARE = 0.5
"""Of the longer lift: what two legs must share to be one lift of both."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A finished lift of one leg or of both; `rest_n` is the rest load before it."""

    side: Side
    start_s: float
    top_s: float
    end_s: float
    legs: tuple[LegLift, ...]
    rest_n: FloatArray


class Segmenter:
    """Both legs, and the joining of their lifts."""

    def __init__(self, layout: Layout, history: History) -> None:
        self._layout = layout
        self._history = history
        self._watches = {side: LegWatch() for side in SIDES}
        self._last_end_s = dict.fromkeys(SIDES, float("nan"))
        self._rest = {side: np.zeros(layout.size) for side in SIDES}
        self._last_both_s = -inf
        self._waiting: LegLift | None = None
        self._low: LegLift | None = None
        self._bends = {side: BendWatch() for side in SIDES}
        self.misses: list[tuple[Side, Miss]] = []
        """What the last tick found to be no lift, and why."""
        self.shares: dict[Side, tuple[float, float, float]] = {}

    @property
    def side(self) -> Side | None:
        """Which leg is up at this moment."""
        left, right = (self._watches[side].up for side in SIDES)
        if left and right:
            return Side.BOTH
        return Side.LEFT if left else Side.RIGHT if right else None

    def rest_before(self, side: Side) -> FloatArray:
        """The rest load (N) before the lift that is running on that side (of both: the left)."""
        return self._rest[Side.RIGHT if side is Side.RIGHT else Side.LEFT]

    @property
    def strange(self) -> tuple[int, ...]:
        """The leg strips whose load is far from rest though no leg is up: of a whole leg where its
        knee or thigh is, else of its foot."""
        strips: tuple[int, ...] = ()
        for side, (foot, knee, thigh) in self.shares.items():
            if _strange(knee, KNEE_RANGE) or _strange(thigh, THIGH_RANGE):
                strips += self._layout.legs[side].strips
            elif _strange(foot, FOOT_RANGE):
                strips += self._layout.legs[side].foot
        return strips

    def update(
        self,
        t_s: float,
        force_n: Sequence[float],
        rest: FloatArray,
        rest_n: Sequence[float],
        weight_n: float,
    ) -> tuple[list[Lift], bool]:
        """One tick of somebody lying: finished lifts, and whether a leg has just landed.

        `rest` and `rest_n` are the same rest loads, as an array and as a list.
        """
        landed = False
        done: list[Lift] = []
        self.misses = []
        self._take_shares(force_n, rest_n, LEAST_REST_PCT / 100.0 * weight_n)
        for side in SIDES:
            watch = self._watches[side]
            if watch.update(t_s, *self.shares[side]):
                if watch.up:
                    self._rest[side] = rest
                    continue
                landed = True
                lift = self._measure(side)
                if is_rep(lift):
                    self._last_end_s[side] = lift.end_s
                    done += self._join(lift)
                elif is_low(lift):
                    done += self._join_low(lift)
                else:
                    self._miss(lift)
            elif watch.up and t_s - watch.up_s > LONGEST_S:
                watch.reset()
                landed = True
            if self._bends[side].update(t_s, watch.up, *self.shares[side]):
                self.misses.append((side, Miss.KNEE_BEND))
        if self._waiting is not None:
            done += self._overdue(t_s)
        return done, landed

    def _take_shares(
        self, force_n: Sequence[float], rest_n: Sequence[float], least_n: float
    ) -> None:
        for side in SIDES:
            leg = self._layout.legs[side]
            foot = share_of_rest(force_n, rest_n, leg.foot, least_n)
            knee = share_of_rest(force_n, rest_n, leg.knee, least_n)
            thigh = share_of_rest(force_n, rest_n, leg.thigh, least_n)
            if not rests_on(rest_n, self._layout.legs[_opposite(side)].foot, least_n):
                # The other foot is not on its own strip, so it may lie on this one.
                foot = nan
            self.shares[side] = (foot, knee, thigh)

    def _measure(self, side: Side) -> LegLift:
        watch = self._watches[side]
        t_s, force_n = self._history.since(watch.up_s - LOOK_BACK_S)
        return measure(
            side,
            t_s,
            force_n,
            self._rest[side],
            watch.up_s,
            watch.back_s,
            self._last_end_s[side],
            self._layout,
        )

    def _join(self, lift: LegLift) -> list[Lift]:
        other, self._waiting = self._waiting, None
        if other is None and self._last_both_s - lift.start_s > 0.5 * lift.duration_s:
            # One leg touched down within a lift of both that has been told already.
            return []
        if other is not None:
            if _together(lift, other):
                return [self._both(other, lift)]
            return [self._single(other), self._single(lift)]
        watch = self._watches[_opposite(lift.side)]
        if watch.up:
            overlap_s = lift.end_s - max(lift.start_s, watch.up_s)
            if overlap_s > JOIN_SHARE * lift.duration_s:
                self._waiting = lift
                return []
        return [self._single(lift)]

    def _join_low(self, lift: LegLift) -> list[Lift]:
        """A low lift counts only together with one of the other leg."""
        other = self._low
        self._low = lift
        if other is None or other.side is lift.side or not _together(lift, other):
            if not self._watches[_opposite(lift.side)].up:
                self._miss(lift)
            return []
        self._low = None
        for leg in (lift, other):
            self._last_end_s[leg.side] = leg.end_s
        return [self._both(other, lift)]

    def _miss(self, lift: LegLift) -> None:
        why = why_missed(lift)
        landed = [end_s for end_s in self._last_end_s.values() if end_s == end_s]
        landed_s = max((*landed, self._last_both_s))
        bounced = why is Miss.TOO_SHORT and lift.start_s - landed_s < BOUNCE_S
        # What moved along with a lift that was told is no try of its own.
        along = landed_s - lift.start_s > JOIN_SHARE * lift.duration_s
        if why is not None and not bounced and not along:
            self.misses.append((lift.side, why))

    def _both(self, first: LegLift, second: LegLift) -> Lift:
        self._last_both_s = max(first.end_s, second.end_s)
        return Lift(
            Side.BOTH,
            min(first.start_s, second.start_s),
            0.5 * (first.top_s + second.top_s),
            max(first.end_s, second.end_s),
            (first, second),
            self._rest[first.side],
        )

    def _overdue(self, t_s: float) -> list[Lift]:
        """The other leg stayed up too long for a lift of both, or came back without one."""
        waiting = self._waiting
        if waiting is None:
            return []
        watch = self._watches[_opposite(waiting.side)]
        if watch.up:
            overlap_s = waiting.end_s - max(waiting.start_s, watch.up_s)
            if overlap_s > JOIN_SHARE * (t_s - watch.up_s):
                return []
        self._waiting = None
        return [self._single(waiting)]

    def _single(self, lift: LegLift) -> Lift:
        return Lift(lift.side, lift.start_s, lift.top_s, lift.end_s, (lift,), self._rest[lift.side])

    def reset(self) -> None:
        """Nobody lies here any more."""
        for side, watch in self._watches.items():
            watch.reset()
            self._bends[side].reset()
            self._last_end_s[side] = float("nan")
        self._last_both_s = -inf
        self._waiting = self._low = None
        self.shares = {}


def _strange(share: float, usual: tuple[float, float]) -> bool:
    return share < usual[0] or share > usual[1]


def _together(one: LegLift, other: LegLift) -> bool:
    overlap_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    return overlap_s > JOIN_SHARE * max(one.duration_s, other.duration_s)


def _opposite(side: Side) -> Side:
    return Side.RIGHT if side is Side.LEFT else Side.LEFT
