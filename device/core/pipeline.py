"""The whole core in one object: frames in, events out. Live, replayed and tested alike.

    frame -> tick -> newtons -> presence, rest load -> lifts -> reps

Nothing here reads a clock: `at_s` of an event is the time of the frame that let it be said.
"""

from __future__ import annotations

from math import nan

import numpy as np

from device.core.calibration import Calibration
from device.core.features import Layout, centre_of_pressure_mm, roll_pct, tilt_pct
from device.core.filtering import Tick, TickFilter
from device.core.forces import Forces
from device.core.history import History
from device.core.phases import Presence
from device.core.rest import RestTracker
from device.core.segment import Lift, Segmenter
from device.core.types import Event, FloatArray, Live, Phase, PhaseEvent, Rep, Side, Verdict

RESTART_GAP_S = 5.0
"""Without a frame for that long, or with time running backwards, whoever lay there must be found
anew."""


class Pipeline:
    """One mat's core. `step` never raises on finite or missing readings, whatever their size."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self._mat = calibration.mat
        self._layout = Layout(self._mat)
        self._forces = Forces(calibration)
        self._history = History(self._layout.size)
        self._rest = RestTracker(self._layout.size)
        self._presence = Presence(self._layout)
        self._segmenter = Segmenter(self._layout, self._history)
        self._filter = TickFilter(calibration)
        self._last_s: float | None = None
        self._force_n: FloatArray = np.full(self._layout.size, nan)
        self._phase = Phase.EMPTY
        self._side: Side | None = None
        self._events: list[Event] = []

    def step(self, t_s: float, counts: FloatArray) -> tuple[Event, ...]:
        """Take one frame (its time, the counts in the order of `Mat.channels`, NaN where a reading
        failed); return what can be said now for the first time."""
        last_s, self._last_s = self._last_s, t_s
        if last_s is not None and not 0.0 <= t_s - last_s <= RESTART_GAP_S:
            self._restart()
        tick = self._filter.add(t_s, counts)
        if tick is None:
            return ()
        return self._take(tick, t_s)

    def finish(self) -> tuple[Event, ...]:
        """No frame follows: what is still to be said."""
        tick = self._filter.flush()
        if tick is None or self._last_s is None:
            return ()
        return self._take(tick, self._last_s)

    def _restart(self) -> None:
        self._filter = TickFilter(self._calibration)
        self._history.clear()
        self._segmenter.reset()
        self._rest.forget()
        self._presence = Presence(self._layout)

    def _take(self, tick: Tick, at_s: float) -> tuple[Event, ...]:
        self.take_forces(tick.t_s, self._forces.update(tick), at_s)
        if not self._events:
            return ()
        events, self._events = tuple(self._events), []
        return events

    def take_forces(self, t_s: float, force_n: FloatArray, at_s: float) -> None:
        """One tick of newtons through everything behind the calibration."""
        self._force_n = force_n
        forces = force_n.tolist()
        rest = self._rest
        self._history.append(t_s, force_n)
        before = self._presence.phase
        self._presence.update(t_s, forces, rest.rest_list)
        phase = self._presence.phase
        if phase is not before and phase in (Phase.EMPTY, Phase.LEAVING, Phase.GETTING_ON):
            rest.forget()
            self._segmenter.reset()
        side = None
        if phase is Phase.READY and rest.rest_n is not None:
            lifts, landed = self._segmenter.update(
                t_s, forces, rest.rest_n, rest.rest_list, rest.weight_n
            )
            for lift in lifts:
                self._events.append(self._rep(lift, at_s))
            if landed:
                rest.landed()
            side = self._segmenter.side
            if side is not None:
                phase = Phase.LIFTING
                rest.interrupt()
            else:
                rest.update(force_n, self._segmenter.familiar)
        elif phase is Phase.SETTLING:
            rest.update(force_n)
        if phase is not self._phase or side is not self._side:
            self._phase, self._side = phase, side
            self._events.append(PhaseEvent(at_s, phase, side))

    def _rep(self, lift: Lift, at_s: float) -> Rep:
        top_s = lift.top_s
        return Rep(
            at_s=at_s,
            side=lift.side,
            verdict=Verdict.UNSURE,
            confidence=0.0,
            start_s=lift.start_s,
            top_s=top_s,
            end_s=lift.end_s,
            lift_s=top_s - lift.start_s,
            hold_s=0.0,
            lower_s=lift.end_s - top_s,
            faults=(),
            numbers={},
            reason="",
        )

    def live(self) -> Live:
        """What a page may draw of this moment."""
        rest = self._rest
        tilt = roll = nan
        if rest.rest_n is not None and rest.weight_n > 0.0:
            scale = 100.0 / rest.weight_n
            now, before = (self._force_n * scale).tolist(), (rest.rest_n * scale).tolist()
            tilt, roll = tilt_pct(now, before, self._layout), roll_pct(now, before, self._layout)
        return Live(
            t_s=self._last_s if self._last_s is not None else nan,
            phase=self._phase,
            side=self._side,
            forces_n=self._force_n,
            weight_n=rest.weight_n,
            tilt_pct=tilt,
            roll_pct=roll,
            centre_of_pressure_mm=centre_of_pressure_mm(self._force_n, self._layout),
        )
