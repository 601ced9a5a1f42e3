"""The machine and what it says of itself: memory, heat, clock, sound and version.

Each check reads one place below `root` (`/` but in tests) or asks one program. Where there is no
such place the finding is unknown and says why.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from device import __version__
from device.doctor.findings import Finding, State

ASKED_WITHIN_S = 3.0
MB = 1_000_000
MEMORY_WARN_MB, MEMORY_BAD_MB = 150, 60
"""A page of the kiosk in Chromium takes about 100 MB more when it is loaded anew."""
HOT_C, THROTTLED_C = 75.0, 80.0
"""A Pi begins to slow its clock at 80 degrees (Raspberry Pi documentation, config.txt)."""
DAY_S = 86400.0
OWN_FILE = Path(__file__)
"""No sound clock is behind the day on which the program was installed."""
CLOCK_REMEDY = "connect the network, or fit a clock with a battery: sessions carry its time."
MODEL = "proc/device-tree/model"


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
    now_s: Callable[[], float] = time.time

    def read(self, path: str) -> str | None:
        """A small file below the root, or None."""
        with suppress(OSError, UnicodeDecodeError):
            return (self.root / path).read_text(encoding="utf-8").strip("\0\n ")
        return None

    def number(self, path: str) -> int | None:
        """A file that holds a whole number, or None."""
        text = self.read(path) or ""
        return int(text) if text.lstrip("-").isdigit() else None

    @property
    def is_pi(self) -> bool:
        """Whether the kernel says that this is a Raspberry Pi."""
        return "Raspberry Pi" in (self.read(MODEL) or "")


def machine_findings(machine: Machine) -> Iterator[Finding]:
    """Memory, temperature, clock, sound and version."""
    yield memory(machine)
    yield temperature(machine)
    yield clock(machine)
    yield sound(machine)
    yield version(machine)


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
    thousandths = machine.number("sys/class/thermal/thermal_zone0/temp")
    if thousandths is None:
        return Finding("temperature", State.UNKNOWN, "this machine has no sensor for it")
    degrees = thousandths / 1000
    figure = f"{degrees:.0f} degrees Celsius"
    if degrees < HOT_C:
        return Finding("temperature", State.OK, figure)
    state = State.BAD if degrees >= THROTTLED_C else State.WARN
    remedy = "give the box air or a heat sink; at 80 degrees the processor is slowed."
    return Finding("temperature", state, figure, remedy)


def clock(machine: Machine) -> Finding:
    """Whether the time is that of the network; without one, whether it can be right at all."""
    behind_s = OWN_FILE.stat().st_mtime - machine.now_s()
    if behind_s > DAY_S:
        figure = f"is {behind_s / DAY_S:.0f} days behind the program's own files"
        return Finding("clock", State.BAD, figure, CLOCK_REMEDY)
    if (machine.root / "run/systemd/timesync/synchronized").exists():
        return Finding("clock", State.OK, "in step with the network")
    answer = machine.ask(("timedatectl", "show", "-p", "NTPSynchronized", "--value"))
    if answer == "yes":
        return Finding("clock", State.OK, "in step with the network")
    battery = any((machine.root / "sys/class/rtc").glob("rtc*"))
    if answer == "no" and battery:
        return Finding("clock", State.OK, "kept by a clock with a battery, without the network")
    if answer == "no":
        return Finding("clock", State.WARN, "not in step with the network", CLOCK_REMEDY)
    return Finding("clock", State.UNKNOWN, "no time service can be asked here")


def sound(machine: Machine) -> Finding:
    cards = machine.read("proc/asound/cards")
    if cards is None:
        return Finding("sound", State.UNKNOWN, "the kernel has no sound here")
    if "no soundcards" in cards or not cards:
        remedy = "plug in the loudspeaker, or put dtparam=audio=on into config.txt."
        return Finding("sound", State.WARN, "no sound card", remedy)
    names = [line.partition("- ")[2] for line in cards.splitlines() if "]: " in line]
    return Finding("sound", State.OK, ", ".join(names))


def version(machine: Machine) -> Finding:
    """What runs here, for every question that is asked about it."""
    model = machine.read(MODEL) or platform.machine()
    words = f"pronemat {__version__}, Python {platform.python_version()}, {model}"
    return Finding("version", State.OK, words)
