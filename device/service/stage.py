"""One stream of frames becomes events: through the core and the coach, with what was last true.

The mat has a stage for as long as the daemon runs; a recording that is shown on the page has one of
its own, so that neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from device.coach.coach import Coach
from device.coach.events import (
    CoachEvent,
    End,
    SessionEnded,
    SessionStarted,
    VisitState,
    coach_event_json,
)
from device.coach.wire import advice_json, plan_json
from device.core.calibration import Calibration
from device.core.types import (
    Event,
    FloatArray,
    Live,
    Phase,
    PhaseEvent,
    PostureEvent,
    Rep,
    StripEvent,
    event_json,
)
from device.errors import RefusedError
from device.service.calibrating import Calibrating
from device.service.logbook import Logbook
from device.service.scene import Scene, live_json, session_json
from device.service.traces import TraceKeeper
from device.store.records import Moment, Record, RepDone, RepTrace


class Core(Protocol):
    """What a stage needs of `device.core.pipeline.Pipeline`."""

    def step(self, t_s: float, counts: FloatArray) -> tuple[Event, ...]: ...

    def finish(self) -> tuple[Event, ...]: ...

    def live(self) -> Live: ...

    def tare(self) -> str | None: ...

    @property
    def zero_n(self) -> tuple[float, ...]: ...


class Outlet(Protocol):
    """Where a stage's events go."""

    def publish(self, event: Mapping[str, Any], at: Moment) -> None:
        """Onto the stream, at once."""
        ...

    def hear(self, event: CoachEvent, phase: Phase, at: Moment) -> None:
        """To whatever sounds."""
        ...

    def write(self, record: Record) -> None:
        """To the store, when there is time."""
        ...


class Stage:
    """`traces` is given each rep's course by `core`; None where no traces are kept."""

    def __init__(
        self,
        *,
        scene: Scene,
        core: Core,
        coach: Coach,
        logbook: Logbook,
        now: Callable[[], Moment],
        outlet: Outlet,
        traces: TraceKeeper | None = None,
    ) -> None:
        self.scene = scene
        self.coach = coach
        self.core = core
        self.bad_strips: dict[str, str] = {}
        self.calibrating = Calibrating()
        self._logbook = logbook
        self._now = now
        self._outlet = outlet
        self._traces = traces
        self._trace: dict[str, Any] | None = None
        self._phase = PhaseEvent(0.0, Phase.EMPTY)
        self._posture: PostureEvent | None = None
        self._frame_s: float | None = None

    @property
    def phase(self) -> Phase:
        """The phase at the last frame."""
        return self._phase.phase

    @property
    def at_s(self) -> float:
        """The time of the last frame; 0 before the first."""
        return self._frame_s or 0.0

    @property
    def last_s(self) -> float | None:
        """The time of the last frame; None before the first."""
        return self._frame_s

    def frame(self, t_s: float, counts: FloatArray) -> None:
        """Take one frame."""
        self._frame_s = t_s
        self._take(self.calibrating.left(self.core.step(t_s, counts)))
        self.follow(self.coach.advance(t_s))

    def finish(self, end: End | None) -> None:
        """No frame follows: say what is finished, and end the session unless `end` is None."""
        self._take(self.calibrating.left(self.core.finish()))
        if end is not None:
            self.follow(self.coach.stop(self.at_s, end))

    def lease(self, by: str, person: str, seconds: float) -> None:
        """Somebody calibrates the mat for the next seconds, or does no more: to the coach it is
        empty meanwhile."""
        if self.coach.tally is not None:
            raise RefusedError(
                "a session is running; end it with 'pronemat stop', let the mat be empty and begin "
                "again."
            )
        before = self.calibrating.going_on
        self.calibrating.lease(by, person, seconds, self.phase)
        if self.calibrating.going_on and not before:
            self._take((PhaseEvent(self.at_s, Phase.EMPTY),))

    def button(self) -> None:
        """The one button: start when there is no session, else stop. Of somebody who has just been
        told what the safety page says, it is the answer."""
        coach, at_s = self.coach, self.at_s
        if coach.tally is not None:
            self.follow(coach.stop(at_s))
        elif self.calibrating.going_on:
            return
        elif coach.visit is VisitState.ASKED:
            self.follow(coach.acknowledge(at_s))
        else:
            self.follow(coach.start(at_s))

    def recalibrate(self, calibration: Calibration, core: Core, digest: str | None) -> None:
        """Read the strips by another calibration from the next frame on; no session may be open."""
        self.scene = replace(self.scene, calibration=calibration)
        self.core = core
        self.calibrating.forget()
        self.bad_strips.clear()
        self._logbook.use(digest)
        # The new core knows of nobody on the mat yet.
        self._take((PhaseEvent(self.at_s, Phase.EMPTY),))

    def follow(self, events: Iterable[CoachEvent]) -> None:
        """Publish what the coach decided, let it be heard and written."""
        for event in events:
            at = self._now()
            ending_id = self._logbook.session_id
            records = self._logbook.note(event, at)
            body = coach_event_json(event)
            if isinstance(event, SessionStarted):
                body["id"] = str(self._logbook.session_id)
            elif isinstance(event, SessionEnded):
                body["id"] = str(ending_id)
            for record in records:
                if isinstance(record, RepDone):
                    body["id"] = str(record.id)
            self._outlet.publish(body, at)
            self._outlet.hear(event, self.phase, at)
            for record in records:
                self._outlet.write(record)
                if isinstance(record, RepDone) and self._trace is not None:
                    self._outlet.write(RepTrace(record.id, self._trace, at))

    def live_json(self, frames_per_s: float) -> dict[str, Any]:
        """This moment."""
        live = live_json(self.core.live(), self.scene.calibration.mat, frames_per_s)
        if self.calibrating.going_on:
            live |= {"phase": self.phase.value, "side": None}
        return live

    def session_json(self) -> dict[str, Any] | None:
        """The session as it stands; None while there is none."""
        coach = self.coach
        session = session_json(self._logbook.session_id, coach.tally)
        if session is None:
            return None
        wanted = coach.wanted
        return session | {
            "next": None if wanted is None else wanted.value,
            "rest": round(coach.rest_left_s(self.at_s), 1),
            "left": coach.sets_left,
            "advice": advice_json(coach.advice),
        }

    def json(self) -> dict[str, Any]:
        """Everything that a page needs to draw itself of this stage."""
        phase, trainee, plan = self._phase, self.coach.trainee, self.coach.plan
        return {
            **self.scene.json(),
            "phase": phase.phase.value,
            "side": None if phase.side is None else phase.side.value,
            "posture": None if self._posture is None else event_json(self._posture),
            "visit": self.coach.visit.value,
            "member": None if trainee.member is None else trainee.member.json(),
            "plan": None if plan is None else plan_json(plan),
            "offer": trainee.offer,
            "before": trainee.before,
            "session": self.session_json(),
            "strips": self.bad_strips,
        }

    def _take(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case PhaseEvent():
                    self._phase = event
                    if self._traces is not None:
                        self._traces.phase(event)
                    if event.phase is Phase.EMPTY:
                        self._posture = None
                case PostureEvent():
                    self._posture = event
                    self._logbook.lies(event)
                case StripEvent(problem=None):
                    self.bad_strips.pop(event.sensor, None)
                case StripEvent(problem=str() as problem):
                    self.bad_strips[event.sensor] = problem
            self._outlet.publish(event_json(event), self._now())
            if isinstance(event, Rep) and self._traces is not None:
                self._trace = self._traces.document()
            self.follow(self.coach.take(event))
            self._trace = None
