"""The disk that sessions are kept on: its room, whether it may be written, and how worn it is."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from device.config import Settings
from device.doctor.findings import Finding, State
from device.doctor.machine import MB, Machine

DISK_WARN_MB, DISK_BAD_MB = 1000, 200
"""A session takes under 0.1 MB, the system's log some hundred; SQLite needs room to write."""

LIFE_STEP_PCT = 10
"""An eMMC tells its used life in tenths: 0x01 is up to 10 %, 0x0b is beyond it (JEDEC JESD84-B51,
DEVICE_LIFE_TIME_EST_TYP; read from `life_time`, Linux `driver-api/mmc/mmc-dev-attrs`)."""
LIFE_WARN, LIFE_BAD = 0x09, 0x0B
RESERVE_WARN, RESERVE_BAD = 0x02, 0x03
"""`pre_eol_info`: 80 % of the spare blocks are used up; nearly all are (the same sources)."""

REPLACE = "run `pronemat backup`, copy the file elsewhere, and replace the card."


def disk(settings: Settings) -> Finding:
    """Room where sessions are kept, and whether it may be written."""
    place = existing(settings.paths.data)
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        remedy = "the card has failed or fell back to read-only: start anew, then replace it."
        return Finding("disk", State.BAD, f"{place} is read-only", remedy)
    free_mb = shutil.disk_usage(place).free / MB
    figure = f"{free_mb / 1000:.1f} GB free"
    if free_mb > DISK_WARN_MB:
        return Finding("disk", State.OK, figure)
    state = State.BAD if free_mb < DISK_BAD_MB else State.WARN
    return Finding("disk", state, figure, "make room: `sudo journalctl --vacuum-size=50M`.")


def card(settings: Settings, machine: Machine) -> Finding:
    """What the card tells of its wear: an eMMC its used life, every file system its errors."""
    number = existing(settings.paths.data).stat().st_dev
    part = machine.root / "sys/dev/block" / f"{os.major(number)}:{os.minor(number)}"
    if not part.exists():
        return Finding("card", State.UNKNOWN, "the data lie on no block device of this machine")
    part = part.resolve()
    errors = machine.number(f"sys/fs/ext4/{part.name}/errors_count")
    written_kb = machine.number(f"sys/fs/ext4/{part.name}/lifetime_write_kbytes")
    written = "" if written_kb is None else f", {written_kb / 1e6:.0f} GB written so far"
    if errors:
        figure = f"its file system has found {errors} errors{written}"
        return Finding("card", State.BAD, figure, REPLACE)
    device = next((place for place in (part, part.parent) if (place / "device").exists()), part)
    kind, wear = _wear(device / "device")
    if wear is None:
        figure = f"{kind} does not tell its wear{written}; no errors so far"
        return Finding("card", State.UNKNOWN, figure)
    life, reserve = wear
    used = f"{LIFE_STEP_PCT * (life - 1)} to {LIFE_STEP_PCT * life} % of its life used"
    figure = f"{kind}: {used if life < LIFE_BAD else 'its life is over'}{written}"
    if life >= LIFE_BAD or reserve >= RESERVE_BAD:
        return Finding("card", State.BAD, figure, REPLACE)
    if life >= LIFE_WARN or reserve >= RESERVE_WARN:
        return Finding("card", State.WARN, figure, REPLACE)
    return Finding("card", State.OK, figure)


def existing(place: Path) -> Path:
    """The directory, or the nearest one above it that is there."""
    while not place.exists():
        place = place.parent
    return place


def _wear(device: Path) -> tuple[str, tuple[int, int] | None]:
    """What it is, and if it tells them its used life in tenths and the state of its reserve."""
    told: dict[str, str] = {}
    for name in ("type", "date", "life_time", "pre_eol_info"):
        with suppress(OSError, UnicodeDecodeError):
            told[name] = (device / name).read_text(encoding="ascii").strip()
    kind = {"SD": "an SD card", "MMC": "the eMMC"}.get(told.get("type", ""), "this disk")
    if "date" in told:
        kind += f" of {told['date']}"
    try:
        life = max(int(text, 16) for text in told["life_time"].split())
        reserve = int(told["pre_eol_info"], 16)
    except (KeyError, ValueError):
        return kind, None
    # 0x00 says that it is not defined.
    return kind, (life, reserve) if life else None
