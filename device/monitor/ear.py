"""What the monitor listens to: the running daemon, or a mat of its own where none runs.

Both tell the same: live frames and events as the daemon's stream has them, raw frames, the status.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, Protocol

from device.athlete import dead_weight_points
from device.calibration_file import load_calibration
from device.config import Settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.core.types import FloatArray, Frame, StripEvent, event_json
from device.errors import PronematError, StreamError
from device.model_file import load_model
from device.service.lock import DirectoryLock
from device.service.scene import Scene, chip_problems, counters_json, live_json, strip_problems
from device.sources.base import Source
from device.sources.demo import open_demo
from device.sources.mat import open_mat
from device.stream.client import StreamClient
from device.stream.messages import Message
from device.tare_file import load_tare, tare_path

STEP_S = 0.03
"""How long one look at the stream may take."""
ASKED_EVERY_S = 1.0
LIVE_EVERY_S = 0.05
QUEUED = 20_000
END_WITHIN_S = 2.0
DEMO_SEED = 0

Heard = Message | Frame | Mapping[str, Any]
"""A message of the stream, a raw frame, or the status."""


class Ear(Protocol):
    """Whatever was said since the last call, without waiting."""

    def poll(self) -> list[Heard]: ...


class _Threaded(ABC):
    """Listens in a thread of its own until it is closed."""

    def __init__(self) -> None:
        self._queue: deque[Heard] = deque(maxlen=QUEUED)
        self._ending = False
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def poll(self) -> list[Heard]:
        found = []
        while self._queue:
            found.append(self._queue.popleft())
        return found

    def close(self) -> None:
        self._ending = True
        self._thread.join(END_WITHIN_S)

    @abstractmethod
    def _listen(self) -> None: ...


class DaemonEar(_Threaded):
    """The running daemon, which is not disturbed."""

    def __init__(self, client: StreamClient) -> None:
        self._client = client
        super().__init__()

    def _listen(self) -> None:
        asked_s = 0.0
        with (
            closing(self._client.events(timeout_s=STEP_S)) as messages,
            closing(self._client.frames(timeout_s=0.0)) as frames,
        ):
            for message in messages:
                if self._ending:
                    return
                self._queue.append(message)
                while (frame := next(frames)) is not None:
                    self._queue.append(frame)
                now_s = time.monotonic()
                if now_s >= asked_s + ASKED_EVERY_S and message.kind != "lost":
                    asked_s = now_s
                    with suppress(StreamError):
                        self._queue.append(self._client.command({"command": "status"}, STEP_S))


class OwnEar(_Threaded):
    """A mat that nobody else reads, judged here as the daemon would."""

    def __init__(
        self, source: Source, calibration: Calibration, zero_n: FloatArray | None = None
    ) -> None:
        """`zero_n` is what the last tare took as zero."""
        self._source = source
        self._core = Pipeline(calibration, load_model(), zero_n=zero_n)
        self._scene = Scene("", source.name, calibration)
        self._bad_strips: dict[str, str] = {}
        self._problems: list[str] = []
        super().__init__()

    def close(self) -> None:
        self._source.close()
        super().close()

    def _listen(self) -> None:
        live_s = asked_s = 0.0
        try:
            for frame in self._source.frames():
                self._queue.append(frame)
                self._step(frame)
                now_s = time.monotonic()
                if now_s >= live_s + LIVE_EVERY_S:
                    live_s = now_s
                    rate = self._source.counters().frames_per_s
                    mat = self._scene.calibration.mat
                    self._queue.append(Message("live", live_json(self._core.live(), mat, rate)))
                if now_s >= asked_s + ASKED_EVERY_S:
                    asked_s = now_s
                    self._queue.append(self._status())
        except PronematError as error:
            self._queue.append(Message("lost", {"error": str(error)}))

    def _step(self, frame: Frame) -> None:
        for event in self._core.step(frame.t_s, frame.counts):
            if isinstance(event, StripEvent):
                if event.problem is None:
                    self._bad_strips.pop(event.sensor, None)
                else:
                    self._bad_strips[event.sensor] = event.problem
            self._queue.append(Message("event", {"event": event_json(event)}))

    def _status(self) -> dict[str, Any]:
        counters = self._source.counters()
        problems = [*chip_problems(counters), *strip_problems(self._bad_strips)]
        if problems != self._problems:
            self._problems = problems
            event = {"event": "problems", "problems": problems}
            self._queue.append(Message("event", {"event": event}))
        scene = self._scene
        return {
            "source": scene.source,
            "simulated": scene.simulated,
            "calibrated": scene.calibration.calibrated,
            **counters_json(counters),
        }


@contextmanager
def open_ear(settings: Settings, mat: Mat, *, demo: bool = False) -> Iterator[Ear]:
    """The daemon if one answers, else the bus; with `demo` a simulated member of one's own.

    Raises a `PronematError` where another process has the bus, or it cannot be used.
    """
    tare = tare_path(settings, simulated=demo)
    with ExitStack() as stack:
        if demo:
            points = fit_calibration(mat, dead_weight_points(mat, DEMO_SEED), "simulated weights")
            source = open_demo(mat, DEMO_SEED, scl_hz=settings.bus.scl_hz)
            yield stack.enter_context(closing(OwnEar(source, points, load_tare(tare, points))))
            return
        client = StreamClient(settings.endpoint)
        try:
            client.status()
        except StreamError:
            stack.enter_context(DirectoryLock(settings.paths.run, "run"))
            own = load_calibration(settings.calibration_path, mat) or datasheet_calibration(mat)
            real = open_mat(mat, settings.bus.number, settings.bus.scl_hz)
            yield stack.enter_context(closing(OwnEar(real, own, load_tare(tare, own))))
            return
        yield stack.enter_context(closing(DaemonEar(client)))
