"""A daemon without a mat: the real stream server in a thread, told by a test what to publish."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from typing import Any

from device.core.mat import Mat
from device.errors import PronematError
from device.mat_file import load_mat
from device.service.scene import mat_json
from device.stream.server import StreamServer

LIVE_S = 1 / 20
"""A third of the daemon's own rate of live frames: tests share their machine."""
PATIENCE_S = 20.0

REST_N = {
    "chest": 95, "ribs": 42, "abdomen": 22, "asis": 26, "pubis": 20,
    "thigh": 34, "knee": 16, "foot": 14, "head": 52,
}  # fmt: skip
"""About what a person of 75 kg loads each strip of a row with."""


def rep(
    number: int, side: str = "left", verdict: str = "glute", faults: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A finished rep as the stream carries it."""
    start = 10.0 * number
    reason = {
        "glute": "The pelvis stayed still: it tipped 2 degrees and rolled 1.",
        "arch": "The pelvis tipped 11 degrees forward: the low back made the height.",
        "unsure": "The pelvis moved 6 degrees, between still and arched.",
    }[verdict]
    return {
        "event": "rep", "side": side, "verdict": verdict, "faults": list(faults),
        "start": start, "top": start + 2.4, "end": start + 5.4, "at": start + 5.6,
        "confidence": 0.9, "lift_s": 1.9, "hold_s": 1.6, "lower_s": 1.8,
        "numbers": {"tilt_deg": 2.0, "rotation_deg": 1.0}, "reason": reason,
    }  # fmt: skip


class FakeDaemon:
    """Speaks the stream's contract from its own thread until closed."""

    def __init__(self, endpoint: str, run: str = "run-1", **snapshot: Any) -> None:
        self.mat: Mat = load_mat()
        self.run = run
        self.commands: queue.Queue[str] = queue.Queue()
        self.requests: list[dict[str, Any]] = []
        """The same, in full."""
        self.sounds: list[str] = []
        """What pages said of their sound."""
        self.heard_by = "page"
        self.refusal = ""
        """What every control is answered with, if anything."""
        self.snapshot: dict[str, Any] = {
            "simulated": True,
            "source": "demo",
            "calibrated": False,
            "mat": mat_json(self.mat),
            "phase": "empty",
            "session": None,
            "problems": [],
            **snapshot,
        }
        self.live: dict[str, Any] = {
            "phase": "empty", "side": None, "forces_n": [0.0] * len(self.mat.sensors),
            "missing": [], "weight_n": 0.0, "tilt_pct": None, "roll_pct": None,
            "pelvis": [None, None], "cop_mm": [None, None], "frames_per_s": 150.0,
        }  # fmt: skip
        self.publish_live = True
        self._reps: list[dict[str, Any]] = []
        self._jobs: queue.Queue[dict[str, Any]] = queue.Queue()
        self._closed = threading.Event()
        self._endpoint = endpoint
        self._bound = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fake-daemon")
        self._thread.start()
        assert self._bound.wait(PATIENCE_S)

    def say(self, event: Mapping[str, Any], **snapshot: Any) -> None:
        """Publish an event; `snapshot` is what a snapshot says from then on."""
        self._jobs.put({"event": dict(event), "snapshot": snapshot})

    def phase(self, phase: str, side: str | None = None) -> None:
        """The phase changes."""
        event = {"event": "phase", "phase": phase, "at": 0.0}
        self.say(event | ({"side": side} if side else {}), phase=phase)
        self.live = self.live | {"phase": phase, "side": side}

    def lie(self, **factors: float) -> None:
        """Someone lies on the mat; a factor by strip's name changes that strip's load."""
        forces = [REST_N[sensor.row] * factors.get(sensor.name, 1.0) for sensor in self.mat.sensors]
        self.live = self.live | {
            "forces_n": forces, "weight_n": sum(forces), "cop_mm": [4.0, 60.0],
            "tilt_pct": 0.0, "roll_pct": 0.0,
        }  # fmt: skip

    def move_pelvis(self, tip: float, roll: float) -> None:
        """The pelvis has tipped and rolled by these shares of the limit."""
        self.live = self.live | {"pelvis": [tip, roll]}

    def count(self, event: Mapping[str, Any], count: int, clean: int) -> None:
        """A rep ends, is counted, and its number is let be said."""
        self._reps.append(dict(event))
        session = {
            "id": "1",
            "set": 1,
            "count": count,
            "clean": clean,
            "in_set": True,
            "reps": [*self._reps],
        }
        self.say(event, session=session)
        counted = {key: event[key] for key in ("side", "verdict", "at")}
        self.say(
            {"event": "count", "set": 1, "count": count, "clean": clean, **counted},
            session=session,
        )
        self.say({"event": "cue", "cue": "count", "text": str(count), "tone": "none"})

    def told(self) -> str:
        """The next command that a page has given; fails where none comes."""
        return self.commands.get(timeout=PATIENCE_S)

    def close(self) -> None:
        """Go away as a daemon that was killed does: nothing is said."""
        self._closed.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        server = StreamServer(self._endpoint, self.run)
        self._bound.set()
        next_live = time.monotonic()
        try:
            while not self._closed.is_set():
                server.answer_commands(lambda request: self._answer(server, request))
                try:
                    job = self._jobs.get(timeout=0.002)
                    self.snapshot.update(job["snapshot"])
                    server.publish_event(job["event"], "2026-01-01T00:00:00Z")
                except queue.Empty:
                    pass
                if self.publish_live and time.monotonic() >= next_live:
                    next_live += LIVE_S
                    server.publish_live({"t": time.monotonic(), **self.live})
        finally:
            server.close()

    def _answer(self, server: StreamServer, request: Mapping[str, Any]) -> dict[str, Any]:
        name = str(request["command"])
        if name == "snapshot":
            return {"run": self.run, "sequence": server.sequence, **self.snapshot}
        if name == "sound_test":
            return {"heard_by": self.heard_by}
        if name.startswith("sound_"):
            self.sounds.append(name)
            return {}
        self.requests.append(dict(request))
        self.commands.put(name)
        if self.refusal:
            raise PronematError(self.refusal)
        return {}
