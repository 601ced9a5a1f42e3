"""The daemon's end of the stream: publishes, remembers recent events, answers commands.

It belongs to one thread and never waits: a message that a slow reader has no room for is dropped
for that reader, who sees the gap in the sequence and asks for the events it lacks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import zmq

from device.core.types import Frame
from device.errors import PronematError, StreamError
from device.stream.messages import (
    EVENT,
    FRAME,
    LIVE,
    commands_address,
    decode,
    encode,
    events_address,
    pack_frame,
)

REMEMBERED_EVENTS = 1000
"""Events kept for clients that come back: some ten an exercised rep, so a quarter of an hour's
lifting; who was away longer gets a snapshot."""
QUEUED_MESSAGES = 4000
"""Messages kept for one slow reader: half a minute of full-rate frames for a recorder."""

COMMANDS_A_FRAME = 10
"""Ten answers take about a millisecond of a frame's ten."""

Answer = dict[str, Any]


class StreamServer:
    """Publishes for one run of the daemon, named by `run`. Close it when done.

    Binding takes the sockets over from whoever had them, so hold the daemon's lock before.
    """

    def __init__(self, endpoint: str, run: str, remembered_events: int = REMEMBERED_EVENTS) -> None:
        self.run = run
        self.sequence = 0
        self._log: deque[tuple[int, dict[str, Any]]] = deque(maxlen=remembered_events)
        events, commands = events_address(endpoint), commands_address(endpoint)
        self._context = zmq.Context()
        self._events = self._bound(zmq.PUB, events)
        self._commands = self._bound(zmq.ROUTER, commands)

    def begin_run(self, run: str) -> None:
        """Another run from here on: who listens gets a snapshot, for what was before is past."""
        self.run = run
        self._log.clear()

    def publish_event(self, event: Mapping[str, Any], utc: str) -> int:
        """Send an event and remember it; returns its sequence number within this run."""
        self.sequence += 1
        envelope = {"run": self.run, "sequence": self.sequence, "utc": utc, "event": dict(event)}
        self._log.append((self.sequence, envelope))
        self._publish(EVENT, encode(envelope))
        return self.sequence

    def publish_live(self, live: Mapping[str, Any]) -> None:
        """Send a live frame. It carries the latest event's number, so that a client which missed
        that event learns of it now and not at the next one."""
        self._publish(LIVE, encode({"run": self.run, "sequence": self.sequence, **live}))

    def publish_frame(self, frame: Frame) -> None:
        """Send a raw frame; without a subscriber it costs a few microseconds."""
        self._publish(FRAME, pack_frame(frame))

    def answer_commands(self, handle: Callable[[Mapping[str, Any]], Answer]) -> None:
        """Answer the commands that wait, `events_since` here and all others by `handle`. Of a
        flood only a few are answered before the next frame.

        `handle` gets the request and returns the answer; a `PronematError` it raises is answered
        as `{"ok": false}` with its sentence.
        """
        for _ in range(COMMANDS_A_FRAME):
            if not int(self._commands.get(zmq.EVENTS)) & zmq.POLLIN:
                return
            *envelope, body = self._commands.recv_multipart(zmq.NOBLOCK)
            try:
                request = decode(body)
                if request.get("command") == "events_since":
                    answer = self._events_since(request)
                else:
                    answer = {"ok": True, **handle(request)}
            except PronematError as error:
                answer = {"ok": False, "error": str(error)}
            # A client that gave up meanwhile, or takes nothing in, loses its answer.
            with suppress(zmq.Again):
                self._commands.send_multipart([*envelope, encode(answer)], zmq.NOBLOCK)

    def close(self) -> None:
        """Send what is queued, for at most 100 ms, and free the sockets."""
        for socket in (self._events, self._commands):
            socket.close(linger=100)
        self._context.term()

    def _events_since(self, request: Mapping[str, Any]) -> Answer:
        """The events after `sequence` of `run`, or `snapshot: true` where they are not known."""
        since = request.get("sequence")
        if not isinstance(since, int):
            raise StreamError("events_since needs the 'run' and the 'sequence' of the last event.")
        oldest = self._log[0][0] if self._log else self.sequence + 1
        if request.get("run") != self.run or not oldest - 1 <= since <= self.sequence:
            return {"ok": False, "snapshot": True, "error": "these events are no longer known."}
        events = [envelope for number, envelope in self._log if number > since]
        return {"ok": True, "run": self.run, "sequence": self.sequence, "events": events}

    def _publish(self, topic: bytes, body: bytes) -> None:
        self._events.send_multipart([topic, body], zmq.NOBLOCK, copy=True)

    def _bound(self, kind: int, address: str) -> zmq.Socket[bytes]:
        path = Path(address.removeprefix("ipc://"))
        socket = self._context.socket(kind)
        socket.set(zmq.SNDHWM, QUEUED_MESSAGES)
        try:
            if path.exists() and not path.is_socket():
                raise StreamError(f"{path} is in the way of the daemon's socket; remove it.")
            path.parent.mkdir(parents=True, exist_ok=True)
            socket.bind(address)
        except StreamError:
            self._context.destroy(linger=0)
            raise
        except (zmq.ZMQError, OSError) as error:
            self._context.destroy(linger=0)
            raise StreamError(
                f"the socket {path} cannot be opened: {error.strerror}; give the daemon a "
                "directory it may write as 'run' under [paths]."
            ) from None
        return socket
