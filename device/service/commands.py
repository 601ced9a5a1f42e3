"""What the daemon answers: one method a command, found by its name in a table."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from device.coach.trainee import trainee_from
from device.coach.wire import plan_from
from device.errors import PronematError, RefusedError
from device.service.cue_log import CueLog
from device.service.page_sound import PageSound
from device.service.raw_ring import RawRing
from device.service.scene import counters_json
from device.service.show import Show
from device.service.stage import Stage
from device.sources.base import Source
from device.store.writer import Writer
from device.tare_file import tare_document

Answer = dict[str, Any]
Request = Mapping[str, Any]


class House(Protocol):
    """What the commands need of the loop."""

    @property
    def show(self) -> Show | None:
        """The recording that is shown; None while the mat itself is."""
        ...

    @property
    def stage(self) -> Stage:
        """What is on the page."""
        ...

    @property
    def replayed(self) -> int:
        """How many frames of the present recording, or of the last, were shown."""
        ...

    def open_show(self, request: Request) -> Show: ...

    def close_show(self) -> None: ...

    def recalibrate(self) -> str:
        """Take over the calibration that is in force on the disk; returns its name."""
        ...

    def facts(self) -> Answer:
        """Sequence, problems, and what the maintainer is needed for."""
        ...

    def test_sound(self) -> str:
        """Let every page play its test, or the buzzer beep; returns who is heard."""
        ...


class Commands:
    """Answers for one loop. `order` tells the simulated member what to do; None where nobody is
    simulated."""

    def __init__(
        self,
        *,
        house: House,
        mat: Stage,
        source: Source,
        writer: Writer,
        ring: RawRing,
        cues: CueLog,
        page_sound: PageSound,
        order: Callable[[str], None] | None,
    ) -> None:
        self._house = house
        self._mat = mat
        self._source = source
        self._writer = writer
        self._ring = ring
        self._cues = cues
        self._page_sound = page_sound
        self._order = order
        self._began_s = time.monotonic()
        self._handlers: dict[str, Callable[[Request], Answer | None]] = {
            "snapshot": lambda _: self._house.facts() | self._house.stage.json(),
            "status": self._status,
            "start": self._start,
            "stop": self._stop,
            "tare": self._tare,
            "reload_calibration": self._reload_calibration,
            "calibrating": self._calibrating,
            "acknowledge": self._acknowledge,
            "decline": self._decline,
            "identify": self._identify,
            "choose": self._choose,
            "sound_on": lambda _: self._page_sound.tell(True),
            "sound_off": lambda _: self._page_sound.tell(False),
            "sound_test": lambda _: {"heard_by": self._house.test_sound()},
            "cue_log": lambda _: {"cues": self._cues.json()},
            "frames": self._frames,
            "replay": self._replay,
            "replay_frames": self._replay_frames,
            "member": self._member,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to a request; raises `PronematError` with the reason why not."""
        handler = self._handlers.get(str(request.get("command")))
        if handler is None:
            first, *names = self._handlers
            raise PronematError(
                f"the daemon knows no command {request.get('command')!r}; it knows {first}, "
                f"events_since, {', '.join(names[:-1])} and, in the demonstration, {names[-1]}."
            )
        answer = handler(request)
        if answer is not None:
            return answer
        stage = self._house.stage
        return {"session": stage.session_json(), "visit": stage.coach.visit.value}

    def _status(self, _: Request) -> Answer:
        scene = self._mat.scene
        return {
            **self._house.facts(),
            "run": self._house.stage.scene.run,
            "source": scene.source,
            "simulated": scene.simulated,
            "calibration": scene.calibration.name,
            "calibrated": scene.calibration.calibrated,
            "running_s": round(time.monotonic() - self._began_s, 1),
            "phase": self._mat.phase.value,
            "visit": self._mat.coach.visit.value,
            "session": self._mat.session_json(),
            "replaying": self._house.show is not None,
            "replayed": self._house.replayed,
            "unwritten": self._writer.waiting,
            **counters_json(self._source.counters()),
        }

    def _free(self) -> Stage:
        """The mat's stage, while no recording is shown on top of it."""
        if self._house.show is not None:
            raise RefusedError("a recording is shown on the mat's page; end it by 'pronemat stop'.")
        return self._mat

    def _members(self) -> Stage:
        """The mat's stage, while it is for members."""
        mat = self._free()
        mat.calibrating.refuse()
        return mat

    def _start(self, _: Request) -> None:
        mat = self._members()
        mat.follow(mat.coach.start(mat.at_s))

    def _stop(self, _: Request) -> None:
        if self._house.show is not None:
            self._house.close_show()
            return
        self._mat.follow(self._mat.coach.stop(self._mat.at_s))

    def _acknowledge(self, _: Request) -> None:
        mat = self._members()
        mat.follow(mat.coach.acknowledge(mat.at_s))

    def _decline(self, _: Request) -> None:
        mat = self._free()
        mat.follow(mat.coach.decline(mat.at_s))

    def _identify(self, request: Request) -> None:
        mat = self._members()
        mat.follow(mat.coach.identify(mat.at_s, trainee_from(request)))

    def _choose(self, request: Request) -> None:
        mat = self._free()
        plan, by_trainer = plan_from(request.get("plan")), request.get("by") == "trainer"
        mat.follow(mat.coach.choose(mat.at_s, plan, by_trainer=by_trainer))

    def _tare(self, _: Request) -> Answer:
        """Whoever asked keeps the zero for the next start: no disk may hold up the loop."""
        mat = self._free()
        if mat.coach.tally is not None:
            raise RefusedError(
                "a session is running; end it with 'pronemat stop', let the mat be empty and tare "
                "again."
            )
        refused = mat.core.tare()
        if refused is not None:
            raise RefusedError(refused)
        calibration = mat.scene.calibration
        return {"source": mat.scene.source} | tare_document(calibration, mat.core.zero_n)

    def _reload_calibration(self, _: Request) -> Answer:
        mat = self._free()
        if mat.coach.tally is not None:
            raise RefusedError(
                "a session is running, which ends with the calibration it began with; end it with "
                "'pronemat stop'."
            )
        return {"calibration": self._house.recalibrate()}

    def _calibrating(self, request: Request) -> Answer:
        seconds = request.get("seconds")
        if not isinstance(seconds, int | float):
            raise RefusedError("a calibration is announced for some seconds.")
        self._free().lease(str(request.get("by")), str(request.get("person")), float(seconds))
        return {}

    def _frames(self, _: Request) -> Answer:
        return {"frames": base64.b64encode(self._ring.recording()).decode("ascii")}

    def _replay(self, request: Request) -> Answer:
        self._free()
        return self._room(self._house.open_show(request))

    def _replay_frames(self, request: Request) -> Answer:
        show = self._house.show
        if show is None:
            raise RefusedError("the recording is no longer shown: it was stopped at the mat.")
        show.put(request.get("frames"), complete=request.get("complete") is True)
        return self._room(show)

    def _room(self, show: Show) -> Answer:
        return {"room": show.room, "played": show.played}

    def _member(self, request: Request) -> None:
        if self._order is None:
            raise PronematError("nobody is simulated here; start the daemon with --source demo.")
        self._order(str(request.get("do")))
