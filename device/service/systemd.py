"""What systemd wants to hear of a service: ready, alive, stopping (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

MICROSECONDS = 1e-6
FEEDS_PER_LIMIT = 3
"""The watchdog is fed three times within its limit, so that one late feed is no death."""


class Notifier:
    """Tells the service manager, if there is one. `feed` only from where fresh frames are seen."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):
            self._address = "\0" + self._address[1:]
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        self._period_s: float | None = None
        limit = environ.get("WATCHDOG_USEC", "")
        # The limit may be meant for another process of the unit.
        meant = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        if limit.isdigit() and meant:
            self._period_s = int(limit) * MICROSECONDS / FEEDS_PER_LIMIT
        self._fed_s = float("-inf")

    def ready(self) -> None:
        """The first frame has come and the sockets are open."""
        self._send("READY=1")

    def feed(self, now_s: float) -> None:
        """A fresh frame was handled at `now_s` (monotonic)."""
        if self._period_s is not None and now_s - self._fed_s >= self._period_s:
            self._fed_s = now_s
            self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(f"STATUS={text}")

    def stopping(self) -> None:
        """The end was asked for."""
        self._send("STOPPING=1")

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _send(self, message: str) -> None:
        if self._address:
            # A manager that does not listen must not stop the coaching.
            with suppress(OSError):
                self._socket.sendto(message.encode(), self._address)
