"""One open page: its events in order, and the newest live frame in place of any older one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

from web.sse import BEAT, RETRY_MS

BEAT_S = 0.5
"""A page takes silence of three beats for a lost server."""
PENDING_MAX = 2048
"""Events a stalled page may be behind before it is cut off; it asks for them when it is back."""


class Viewer:
    """A queue between the hub's thread, which never waits, and one of the server's threads.

    `trusted` is the mat's own screen, or a trainer: it may know whose visit it is.
    """

    def __init__(self, trusted: bool = False) -> None:
        self.trusted = trusted
        self._changed = threading.Condition()
        self._events: deque[bytes] = deque()
        self._live: bytes | None = None
        self._closed = False

    def put(self, data: bytes) -> None:
        """Add an event, in order and without loss, or cut off a page that does not read."""
        with self._changed:
            if len(self._events) >= PENDING_MAX:
                self._closed = True
            else:
                self._events.append(data)
            self._changed.notify()

    def put_live(self, data: bytes) -> None:
        """Replace the live frame that has not been sent yet."""
        with self._changed:
            self._live = data
            self._changed.notify()

    def close(self) -> None:
        """End the stream."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def chunks(self) -> Iterator[bytes]:
        """What to send, as it comes: blocks for at most one beat, ends when closed."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        while True:
            with self._changed:
                self._changed.wait_for(self._has_news, timeout=BEAT_S)
                if self._closed:
                    return
                parts = [*self._events]
                self._events.clear()
                if self._live is not None:
                    parts.append(self._live)
                    self._live = None
            yield b"".join(parts) or BEAT

    def _has_news(self) -> bool:
        return bool(self._events) or self._live is not None or self._closed
