"""The text of server-sent events (HTML standard, section 9.2): encoding messages, reading ids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

RETRY_MS = 300
"""How soon a page asks again after its connection broke; it must be whole again within 3 s."""

BEAT = b"event: beat\ndata: {}\n\n"
"""Tells a page that the server is there while nothing happens; comments do not reach a page."""

_EVENT_ID = re.compile(r"(?P<run>[\w.-]{1,64}):(?P<sequence>\d{1,15})")


def encode_message(kind: str, body: Mapping[str, Any], event_id: str | None = None) -> bytes:
    """One message. JSON has no newline of its own, so one `data` line holds it."""
    identity = f"id: {event_id}\n" if event_id else ""
    data = json.dumps(body, separators=(",", ":"), allow_nan=False)
    return f"{identity}event: {kind}\ndata: {data}\n\n".encode()


def parse_event_id(text: str | None) -> tuple[str, int] | None:
    """`run:sequence` as a page sends it back, or None for anything else."""
    match = _EVENT_ID.fullmatch(text or "")
    return (match["run"], int(match["sequence"])) if match else None
