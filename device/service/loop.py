"""The daemon's one loop: a frame goes through the core and the coach, and what comes out is
published at once, then handed to panel and writer. Commands are answered between two frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from device.coach.coach import Coach
from device.coach.events import CoachEvent, End
from device.core.types import Frame, Phase
from device.errors import RefusedError
from device.service.boot_findings import BootFindings
from device.service.commands import Commands
from device.service.cue_log import CueLog
from device.service.logbook import Logbook
from device.service.moments import stamp
from device.service.outlets import MatOutlet
from device.service.page_sound import PageSound
from device.service.raw_ring import RawRing
from device.service.recalibration import Recalibration, calibration_used
from device.service.scene import Scene, chip_problems, strip_problems
from device.service.show import Show
from device.service.stage import Core, Stage
from device.service.systemd import Notifier
from device.service.traces import TraceKeeper
from device.sources.base import Source
from device.store.records import Moment, Record
from device.store.writer import Writer
from device.stream.server import StreamServer

LIVE_PERIOD_S = 1 / 60
"""As often as a screen draws. At 30 a second a pressed strip waits 17 ms for its turn on average,
half of the whole way to the page."""
HEALTH_PERIOD_S = 0.5
"""How often chips, disk and frame rate are looked at."""

OpenStage = Callable[[Mapping[str, Any], "Loop"], Show]
"""Makes the show that a `replay` request asks for."""


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
        traces: TraceKeeper | None = None,
        findings: BootFindings | None = None,
        ring: RawRing | None = None,
        open_show: OpenStage | None = None,
        recalibration: Recalibration | None = None,
    ) -> None:
        """`order` tells the simulated member what to do; None where nobody is simulated. `notes`
        are sentences for the maintainer that stay for the whole run. `traces` is what `core`
        shows its reps to. Without `open_show` no recording can be shown, without `recalibration` no
        calibration taken over."""
        self._source = source
        self._writer = writer
        self._server = server
        self._panel = panel
        self._notifier = notifier
        self._now = now
        self._notes = notes
        self._findings = findings
        self._open_show = open_show
        self._recalibration = recalibration
        self._mat = Stage(
            scene=scene,
            core=core,
            coach=coach,
            logbook=logbook,
            now=now,
            outlet=MatOutlet(self),
            traces=traces,
        )
        self._ring = RawRing(scene.calibration.mat) if ring is None else ring
        self._cues = CueLog()
        self._page_sound = PageSound()
        self._commands = Commands(
            house=self,
            mat=self._mat,
            source=source,
            writer=writer,
            ring=self._ring,
            cues=self._cues,
            page_sound=self._page_sound,
            order=order,
        )
        self._show: Show | None = None
        self._replayed = 0
        self._runs = 0
        self._live_due_s = self._health_due_s = float("-inf")
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
        reason = End.ASKED if self._ending else End.SOURCE
        self._mat.finish(None if self._keep_session else reason)
        self._hand_on()

    def end(self, *, keep_session: bool) -> None:
        """Let `run` return after the frame it is at; may be called from a signal handler.

        With `keep_session` an open session is left open, for the next run to go on with.
        """
        self._ending, self._keep_session = True, keep_session
        self._source.close()

    @property
    def show(self) -> Show | None:
        """The recording that is shown in place of the mat."""
        return self._show

    @property
    def stage(self) -> Stage:
        """What is on the page."""
        return self._mat if self._show is None else self._show.stage

    @property
    def replayed(self) -> int:
        """How many frames of the present recording, or of the last, were shown."""
        return self._replayed if self._show is None else self._show.played

    def facts(self) -> dict[str, Any]:
        """What is so whatever is on the page."""
        return {
            "sequence": self._server.sequence,
            "problems": self._problems,
            "calibrating": self._mat.calibrating.person,
            "maintainer": self._maintainer(),
        }

    def publish(self, event: Mapping[str, Any], at: Moment) -> None:
        """Onto the stream."""
        self._server.publish_event(event, stamp(at.utc))

    def hear(self, event: CoachEvent, phase: Phase, at: Moment) -> None:
        """Into the log of cues now, to the panel after the frame."""
        self._cues.hear(event, stamp(at.utc), phase)
        self._unheard.append(event)

    def write(self, record: Record) -> None:
        """To the store after the frame."""
        self._unwritten.append(record)

    def open_show(self, request: Mapping[str, Any]) -> Show:
        """Show a recording in place of the mat; refused while somebody is there."""
        if self._open_show is None:
            raise RefusedError("this daemon plays a recording itself; it shows no other.")
        if self._mat.phase is not Phase.EMPTY or self._mat.coach.tally is not None:
            raise RefusedError("somebody is on the mat; show the recording when it is empty.")
        self._show = self._open_show(request, self)
        self._server.begin_run(self._show.stage.scene.run)
        return self._show

    def close_show(self) -> None:
        """The mat is on the page again, for the page as after a restart."""
        self._replayed = self.replayed
        self._show = None
        self._begin_anew()

    def recalibrate(self) -> str:
        """Take over the calibration in force on the disk; for the page as after a restart."""
        if self._recalibration is None:
            raise RefusedError("a recording keeps the calibration that was given with it.")
        calibration = self._recalibration.load()
        record = calibration_used(calibration, self._now())
        if record is not None:
            self.write(record)
        digest = None if record is None else record.digest
        self._mat.recalibrate(calibration, self._recalibration.core(calibration), digest)
        self._begin_anew()
        return calibration.name

    def _begin_anew(self) -> None:
        """Every page forgets what it knows of the mat."""
        self._runs += 1
        mat = self._mat
        mat.scene = mat.scene.again(self._runs)
        self._server.begin_run(mat.scene.run)

    def test_sound(self) -> str:
        """Let every page play its test, or the buzzer beep; returns who is heard."""
        self.publish({"event": "sound_test"}, self._now())
        if self._page_sound.sounds:
            return "page"
        if self._panel is None:
            return "nobody"
        self._panel.test()
        return "panel"

    def _frame(self, frame: Frame) -> None:
        mat = self._mat
        first, fresh = mat.last_s is None, frame.t_s != mat.last_s
        mat.frame(frame.t_s, frame.counts)
        self._server.publish_frame(frame)
        self._ring.add(frame)
        if self._show is not None:
            self._show.play()
            if self._show.over or mat.phase is not Phase.EMPTY:
                self.close_show()
        now_s = time.monotonic()
        if now_s >= self._health_due_s:
            self._health_due_s = now_s + HEALTH_PERIOD_S
            self._look_after(now_s)
        if now_s >= self._live_due_s:
            self._live_due_s = max(self._live_due_s + LIVE_PERIOD_S, now_s)
            self._server.publish_live(self.stage.live_json(self._frames_per_s))
        if self._panel is not None and self._panel.pressed():
            self._toggle()
        self._server.answer_commands(self._commands.answer)
        self._hand_on()
        if first:
            self._notifier.ready()
        if fresh:
            self._notifier.feed(now_s)

    def _hand_on(self) -> None:
        """Give the panel and the writer what was published, which must not wait for them."""
        if self._panel is not None:
            for event in self._unheard:
                self._panel.heard(event, by_page=self._page_sound.sounds)
        for record in self._unwritten:
            self._writer.put(record)
        self._unheard.clear()
        self._unwritten.clear()

    def _look_after(self, now_s: float) -> None:
        """Once in a while: how fast the frames come, and what is wrong."""
        counters = self._source.counters()
        self._frames_per_s = counters.frames_per_s
        problems = [
            *self._mat.calibrating.problems(),
            *chip_problems(counters),
            *strip_problems(self._mat.bad_strips),
        ]
        if self._writer.problem is not None:
            problems.append(self._writer.problem)
        if problems != self._problems:
            self._problems = problems
            self.publish({"event": "problems", "problems": problems}, self._now())
        if self._findings is not None and self._findings.look(now_s):
            self.publish({"event": "maintainer", "maintainer": self._maintainer()}, self._now())
        if self._panel is not None:
            self._panel.show(
                in_session=self._mat.coach.tally is not None,
                trouble=bool(problems),
                phase=self._mat.phase,
            )

    def _maintainer(self) -> list[str]:
        found = () if self._findings is None else self._findings.sentences
        return [*self._notes, *found]

    def _toggle(self) -> None:
        """The one button: to the end of a recording that is shown, else for who trains."""
        if self._show is not None:
            self.close_show()
        else:
            self._mat.button()
