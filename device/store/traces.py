"""How one rep went, packed small: row loads, T, R and phase at 20 instants a second."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

LEVEL = 6
DIGITS = 2
"""A hundredth of a per cent of body weight, and of a second: finer than the mat feels."""


def pack_trace(document: Mapping[str, Any]) -> bytes:
    """A trace as bytes: JSON with rounded numbers, compressed; a four-second rep takes about a
    kilobyte. Numbers that are not finite become null."""
    text = json.dumps(_rounded(document), separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), LEVEL)


def unpack_trace(packed: bytes) -> dict[str, Any]:
    """The document that `pack_trace` was given, rounded."""
    document: dict[str, Any] = json.loads(zlib.decompress(packed))
    return document


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS) if value - value == 0 else None
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
