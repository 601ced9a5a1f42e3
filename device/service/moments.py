"""The time of day and the time since boot, read together."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from device.store.records import Moment

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")


def now() -> Moment:
    """This moment by all the clocks there are."""
    return Moment(datetime.now(UTC), time.monotonic(), boot_id())


@cache
def boot_id() -> str:
    """A name for this boot of the machine; empty where the kernel does not give one."""
    try:
        return BOOT_ID_FILE.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def stamp(utc: datetime) -> str:
    """UTC as the stream writes it: to the millisecond, with a Z."""
    return utc.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
