"""The mat's frames for whoever calibrates it: the running daemon's, else a bus's of one's own.

Never two owners: where a daemon holds the run directory, the bus is left to it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from secrets import token_hex
from typing import Any, Protocol

from device.calibrations.lock import user_name
from device.config import Settings
from device.core.mat import Mat
from device.core.types import Frame
from device.errors import CalibrationError, PronematError, StreamError
from device.service.lock import DirectoryLock
from device.sources.base import Source
from device.sources.demo import open_demo
from device.sources.mat import open_mat
from device.stream.client import StreamClient

LOOK_S = 0.2
QUEUED_FRAMES = 12_000
"""Two minutes: more than any screen stands still."""
END_WITHIN_S = 2.0
RESTART = "the daemon takes it when it is started again"
LEASE_S, RENEWED_EVERY_S = 4.0, 1.0
"""The daemon takes no weight for a member so long, and is told again so often."""


class Feed(Protocol):
    """Frames as they come, without waiting; and the simulated mat's hand."""

    @property
    def simulated(self) -> bool: ...

    @property
    def source(self) -> str:
        """Where the frames come from, in words."""
        ...

    def poll(self) -> list[Frame]:
        """The frames since the last call; raises a `PronematError` once they cannot come."""
        ...

    def order(self, what: str) -> None:
        """Tell the simulated mat what to do; `PronematError` where nothing is simulated."""
        ...

    def in_force(self) -> str:
        """Let the daemon take the new calibration over; what became of it, in words."""
        ...


class _Threaded:
    """Reads frames in a thread of its own, so that a screen's delays lose none."""

    def __init__(self, frames: Iterator[Frame | None], mat: Mat) -> None:
        self._frames = frames
        self._mat = mat
        self._queue: deque[Frame] = deque(maxlen=QUEUED_FRAMES)
        self._error: PronematError | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
        self._thread.start()

    def poll(self) -> list[Frame]:
        found = []
        while self._queue:
            found.append(self._queue.popleft())
        if not found and self._error is not None:
            raise self._error
        return found

    def end(self) -> None:
        self._ending = True
        self._thread.join(END_WITHIN_S)

    def _run(self) -> None:
        try:
            for frame in self._frames:
                if self._ending:
                    return
                if frame is None:
                    continue
                if len(frame.counts) != len(self._mat.channels):
                    raise CalibrationError(
                        f"the daemon's mat has {len(frame.counts)} channels and this one "
                        f"{len(self._mat.channels)}; give the daemon's with --mat."
                    )
                self._queue.append(frame)
            if not self._ending:
                self._error = StreamError("no more readings come; begin again.")
        except PronematError as error:
            self._error = error


class DaemonFeed(_Threaded):
    """Through the running daemon, which takes no weight for a member meanwhile.

    Raises a `PronematError` where the daemon has other things to do.
    """

    def __init__(
        self, client: StreamClient, mat: Mat, source: str, simulated: bool, person: str
    ) -> None:
        self.source = f"the daemon ({source})"
        self.simulated = simulated
        self._client = client
        self._person = person
        self._by = token_hex(8)
        self._lease(LEASE_S)
        super().__init__(self._leased(client.frames(LOOK_S)), mat)

    def order(self, what: str) -> None:
        _asked(self._client, {"command": "member", "do": what})

    def in_force(self) -> str:
        try:
            _asked(self._client, {"command": "reload_calibration"})
        except PronematError as error:
            return f"{RESTART} ({str(error).rstrip('.')})"
        return "the daemon has it in force already"

    def close(self) -> None:
        self._client.close()
        self.end()
        with suppress(PronematError):
            self._lease(0.0)

    def _leased(self, frames: Iterator[Frame | None]) -> Iterator[Frame | None]:
        """The frames; the lease is renewed while they are asked for, be it in vain."""
        renewed_s = time.monotonic()
        for frame in frames:
            if time.monotonic() > renewed_s + RENEWED_EVERY_S:
                renewed_s = time.monotonic()
                with suppress(PronematError):  # a daemon that is started anew hears the next one
                    self._lease(LEASE_S)
            yield frame

    def _lease(self, seconds: float) -> None:
        who = {"by": self._by, "person": self._person}
        _asked(self._client, {"command": "calibrating", **who, "seconds": seconds})


class OwnFeed(_Threaded):
    """From a bus that nobody else has, or an emulated one."""

    def __init__(
        self, source: Source, mat: Mat, order: Callable[[str], None] | None = None
    ) -> None:
        self.simulated = order is not None
        self.source = "the simulated mat" if self.simulated else "the bus itself"
        self._own = source
        self._order = order
        super().__init__(source.frames(), mat)

    def order(self, what: str) -> None:
        if self._order is None:
            raise CalibrationError("nothing is simulated here: lay the weight by hand.")
        self._order(what)

    def in_force(self) -> str:
        return "a daemon that is started from now on takes it"

    def close(self) -> None:
        self._own.close()
        self.end()


@contextmanager
def open_feed(
    settings: Settings, mat: Mat, *, demo: bool = False, person: str | None = None
) -> Iterator[DaemonFeed | OwnFeed]:
    """The daemon's frames if one answers, else those of the bus; with `demo` those of an emulated
    mat of one's own, on which nobody lies. The daemon's page names `person`, else the user.

    Raises a `PronematError` where no weight can be measured: a session runs, a recording is
    replayed, another process has the bus.
    """
    with ExitStack() as stack:
        if demo:
            source = open_demo(mat, scl_hz=settings.bus.scl_hz)
            source.command("get_up")
            yield stack.enter_context(closing(OwnFeed(source, mat, source.command)))
            return
        client = StreamClient(settings.endpoint)
        try:
            status = client.status()
        except StreamError:
            stack.enter_context(DirectoryLock(settings.paths.run, "run"))
            real = open_mat(mat, settings.bus.number, settings.bus.scl_hz)
            yield stack.enter_context(closing(OwnFeed(real, mat)))
            return
        if not status["ok"]:
            raise StreamError(status["error"])
        if status["source"] == "replay":
            raise CalibrationError(
                "a recording is being replayed, on which no weight can be laid; start the daemon "
                "without --source replay."
            )
        if status["session"] is not None:
            raise CalibrationError(
                "a session is running; end it with 'pronemat stop', let the mat be empty and begin "
                "again."
            )
        simulated = bool(status["simulated"])
        feed = DaemonFeed(client, mat, str(status["source"]), simulated, person or user_name())
        yield stack.enter_context(closing(feed))


def _asked(client: StreamClient, request: dict[str, Any]) -> None:
    answer = client.command(request)
    if not answer["ok"]:
        raise CalibrationError(answer["error"])
