"""What the machine says of itself: disk, memory, heat, power, clock, services, screen and sound.

Each check reads one place below `root` (`/` but in tests) or asks one program. Where there is no
such place the finding is unknown and says why.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from device import __version__
from device.config import Settings
from device.doctor.findings import Finding, State

ASKED_WITHIN_S = 3.0
MB = 1_000_000
DISK_WARN_MB, DISK_BAD_MB = 1000, 200
"""A session takes under 0.1 MB, the system's log some hundred; SQLite needs room to write."""
MEMORY_WARN_MB, MEMORY_BAD_MB = 150, 60
"""A page of the kiosk in Chromium takes about 100 MB more when it is loaded anew."""
HOT_C, THROTTLED_C = 75.0, 80.0
"""A Pi begins to slow its clock at 80 degrees (Raspberry Pi documentation, config.txt)."""
UNDER_VOLTAGE_NOW, UNDER_VOLTAGE_SINCE_BOOT = 1 << 0, 1 << 16
"""Bits of `vcgencmd get_throttled` (Raspberry Pi documentation)."""
POWER_REMEDY = "use the Pi's own power supply and a short cable; power nothing else from the Pi."


def ask(command: Sequence[str]) -> str | None:
    """What a program prints; None if there is none, or it fails or hangs."""
    program = shutil.which(command[0])
    if program is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 - only the fixed commands of this file
            [program, *command[1:]],
            capture_output=True,
            text=True,
            timeout=ASKED_WITHIN_S,
            check=True,
        )
        return done.stdout.strip()
    return None


@dataclass(frozen=True)
class Machine:
    """Where to look: the root of the file system, and how programs are asked."""

    root: Path = Path("/")
    ask: Callable[[Sequence[str]], str | None] = ask

    def read(self, path: str) -> str | None:
        """A small file below the root, or None."""
        with suppress(OSError, UnicodeDecodeError):
            return (self.root / path).read_text(encoding="utf-8").strip("\0\n ")
        return None

    @property
    def is_pi(self) -> bool:
        return "Raspberry Pi" in (self.read("proc/device-tree/model") or "")


def machine_findings(settings: Settings, machine: Machine) -> Iterator[Finding]:
    """Every check of the machine, in the order of `CHECKS`."""
    yield panel(settings, machine)
    yield disk(settings.paths.data)
    yield memory(machine)
    yield temperature(machine)
    yield from power(machine)
    yield clock(machine)
    yield services(machine)
    yield browser(machine)
    yield sound(machine)
    words = f"pronemat {__version__}, Python {platform.python_version()}, {platform.machine()}"
    yield Finding("version", State.OK, words)


def panel(settings: Settings, machine: Machine) -> Finding:
    pins = settings.panel
    if not pins.enabled:
        return Finding("panel", State.UNKNOWN, "switched off in the settings")
    if not machine.is_pi:
        return Finding("panel", State.UNKNOWN, "this is no Raspberry Pi: it has no pins")
    figure = f"lamp {pins.led_pin}, buzzer {pins.buzzer_pin}, button {pins.button_pin}"
    chips = sorted((machine.root / "dev").glob("gpiochip*"))
    if not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        remedy = "add the user to the group gpio by `sudo usermod -aG gpio USER`, log in anew."
        return Finding("panel", State.BAD, f"{figure}: the pins may not be used", remedy)
    return Finding("panel", State.UNKNOWN, f"{figure}: press the button, look at the lamp")


def disk(data: Path) -> Finding:
    """Room where sessions are kept, and whether it may be written."""
    place = data
    while not place.exists():
        place = place.parent
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        remedy = "the card has failed or fell back to read-only: start anew, then replace it."
        return Finding("disk", State.BAD, f"{place} is read-only", remedy)
    free_mb = shutil.disk_usage(place).free / MB
    figure = f"{free_mb / 1000:.1f} GB free; a card's wear cannot be asked"
    if free_mb > DISK_WARN_MB:
        return Finding("disk", State.OK, figure)
    state = State.BAD if free_mb < DISK_BAD_MB else State.WARN
    return Finding("disk", state, figure, "make room: `sudo journalctl --vacuum-size=50M`.")


def memory(machine: Machine) -> Finding:
    for line in (machine.read("proc/meminfo") or "").splitlines():
        if line.startswith("MemAvailable:"):
            free_mb = int(line.split()[1]) / 1000
            break
    else:
        return Finding("memory", State.UNKNOWN, "the kernel does not say what is available")
    figure = f"{free_mb:.0f} MB available"
    if free_mb > MEMORY_WARN_MB:
        return Finding("memory", State.OK, figure)
    state = State.BAD if free_mb < MEMORY_BAD_MB else State.WARN
    return Finding("memory", state, figure, "start the browser anew; see who takes it by `top`.")


def temperature(machine: Machine) -> Finding:
    text = machine.read("sys/class/thermal/thermal_zone0/temp")
    if text is None or not text.lstrip("-").isdigit():
        return Finding("temperature", State.UNKNOWN, "this machine has no sensor for it")
    degrees = int(text) / 1000
    figure = f"{degrees:.0f} degrees Celsius"
    if degrees < HOT_C:
        return Finding("temperature", State.OK, figure)
    state = State.BAD if degrees >= THROTTLED_C else State.WARN
    remedy = "give the box air or a heat sink; at 80 degrees the processor is slowed."
    return Finding("temperature", state, figure, remedy)


def power(machine: Machine) -> Iterator[Finding]:
    """Under-voltage now and since boot, two different things: the second may be long over."""
    answer = machine.ask(["vcgencmd", "get_throttled"]) or ""
    bits = None
    with suppress(ValueError):
        bits = int(answer.partition("=")[2], 16)
    for key, bit, when in (
        ("power_now", UNDER_VOLTAGE_NOW, "now"),
        ("power_boot", UNDER_VOLTAGE_SINCE_BOOT, "since boot"),
    ):
        if bits is None:
            yield Finding(key, State.UNKNOWN, "no vcgencmd: only a Raspberry Pi measures it")
        elif bits & bit:
            state = State.BAD if when == "now" else State.WARN
            yield Finding(key, state, f"under-voltage {when} ({bits:#x})", POWER_REMEDY)
        else:
            yield Finding(key, State.OK, f"no under-voltage {when}")


def clock(machine: Machine) -> Finding:
    if (machine.root / "run/systemd/timesync/synchronized").exists():
        return Finding("clock", State.OK, "in step with the network")
    answer = machine.ask(["timedatectl", "show", "-p", "NTPSynchronized", "--value"])
    if answer == "yes":
        return Finding("clock", State.OK, "in step with the network")
    if answer == "no":
        remedy = "connect the network, or fit a clock with a battery: sessions carry its time."
        return Finding("clock", State.WARN, "not in step with the network", remedy)
    return Finding("clock", State.UNKNOWN, "no time service can be asked here")


def services(machine: Machine) -> Finding:
    command = ["systemctl", "list-units", "pronemat*", "--all", "--plain", "--no-legend"]
    answer = machine.ask(command)
    if answer is None:
        return Finding("services", State.UNKNOWN, "no service manager can be asked here")
    units = [line.split() for line in answer.splitlines() if len(line.split()) >= 4]
    if not units:
        return Finding("services", State.UNKNOWN, "pronemat is not installed as a service")
    failed = [unit[0] for unit in units if unit[2] == "failed"]
    if failed:
        remedy = f"read why by `journalctl -u {failed[0]} -n 50`."
        return Finding("services", State.BAD, f"failed: {', '.join(failed)}", remedy)
    active = sum(unit[2] == "active" for unit in units)
    return Finding("services", State.OK, f"{active} of {len(units)} active, none failed")


def browser(machine: Machine) -> Finding:
    names = {machine.read(str(path.relative_to(machine.root))) or "" for path in _comms(machine)}
    if any(name.startswith("chrom") for name in names):
        return Finding("browser", State.OK, "Chromium runs")
    return Finding("browser", State.UNKNOWN, "none runs here; the page may be open elsewhere")


def _comms(machine: Machine) -> Iterator[Path]:
    return (machine.root / "proc").glob("[0-9]*/comm")


def sound(machine: Machine) -> Finding:
    cards = machine.read("proc/asound/cards")
    if cards is None:
        return Finding("sound", State.UNKNOWN, "the kernel has no sound here")
    if "no soundcards" in cards or not cards:
        remedy = "plug in the loudspeaker, or put dtparam=audio=on into config.txt."
        return Finding("sound", State.WARN, "no sound card", remedy)
    names = [line.partition("- ")[2] for line in cards.splitlines() if "]: " in line]
    return Finding("sound", State.OK, ", ".join(names))
