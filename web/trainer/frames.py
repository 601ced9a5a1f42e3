"""The raw frames of the last minute, as the daemon keeps them, for a lift that somebody marks."""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import UTC, datetime, timedelta

from device.errors import StreamError
from web.hub import Hub

KEPT_FOR = timedelta(seconds=50)
"""The daemon keeps a minute; of a lift that ended longer ago the beginning would be missing."""

_log = logging.getLogger(__name__)


class FrameKeeper:
    """Asks the daemon of a hub for its frames."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def recent(self, ended_utc: datetime) -> bytes | None:
        """A recording with the lift that ended then; None where it is too late, or none is kept."""
        if not timedelta(0) <= datetime.now(UTC) - ended_utc < KEPT_FOR:
            return None
        try:
            answer = self._hub.command("frames")
        except StreamError:
            return None
        if not answer["ok"]:
            _log.warning("the daemon keeps no frames: %s", answer.get("error"))
            return None
        try:
            return base64.b64decode(answer["frames"], validate=True)
        except (KeyError, TypeError, binascii.Error):
            _log.warning("the daemon's frames cannot be read")
            return None
