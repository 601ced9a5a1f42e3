"""The whole core in one object: frames in, events out. Live, replayed and tested alike.

    frame -> tick -> newtons -> presence, rest load -> legs up and down -> lifts -> reps

Nothing here reads a clock: `at_s` of an event is the time of the frame that let it be said.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan

import numpy as np

from device.core.belly import BellyWatch
from device.core.calibration import Calibration
from device.core.drift import DriftWatch
from device.core.features import Layout, centre_of_pressure_mm, roll_pct, tilt_pct, total
from device.core.filtering import Tick, TickFilter
from device.core.forces import Forces
from device.core.history import History
from device.core.judge import judge
from device.core.pelvis_model import Model
from device.core.phases import Presence
from device.core.posture import posture
from device.core.rep_trace import RepTrace
from device.core.reps import NO_JUDGEMENT, rep_of, trace_of
from device.core.rest import RestTracker
from device.core.segment import Segmenter
from device.core.strips import StripWatch
from device.core.swaps import SwapWatch
from device.core.tare import why_not
from device.core.tempo import LiftPhase
from device.core.torso_swaps import TorsoSwapWatch
from device.core.types import (
    Event,
    FloatArray,
    Live,
    Missed,
    Phase,
    PhaseEvent,
    PostureEvent,
    Rep,
    Side,
    WarningEvent,
)
from device.core.warn import NOT_READ, PelvisWatch

RESTART_GAP_S = 5.0
"""Without a frame for that long, or with time running backwards, whoever lay there must be found
anew."""
WATCH_BACK_S = 0.4
"""How far back a watch on the pelvis begins: a leg is known to be up about 0.2 s late."""
POSTURE_EVERY_S = 2.0


class Pipeline:
    """One mat's core. `step` never raises on finite or missing readings, whatever their size.

    Without a `model` everything is told but the verdict, and no warning is given. `on_trace` is
    shown each rep as the judge gets it, before the rep's event: what fitting learns from. `zero_n`
    is what an earlier tare left.
    """

    def __init__(
        self,
        calibration: Calibration,
        model: Model | None = None,
        on_trace: Callable[[RepTrace], None] | None = None,
        zero_n: FloatArray | None = None,
    ) -> None:
        self._calibration = calibration
        self._mat = calibration.mat
        self._model = model
        self._on_trace = on_trace
        self._layout = Layout(self._mat)
        self._forces = Forces(calibration, zero_n)
        self._swaps = SwapWatch()
        self._torso_swaps = TorsoSwapWatch(self._mat)
        self._swapped: list[tuple[int, int]] = []
        self._drift = DriftWatch()
        self._strips = StripWatch(self._mat)
        self._history = History(self._layout.size)
        self._rest = RestTracker(self._layout.size)
        self._presence = Presence(self._layout)
        self._segmenter = Segmenter(self._layout, self._history)
        self._lift_phase = LiftPhase()
        self._belly = BellyWatch()
        self._watch = PelvisWatch(self._mat, model) if model is not None else None
        self._watch_scale = 1.0
        self._filter = TickFilter(calibration)
        self._last_s: float | None = None
        self._force_n: FloatArray = np.full(self._layout.size, nan)
        self._phase = Phase.EMPTY
        self._side: Side | None = None
        self._posture_s = nan
        self._posture_keys: tuple[str, ...] | None = None
        self._events: list[Event] = []

    def step(self, t_s: float, counts: FloatArray) -> tuple[Event, ...]:
        """Take one frame: its time and the counts in the order of `Mat.channels`, NaN where a
        reading failed. Returns what can be said now for the first time."""
        last_s = self._last_s
        if last_s is not None and not 0.0 <= t_s - last_s <= RESTART_GAP_S:
            if not isfinite(t_s):
                return ()
            self._restart()
        self._last_s = t_s
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

    def live(self) -> Live:
        """What a page may draw of this moment."""
        rest = self._rest
        tilt = roll = nan
        if rest.rest_n is not None and rest.weight_n > 0.0:
            scale = 100.0 / rest.weight_n
            now, before = (self._force_n * scale).tolist(), (rest.rest_n * scale).tolist()
            tilt, roll = tilt_pct(now, before, self._layout), roll_pct(now, before, self._layout)
            if self._side is Side.RIGHT:
                roll = -roll
        return Live(
            t_s=self._last_s if self._last_s is not None else nan,
            phase=self._phase,
            side=self._side,
            forces_n=self._force_n,
            weight_n=rest.weight_n,
            tilt_pct=tilt,
            roll_pct=roll,
            centre_of_pressure_mm=centre_of_pressure_mm(self._force_n, self._layout),
            bad_sensors=tuple(self._mat.names[index] for index in sorted(self._strips.bad)),
            pelvis_share=NOT_READ
            if self._watch is None or self._side is None
            else self._watch.moved,
        )

    @property
    def zero_n(self) -> tuple[float, ...]:
        """What was taken as zero, in newtons by the calibration, in the order of `Mat.sensors`."""
        return self._forces.zero_n

    def tare(self) -> str | None:
        """Take what the mat reads now as zero: None when done, else the sentence why not."""
        recent = self._history.since((self._last_s or 0.0) - 1.0)[1]
        refusal = why_not(self._force_n, recent, self._calibration.calibrated)
        if refusal is None:
            self._forces.tare(self._force_n)
        return refusal

    def _restart(self) -> None:
        self._filter = TickFilter(self._calibration)
        self._history.clear()
        self._presence = Presence(self._layout)
        self._forget()

    def _forget(self) -> None:
        """Nobody lies here any more."""
        self._rest.forget()
        self._torso_swaps.forget()
        self._belly = BellyWatch()
        self._segmenter.reset()
        self._lift_phase.reset()
        self._posture_keys = None

    def _take(self, tick: Tick, at_s: float) -> tuple[Event, ...]:
        self._events += self._strips.update(tick, at_s)
        forces = self._forces.update(tick)
        for one, other in self._swapped:
            forces[one], forces[other] = forces[other], forces[one]
        if self._strips.bad:
            for index in self._strips.unusable:
                forces[index] = nan
        self._take_forces(tick.t_s, forces, at_s)
        if not self._events:
            return ()
        events, self._events = tuple(self._events), []
        return events

    def _take_forces(self, t_s: float, forces: list[float], at_s: float) -> None:
        """One tick of newtons through everything behind the calibration."""
        force_n = self._force_n = np.array(forces)
        rest = self._rest
        self._history.append(t_s, force_n)
        before = self._presence.phase
        self._presence.update(t_s, forces, rest.rest_list, rest.weight_n)
        phase = self._presence.phase
        if phase is not Phase.EMPTY:
            self._drift.somebody()
        elif self._drift.update(t_s, forces):
            self._events += self._strips.accuse("drifting", self._drift.drifted, at_s)
        if phase is not before and phase in (Phase.EMPTY, Phase.LEAVING, Phase.GETTING_ON):
            self._forget()
        side = None
        if phase is Phase.READY and rest.rest_n is not None:
            phase, side = self._take_lying(t_s, force_n, forces, rest.rest_n, at_s)
        elif phase is Phase.SETTLING:
            rest.update(force_n)
        if phase is not self._phase or side is not self._side:
            self._phase, self._side = phase, side
            self._events.append(PhaseEvent(at_s, phase, side))

    def _take_lying(
        self, t_s: float, force_n: FloatArray, forces: list[float], rest_n: FloatArray, at_s: float
    ) -> tuple[Phase, Side | None]:
        """One tick of somebody lying ready: lifts, warnings, rest and posture."""
        rest, segmenter, lifting = self._rest, self._segmenter, self._lift_phase
        lifts, landed = segmenter.update(t_s, forces, rest_n, rest.rest_list, rest.weight_n)
        row = None
        for lift in lifts:
            trace = trace_of(lift, self._usable(lift.rest_n), self._history)
            self._events.append(self._rep(trace, at_s))
            row = self._torso_swaps.update(trace) or row
        self._events += [Missed(at_s, side, why) for side, why in segmenter.misses]
        if landed:
            rest.landed()
        row = self._swaps.update(t_s, segmenter.shares) or row
        if row is not None:
            self._swap(row, at_s)
            return Phase.READY, None
        if segmenter.side is None:
            lifting.reset()
            rest.update(force_n, segmenter.strange)
            if self._layout.belly:
                belly_n = total(forces, self._layout.belly)
                self._belly.update(t_s, 100.0 * belly_n / max(rest.weight_n, 1.0))
            self._check_posture(t_s, rest_n, at_s)
            return Phase.READY, None
        rest.interrupt()
        scale = 100.0 / max(rest.weight_n, 1.0)
        torso_pct = [forces[strip] * scale for strip in self._layout.torso_strips]
        began = lifting.update(t_s, segmenter.side, torso_pct)
        if lifting.side is None:
            return Phase.READY, None
        self._watch_pelvis(t_s, force_n, lifting.side, began, at_s)
        return lifting.phase, lifting.side

    def _swap(self, row: str, at_s: float) -> None:
        """Read a row the other way round from now on; a lift that is running is lost."""
        pairs = list(
            zip(self._mat.indices(row, "left"), self._mat.indices(row, "right"), strict=True)
        )
        if pairs[0] in self._swapped:
            self._swapped = [pair for pair in self._swapped if pair not in pairs]
        else:
            self._swapped += pairs
        self._rest.swap(pairs)
        self._history.clear()
        self._segmenter.reset()
        self._lift_phase.reset()
        strips = {index for pair in self._swapped for index in pair}
        self._events += self._strips.accuse("swapped", strips, at_s)

    def _watch_pelvis(
        self, t_s: float, force_n: FloatArray, side: Side, began: bool, at_s: float
    ) -> None:
        watch = self._watch
        if watch is None:
            return
        if began:
            rest_n = self._segmenter.rest_before(side)
            scale = 100.0 / max(float(np.nansum(np.maximum(rest_n, 0.0))), 1.0)
            self._watch_scale = scale
            times, rows = self._history.since(t_s - WATCH_BACK_S)
            watch.start(self._usable(rest_n) * scale, side, float(times[0]))
            for time_s, row in zip(times[:-1].tolist(), rows[:-1], strict=True):
                fault = watch.update(time_s, row * scale)
                if fault is not None:
                    self._events.append(WarningEvent(at_s, side, fault))
        fault = watch.update(t_s, force_n * self._watch_scale)
        if fault is not None:
            self._events.append(WarningEvent(at_s, side, fault))

    def _usable(self, rest_n: FloatArray) -> FloatArray:
        out = rest_n.copy()
        out[self._strips.unusable] = nan
        return out

    def _check_posture(self, t_s: float, rest_n: FloatArray, at_s: float) -> None:
        if t_s - self._posture_s < POSTURE_EVERY_S or not self._rest.settled:
            return
        self._posture_s = t_s
        problems, numbers = posture(self._usable(rest_n), self._layout)
        keys = tuple(problems)
        if keys != self._posture_keys:
            self._posture_keys = keys
            self._events.append(PostureEvent(at_s, problems, numbers))

    def _rep(self, trace: RepTrace, at_s: float) -> Rep:
        if self._on_trace is not None:
            self._on_trace(trace)
        judgement = NO_JUDGEMENT if self._model is None else judge(trace, self._mat, self._model)
        return rep_of(trace, judgement, self._layout, self._belly.numbers(trace.start_s), at_s)
