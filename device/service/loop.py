"""The daemon's one loop: a frame goes through the core and the coach, and what comes out is
published at once, then handed to the writer. Commands are answered between two frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
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
from device.coach.wire import advice_json
from device.core.types import (
    Event,
    FloatArray,
    Frame,
    Live,
    Phase,
    PhaseEvent,
    PostureEvent,
    StripEvent,
    event_json,
)
from device.errors import PronematError
from device.service.logbook import Logbook
from device.service.moments import stamp
from device.service.page_sound import PageSound
from device.service.scene import (
    Scene,
    chip_problems,
    counters_json,
    live_json,
    session_json,
    strip_problems,
)
from device.service.systemd import Notifier
from device.sources.base import Source
from device.store.records import Moment, Record
from device.store.writer import Writer
from device.stream.server import StreamServer

LIVE_PERIOD_S = 1 / 60
"""As often as a screen draws. At 30 a second a pressed strip waits 17 ms for its turn on average,
half of the whole way to the page."""
HEALTH_PERIOD_S = 0.5
"""How often chips, disk and frame rate are looked at."""


class Core(Protocol):
    """What the loop needs of `device.core.pipeline.Pipeline`."""

    def step(self, t_s: float, counts: FloatArray) -> tuple[Event, ...]: ...

    def finish(self) -> tuple[Event, ...]: ...

    def live(self) -> Live: ...

    def tare(self) -> str | None: ...


class PanelView(Protocol):
    """What the loop needs of the panel; see `device.service.panel_view`."""

    def heard(self, event: CoachEvent, *, by_page: bool) -> None: ...

    def test(self) -> None: ...

    def show(self, *, in_session: bool, trouble: bool, phase: Phase) -> None: ...

    def pressed(self) -> bool: ...


class Loop:
    """Runs until the source ends or `end` is called. It reads no settings and opens nothing."""

    def __init__(
        self,
        *,
        scene: Scene,
        source: Source,
        core: Core,
        coach: Coach,
        logbook: Logbook,
        writer: Writer,
        server: StreamServer,
        panel: PanelView | None,
        notifier: Notifier,
        now: Callable[[], Moment],
        order: Callable[[str], None] | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        """`order` tells the simulated member what to do; None where nobody is simulated. `notes`
        are sentences that stand first among the problems for the whole run."""
        self._scene = scene
        self._mat = scene.calibration.mat
        self._source = source
        self._core = core
        self._coach = coach
        self._logbook = logbook
        self._writer = writer
        self._server = server
        self._panel = panel
        self._notifier = notifier
        self._now = now
        self._order = order
        self._notes = notes
        self._began_s = time.monotonic()
        self._live_due_s = self._health_due_s = float("-inf")
        self._frame_s: float | None = None
        self._page_sound = PageSound()
        self._phase = PhaseEvent(0.0, Phase.EMPTY)
        self._posture: PostureEvent | None = None
        self._bad_strips: dict[str, str] = {}
        self._problems: list[str] = []
        self._frames_per_s = 0.0
        self._ending = False
        self._keep_session = False
        self._unheard: list[CoachEvent] = []
        self._unwritten: list[Record] = []

    def run(self) -> None:
        """Handle frames until the end; then say and store what is finished."""
        for frame in self._source.frames():
            self._frame(frame)
            if self._ending:
                break
        self._notifier.stopping()
        self._take(self._core.finish())
        if not self._keep_session:
            reason = End.ASKED if self._ending else End.SOURCE
            self._follow(self._coach.stop(self._frame_s or 0.0, reason))
        self._hand_on()

    def end(self, *, keep_session: bool) -> None:
        """Let `run` return after the frame it is at; may be called from a signal handler.

        With `keep_session` an open session is left open, for the next run to go on with.
        """
        self._ending, self._keep_session = True, keep_session
        self._source.close()

    def _frame(self, frame: Frame) -> None:
        first, fresh = self._frame_s is None, frame.t_s != self._frame_s
        self._frame_s = frame.t_s
        self._take(self._core.step(frame.t_s, frame.counts))
        self._follow(self._coach.advance(frame.t_s))
        self._server.publish_frame(frame)
        now_s = time.monotonic()
        if now_s >= self._health_due_s:
            self._health_due_s = now_s + HEALTH_PERIOD_S
            self._look_after()
        if now_s >= self._live_due_s:
            self._live_due_s = max(self._live_due_s + LIVE_PERIOD_S, now_s)
            live = live_json(self._core.live(), self._mat, self._frames_per_s)
            self._server.publish_live(live)
        if self._panel is not None and self._panel.pressed():
            self._toggle()
        self._server.answer_commands(self._answer)
        self._hand_on()
        if first:
            self._notifier.ready()
        if fresh:
            self._notifier.feed(now_s)

    def _take(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case PhaseEvent():
                    self._phase = event
                    if event.phase is Phase.EMPTY:
                        self._posture = None
                case PostureEvent():
                    self._posture = event
                case StripEvent(problem=None):
                    self._bad_strips.pop(event.sensor, None)
                case StripEvent(problem=str() as problem):
                    self._bad_strips[event.sensor] = problem
            self._publish(event_json(event))
            self._follow(self._coach.take(event))

    def _follow(self, events: Iterable[CoachEvent]) -> None:
        for event in events:
            at = self._now()
            ending_id = self._logbook.session_id
            self._unwritten += self._logbook.note(event, at)
            self._unheard.append(event)
            body = coach_event_json(event)
            if isinstance(event, SessionStarted):
                body["id"] = str(self._logbook.session_id)
            elif isinstance(event, SessionEnded):
                body["id"] = str(ending_id)
            self._server.publish_event(body, stamp(at.utc))

    def _hand_on(self) -> None:
        """Give the panel and the writer what was published, which must not wait for them."""
        if self._panel is not None:
            for event in self._unheard:
                self._panel.heard(event, by_page=self._page_sound.sounds)
        for record in self._unwritten:
            self._writer.put(record)
        self._unheard.clear()
        self._unwritten.clear()

    def _publish(self, event: Mapping[str, Any]) -> None:
        self._server.publish_event(event, stamp(self._now().utc))

    def _look_after(self) -> None:
        """Once in a while: how fast the frames come, and what is wrong."""
        counters = self._source.counters()
        self._frames_per_s = counters.frames_per_s
        problems = [
            *self._notes,
            *chip_problems(counters),
            *strip_problems(self._bad_strips),
        ]
        if self._writer.problem is not None:
            problems.append(self._writer.problem)
        if problems != self._problems:
            self._problems = problems
            self._publish({"event": "problems", "problems": problems})
        if self._panel is not None:
            self._panel.show(
                in_session=self._coach.tally is not None,
                trouble=bool(problems),
                phase=self._phase.phase,
            )

    def _toggle(self) -> None:
        """The one button: start when there is no session, else stop. Of somebody who has just been
        told what the safety page says, it is the answer."""
        at_s = self._frame_s or 0.0
        if self._coach.tally is not None:
            self._follow(self._coach.stop(at_s))
        elif self._coach.visit is VisitState.ASKED:
            self._follow(self._coach.acknowledge(at_s))
        else:
            self._follow(self._coach.start(at_s))

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        at_s = self._frame_s or 0.0
        match request.get("command"):
            case "snapshot":
                return self._snapshot()
            case "status":
                return self._status()
            case "start":
                self._follow(self._coach.start(at_s))
            case "stop":
                self._follow(self._coach.stop(at_s))
            case "acknowledge":
                self._follow(self._coach.acknowledge(at_s))
            case "decline":
                self._follow(self._coach.decline(at_s))
            case "tare":
                if self._coach.tally is not None:
                    raise PronematError(
                        "a session is running; end it with 'pronemat stop', let the mat be empty "
                        "and tare again."
                    )
                refused = self._core.tare()
                if refused is not None:
                    raise PronematError(refused)
            case "sound_on" | "sound_off" as told:
                self._page_sound.tell(told == "sound_on")
            case "sound_test":
                return {"heard_by": self._test_sound()}
            case "member":
                self._order_member(request.get("do"))
            case other:
                raise PronematError(
                    f"the daemon knows no command {other!r}; it knows snapshot, events_since, "
                    "status, start, stop, tare, acknowledge, decline, sound_on, sound_off, "
                    "sound_test and, in the demonstration, member."
                )
        return {"session": self._session(), "visit": self._coach.visit.value}

    def _test_sound(self) -> str:
        """Let every page play its test, or the buzzer beep; returns who is heard."""
        self._publish({"event": "sound_test"})
        if self._page_sound.sounds:
            return "page"
        if self._panel is None:
            return "nobody"
        self._panel.test()
        return "panel"

    def _order_member(self, what: object) -> None:
        if self._order is None:
            raise PronematError("nobody is simulated here; start the daemon with --source demo.")
        self._order(str(what))

    def _session(self) -> dict[str, Any] | None:
        session = session_json(self._logbook.session_id, self._coach.tally)
        if session is None:
            return None
        coach, at_s = self._coach, self._frame_s or 0.0
        wanted = coach.wanted
        return session | {
            "next": None if wanted is None else wanted.value,
            "rest": round(coach.rest_left_s(at_s), 1),
            "left": coach.sets_left,
            "advice": advice_json(coach.advice),
        }

    def _snapshot(self) -> dict[str, Any]:
        phase = self._phase
        return {
            **self._scene.json(),
            "sequence": self._server.sequence,
            "phase": phase.phase.value,
            "side": None if phase.side is None else phase.side.value,
            "posture": None if self._posture is None else event_json(self._posture),
            "visit": self._coach.visit.value,
            "session": self._session(),
            "strips": self._bad_strips,
            "problems": self._problems,
        }

    def _status(self) -> dict[str, Any]:
        scene = self._scene
        return {
            "run": scene.run,
            "source": scene.source,
            "simulated": scene.simulated,
            "calibration": scene.calibration.name,
            "calibrated": scene.calibration.calibrated,
            "running_s": round(time.monotonic() - self._began_s, 1),
            "phase": self._phase.phase.value,
            "visit": self._coach.visit.value,
            "session": self._session(),
            "unwritten": self._writer.waiting,
            "problems": self._problems,
            **counters_json(self._source.counters()),
        }
