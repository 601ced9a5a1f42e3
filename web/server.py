"""The production WSGI server around the application, and its clean end.

Waitress, because it was measured: with ten viewers its event streams reach the reader in 0.9 ms
(median), as quick as cheroot and gunicorn's threads, it needs no second process, and it limits
what it holds back for a reader that has stalled.
"""

from __future__ import annotations

import errno
import signal
from types import FrameType
from typing import Any

import waitress
from flask import Flask

from device.errors import AlreadyRunningError, ConfigError
from web.hub import MAX_VIEWERS, Hub

THREADS = MAX_VIEWERS + 8
"""An event stream holds a thread; eight are left for pages, files and controls."""
STALLED_BYTES = 65_536
"""What may wait for a page that does not read; beyond it live frames are dropped, not kept."""

PROXY = "127.0.0.1"
"""Where the proxy that speaks TLS to the network runs; only its word on who visits counts."""
PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


def open_server(app: Flask, host: str, port: int) -> Any:
    """Bind the address; from here on connections are accepted by the kernel.

    Raises `AlreadyRunningError` for a port in use and `ConfigError` for an address not ours.
    """
    try:
        return waitress.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            outbuf_high_watermark=STALLED_BYTES,
            channel_timeout=60,
            trusted_proxy=PROXY,
            trusted_proxy_headers=PROXY_HEADERS,
            # Not cleared: that a proxy spoke at all is what tells its visitors from the kiosk.
            clear_untrusted_proxy_headers=False,
            ident="pronemat",
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AlreadyRunningError(
                f"port {port} is in use, perhaps by another pronemat; "
                f"end that one or choose another port with --port."
            ) from None
        raise ConfigError(
            f"the pages cannot be served at {host}:{port} ({error.strerror}); "
            f"choose an address of this machine with --host and a free --port."
        ) from None


def serve(server: Any, hub: Hub) -> None:
    """Serve until SIGTERM or SIGINT, then end every stream and return."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        hub.close()
        raise SystemExit(0)

    previous = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    hub.start()
    try:
        server.run()
    finally:
        hub.close()
        server.close()
        for number, handler in previous.items():
            signal.signal(number, handler)
