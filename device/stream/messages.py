"""What goes over the wire: topics, JSON that any reader accepts, and frames as bytes.

Two sockets in the run directory: `ENDPOINT.events` publishes, `ENDPOINT.commands` answers. A
published message has two parts, its topic and its body.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any, Literal, NamedTuple

import numpy as np

from device.core.types import Frame
from device.errors import StreamError

LIVE = b"live"
EVENT = b"event"
FRAME = b"frame"

EVENTS_SUFFIX = ".events"
COMMANDS_SUFFIX = ".commands"
LONGEST_SOCKET_PATH = 107
"""Bytes of a Unix socket's path on Linux, without the closing zero (unix(7))."""

_FRAME_HEAD = struct.Struct("<QdI")

Kind = Literal["snapshot", "event", "live", "lost", "idle"]


class Message(NamedTuple):
    """What a client hears.

    `snapshot`: everything, forget what was before; `event`: the next event, none left out;
    `live`: the newest live frame; `lost`: the daemon does not answer, `body["error"]` says so;
    `idle`: nothing happened within the timeout.
    """

    kind: Kind
    body: dict[str, Any]


def events_address(endpoint: str) -> str:
    """Where `endpoint` publishes; `StreamError` if no socket can have that name."""
    return _checked(endpoint + EVENTS_SUFFIX)


def commands_address(endpoint: str) -> str:
    """Where `endpoint` takes commands; `StreamError` if no socket can have that name."""
    return _checked(endpoint + COMMANDS_SUFFIX)


def encode(message: Any) -> bytes:
    """Compact JSON; a number that is none (NaN, infinite) becomes null."""
    try:
        text = json.dumps(message, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(message), separators=(",", ":"), allow_nan=False)
    return text.encode()


def decode(body: bytes) -> dict[str, Any]:
    """The object of a message; `StreamError` if it is none."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise StreamError("a message on the daemon's socket is not JSON.") from None
    if not isinstance(message, dict):
        raise StreamError("a message on the daemon's socket is not a JSON object.")
    return message


def pack_frame(frame: Frame) -> bytes:
    """A frame as bytes: sequence, time, number of channels, counts and their times."""
    head = _FRAME_HEAD.pack(frame.sequence, frame.t_s, len(frame.counts))
    return head + frame.counts.tobytes() + frame.times_s.tobytes()


def unpack_frame(body: bytes) -> Frame:
    """The frame that `pack_frame` packed."""
    sequence, t_s, channels = _FRAME_HEAD.unpack_from(body)
    numbers = np.frombuffer(body, dtype="<f8", offset=_FRAME_HEAD.size)
    return Frame(sequence, t_s, numbers[:channels], numbers[channels:])


def _checked(address: str) -> str:
    path = address.removeprefix("ipc://")
    if path != address and len(path.encode()) > LONGEST_SOCKET_PATH:
        raise StreamError(
            f"the socket {path} has a longer name than the {LONGEST_SOCKET_PATH} bytes that Linux "
            "allows; set a shorter directory as 'run' under [paths]."
        )
    return address


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value
