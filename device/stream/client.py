"""The reading end of the stream, for the web process, the command line and tests.

Any number of clients may listen; none of them can delay the daemon.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import zmq

from device.core.types import Frame
from device.errors import StreamError
from device.stream.messages import (
    EVENT,
    FRAME,
    LIVE,
    Message,
    commands_address,
    decode,
    encode,
    events_address,
    unpack_frame,
)

TIMEOUT_S = 1.0
"""The daemon looks for commands between two frames, so it answers within 10 ms or it hangs."""
SILENCE_S = 0.7
"""A running daemon publishes 60 live frames a second; after this long without any it is asked."""
NO_ANSWER = "the daemon does not answer; start it with 'pronemat daemon'."
QUEUED_FRAMES = 100_000
"""Frames a recorder may lag behind, about ten minutes (30 MB): a disk that stalls loses none."""


class StreamClient:
    """Talks to the daemon at `endpoint` (`Settings.endpoint`), whether it runs yet or not.

    `command` may be called from any thread; each iterator belongs to the thread that runs it.
    """

    def __init__(self, endpoint: str) -> None:
        self._events_address = events_address(endpoint)
        self._commands_address = commands_address(endpoint)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context.instance()
        self._closed = False

    def close(self) -> None:
        """End the iterators: each stops at its next step."""
        self._closed = True

    def command(self, request: Mapping[str, Any], timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
        """Send a command and return its answer, `ok` true or false.

        Raises `StreamError` if the daemon does not answer within `timeout_s`. A command that found
        no daemon is not kept: it does not take effect when one starts later.
        """
        deadline = time.monotonic() + timeout_s
        with self._context.socket(zmq.DEALER) as socket:
            socket.set(zmq.LINGER, 0)
            # Without a connection nothing is queued, so nothing can arrive long after.
            socket.set(zmq.IMMEDIATE, 1)
            socket.connect(self._commands_address)
            if socket.poll(_ms(timeout_s), zmq.POLLOUT):
                socket.send(encode(request))
                if socket.poll(_ms(deadline - time.monotonic()), zmq.POLLIN):
                    return decode(socket.recv())
        raise StreamError(NO_ANSWER)

    def status(self) -> dict[str, Any]:
        """The answer of a daemon that runs already; `StreamError` at once where none can, since its
        socket is not there."""
        kind, _, place = self._commands_address.partition("://")
        if kind == "ipc" and not Path(place).exists():
            raise StreamError(NO_ANSWER)
        return self.command({"command": "status"})

    def events(
        self, since: tuple[str, int] | None = None, timeout_s: float = 0.25
    ) -> Generator[Message, None, None]:
        """Everything from here on, for ever; each step takes at most about `timeout_s`.

        Begins with a snapshot; or, if the daemon still knows the events after `since`, the `run`
        and `sequence` of the last event or snapshot seen, with those. No event is ever left out:
        where one is missing it is fetched, and where it cannot be, a snapshot comes instead. Of
        live frames that queued up only the newest is told.
        """
        last = since
        behind = True
        lost = False
        heard_s = 0.0
        with self._context.socket(zmq.SUB) as socket:
            socket.set(zmq.LINGER, 0)
            socket.subscribe(EVENT)
            socket.subscribe(LIVE)
            socket.connect(self._events_address)
            while not self._closed:
                if behind or time.monotonic() - heard_s > SILENCE_S:
                    caught = self._catch_up(last, timeout_s)
                    behind = caught is None
                    if caught is None:
                        yield Message("idle", {}) if lost else Message("lost", {"error": NO_ANSWER})
                        lost = True
                        continue
                    lost = False
                    heard_s = time.monotonic()
                    for message in caught:
                        last = _place(message.body)
                        yield message
                if not socket.poll(_ms(timeout_s)):
                    yield Message("idle", {})
                    continue
                heard_s = time.monotonic()
                live: dict[str, Any] | None = None
                while not behind and int(socket.get(zmq.EVENTS)) & zmq.POLLIN:
                    topic, body = socket.recv_multipart()
                    content = decode(body)
                    run, sequence = _place(content)
                    if last is None or run != last[0]:
                        behind = True
                    elif topic == LIVE:
                        live, behind = content, sequence > last[1]
                    elif sequence == last[1] + 1:
                        last = (run, sequence)
                        yield Message("event", content)
                    else:
                        behind = sequence > last[1]
                if live is not None and not behind and _place(live) == last:
                    yield Message("live", live)

    def frames(self, timeout_s: float = TIMEOUT_S) -> Generator[Frame | None, None, None]:
        """Every raw frame from here on; None when none came within `timeout_s`.

        A gap in `Frame.sequence` is a frame that was lost.
        """
        with self._context.socket(zmq.SUB) as socket:
            socket.set(zmq.LINGER, 0)
            socket.set(zmq.RCVHWM, QUEUED_FRAMES)
            socket.subscribe(FRAME)
            socket.connect(self._events_address)
            while not self._closed:
                if socket.poll(_ms(timeout_s)):
                    _, body = socket.recv_multipart()
                    yield unpack_frame(body)
                else:
                    yield None

    def _catch_up(self, last: tuple[str, int] | None, timeout_s: float) -> list[Message] | None:
        """The events after `last`, or a snapshot where they are not known; None if no answer."""
        deadline = time.monotonic() + timeout_s
        try:
            if last is not None:
                request = {"command": "events_since", "run": last[0], "sequence": last[1]}
                answer = self.command(request, timeout_s)
                if answer["ok"]:
                    return [Message("event", event) for event in answer["events"]]
            answer = self.command({"command": "snapshot"}, deadline - time.monotonic())
        except StreamError:
            return None
        if not answer["ok"]:
            raise StreamError(answer["error"])
        return [Message("snapshot", answer)]


def _place(body: Mapping[str, Any]) -> tuple[str, int]:
    return (body["run"], body["sequence"])


def _ms(seconds: float) -> int:
    """For `poll`, where a negative number would wait for ever."""
    return max(round(seconds * 1000), 0)
