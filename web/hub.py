"""One link to the daemon, fanned out to every open page.

The hub's thread reads the stream client and hands each message to every `Viewer`, encoded once.
Events are kept, so that a page that lost its connection gets what it missed; live frames are not:
a slow page gets the newest one only, never an old one late.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from device.errors import StreamError
from web.sse import encode_message, parse_event_id
from web.viewer import Viewer

logger = logging.getLogger(__name__)

EVENTS_KEPT = 400
"""For pages that come back: some ten sets of eight reps with their phases."""
MAX_VIEWERS = 24
"""Each open page holds one of the server's threads (`web.server.THREADS`)."""
RETRY_S = 0.5
"""Pause after a message that could not be read, so that a broken daemon does not fill the log."""
COMMAND_TIMEOUT_S = 0.7
EMPTY_LIVE_S = 0.1
"""Of an empty mat, as it is most of the day, pages are told no more often: nobody waits for it."""
FACTS = ("simulated", "source", "calibrated", "mat", "problems", "calibrating", "maintainer")
VISIT_FACTS = ("member", "offer", "before")
"""What a snapshot says that no event tells in full: asked for regularly, passed on when it
changed."""
FACTS_EVERY_S = 1.0


PERSONAL = VISIT_FACTS
"""What only trusted pages are told: whose visit it is, and what that member has trained."""


class Told(NamedTuple):
    """A message as trusted pages get it, and as all others do."""

    trusted: bytes
    others: bytes

    def to(self, viewer: Viewer) -> bytes:
        """The one for this page."""
        return self.trusted if viewer.trusted else self.others


class Link(Protocol):
    """What the hub needs of `device.stream.client.StreamClient`."""

    def events(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """Snapshots, events, live frames, `lost` and `idle`, until closed."""

    def command(self, request: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        """The daemon's answer; raises `StreamError` when there is none."""

    def close(self) -> None:
        """End `events` soon."""


class TooManyViewersError(Exception):
    """There is no thread left for another page."""


class Hub:
    """Keeps what a new page needs to draw itself, and passes on what happens."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._viewers: set[Viewer] = set()
        self._snapshot: Mapping[str, Any] | None = None
        self._events: deque[tuple[int, Told]] = deque(maxlen=EVENTS_KEPT)
        self._lost = True
        self._facts_at_s = self._live_at_s = 0.0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)

    def start(self) -> None:
        """Begin to read the stream, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """End every page's stream and the link; returns when the thread has ended."""
        self._closed.set()
        self._link.close()
        with self._lock:
            for viewer in self._viewers:
                viewer.close()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    @property
    def viewers(self) -> int:
        """How many pages are open."""
        return len(self._viewers)

    @property
    def snapshot(self) -> Mapping[str, Any]:
        """The mat as it was last told in full, at most about a second ago; empty without one."""
        return self._snapshot or {}

    def command(self, name: str, /, **fields: Any) -> Mapping[str, Any]:
        """Pass a command on and return the daemon's answer; raises `StreamError`."""
        return self._link.command({"command": name, **fields}, COMMAND_TIMEOUT_S)

    def look_again(self) -> None:
        """Ask for the state at once: something was asked for that changes it."""
        self._facts_at_s = 0.0

    def join(self, last_event_id: str | None, hello: Mapping[str, Any]) -> Viewer:
        """A new page's stream, beginning with `hello` and what the page has not seen yet. One that
        may control (`hello["control"]`) is trusted with whose visit it is.

        A page that names its last event of this run gets the events after it; any other gets the
        snapshot and the events since. `head` in `hello` says up to where they are not news.
        """
        with self._lock:
            if len(self._viewers) >= MAX_VIEWERS or self._closed.is_set():
                raise TooManyViewersError
            viewer = Viewer(trusted=bool(hello.get("control")))
            viewer.put(encode_message("hello", {**hello, **self._head()}))
            for message in self._missed(last_event_id):
                viewer.put(message.to(viewer))
            if self._lost:
                viewer.put(encode_message("lost", {}))
            self._viewers.add(viewer)
            return viewer

    def leave(self, viewer: Viewer) -> None:
        """The page has gone."""
        with self._lock:
            self._viewers.discard(viewer)

    def _head(self) -> dict[str, Any]:
        if self._snapshot is None:
            return {"run": None, "head": 0}
        last = self._events[-1][0] if self._events else 0
        return {"run": self._snapshot["run"], "head": max(last, int(self._snapshot["sequence"]))}

    def _missed(self, last_event_id: str | None) -> Iterator[Told]:
        if self._snapshot is None:
            return
        run, first = self._snapshot["run"], int(self._snapshot["sequence"])
        since = parse_event_id(last_event_id)
        if since is not None and since[0] == run and self._follows(since[1]):
            first = since[1]
        else:
            yield _encode_snapshot(self._snapshot)
        yield from (data for sequence, data in self._events if sequence > first)

    def _follows(self, sequence: int) -> bool:
        """Whether every event after this one is still kept."""
        return bool(self._events) and self._events[0][0] - 1 <= sequence <= self._events[-1][0]

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                for kind, body in self._link.events():
                    if self._closed.is_set():
                        return
                    self._take(kind, body)
            except StreamError as error:
                logger.error("%s", error)
                self._take("lost", {"error": str(error)})
                self._closed.wait(RETRY_S)

    def _take(self, kind: str, body: Mapping[str, Any]) -> None:
        if kind == "idle":
            return
        with self._lock:
            if kind == "live":
                self._tell_live(body)
            elif kind == "snapshot":
                # The client could not tell what happened before it: what is kept has a gap.
                self._events.clear()
                self._keep_snapshot(body)
                self._tell(_encode_snapshot(body))
            elif kind == "event":
                sequence = int(body["sequence"])
                told = _encode_event(body)
                self._events.append((sequence, told))
                self._tell(told)
            elif not self._lost:
                lost = encode_message("lost", {})
                self._tell(Told(lost, lost))
            self._note(kind == "lost", body)
        if kind == "live" and time.monotonic() >= self._facts_at_s:
            self._renew_snapshot()

    def _renew_snapshot(self) -> None:
        """Ask for the state as it is now, for new pages; open ones are told if a fact changed."""
        answer = self._link.command({"command": "snapshot"}, COMMAND_TIMEOUT_S)
        if not answer["ok"]:
            raise StreamError(answer["error"])
        with self._lock:
            before = self._snapshot or {}
            if before.get("run") != answer["run"]:
                self._events.clear()
            self._keep_snapshot(answer)
            if any(before.get(key) != answer.get(key) for key in ("run", *FACTS, *VISIT_FACTS)):
                self._tell(_encode_snapshot(answer))

    def _keep_snapshot(self, body: Mapping[str, Any]) -> None:
        self._facts_at_s = time.monotonic() + FACTS_EVERY_S
        self._snapshot = body

    def _tell_live(self, body: Mapping[str, Any]) -> None:
        now_s = time.monotonic()
        if body.get("phase") == "empty" and now_s < self._live_at_s:
            return
        self._live_at_s = now_s + EMPTY_LIVE_S
        data = encode_message("live", body)
        for viewer in self._viewers:
            viewer.put_live(data)

    def _tell(self, told: Told) -> None:
        for viewer in self._viewers:
            viewer.put(told.to(viewer))

    def _note(self, lost: bool, body: Mapping[str, Any]) -> None:
        if lost != self._lost:
            self._lost = lost
            if lost:
                logger.warning("the daemon is lost: %s", body.get("error", "no reason given"))
            else:
                logger.info("the daemon answers, run %s", body.get("run"))


def _encode_snapshot(body: Mapping[str, Any]) -> Told:
    return _encode("snapshot", body, _nameless(body))


def _encode_event(body: Mapping[str, Any]) -> Told:
    event = _nameless(body["event"])
    return _encode("event", body, body if event is body["event"] else {**body, "event": event})


def _encode(kind: str, full: Mapping[str, Any], nameless: Mapping[str, Any]) -> Told:
    event_id = f"{full['run']}:{full['sequence']}"
    trusted = encode_message(kind, full, event_id)
    return Told(trusted, trusted if nameless is full else encode_message(kind, nameless, event_id))


def _nameless(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same without anything personal; the same object if there was nothing."""
    personal = [key for key in PERSONAL if body.get(key) is not None]
    return {**body, **dict.fromkeys(personal)} if personal else body
