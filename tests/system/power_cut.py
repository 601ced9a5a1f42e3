"""Pulls the plug of a mat in the middle of a set, again and again, and counts what is lost."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

PYTHON = "/opt/pronemat/current/venv/bin/python -P"
TELL = f"""exec {PYTHON} - <<'PYTHON'
import json, time
from contextlib import suppress
from device.errors import StreamError
from device.stream.client import StreamClient
client = StreamClient("ipc:///run/pronemat/stream")
while True:
    with suppress(StreamError):
        run = client.command({{"command": "snapshot"}})["run"]
        break
    time.sleep(0.2)
for kind, body in client.events((run, 0)):
    if kind == "event" and body["event"]["event"] == "rep":
        print(json.dumps(body["event"]), flush=True)
PYTHON"""
STORED = f"""{PYTHON} - <<'PYTHON'
import json, sqlite3
disk = sqlite3.connect("file:/var/lib/pronemat/pronemat.db?mode=ro", uri=True)
print(json.dumps({{
    "sound": disk.execute("PRAGMA integrity_check").fetchone()[0],
    "foreign": len(disk.execute("PRAGMA foreign_key_check").fetchall()),
    "reps": disk.execute("SELECT start_s, end_s FROM reps ORDER BY rowid").fetchall(),
}}))
PYTHON"""  # noqa: S608 (a program, with the path of its interpreter)
TIMES = """
basic=$(systemctl show basic.target -p ActiveEnterTimestampMonotonic --value)
until [ -e /run/page-served ]; do sleep 0.5; done
until systemctl -q is-active pronemat-device; do sleep 0.5; done
device=$(systemctl show pronemat-device -p ActiveEnterTimestampMonotonic --value)
printf '{"boot": %s, "page": %s, "device": %s}\\n' "$basic" "$(cat /run/page-served)" "$device"
"""
"""All in microseconds since the kernel began."""
MOST_WAIT_S = 14.0
"""About two reps: the cut comes at any moment of one."""
FIRST_REP_S = 900.0
NEAR_S = 2e-3
"""By how much an event's times and the stored ones may differ: events are rounded."""


class Box(Protocol):
    """A system with a plug: `machine.Machine` or `container.PluggedContainer`."""

    def power_on(self) -> None: ...

    def wait_for_shell(self) -> None: ...

    def cut(self) -> None: ...

    def run(self, script: str, within_s: float) -> str: ...

    def lines(self, script: str, within_s: float) -> Iterator[str]: ...


@dataclass(frozen=True)
class Life:
    """From switching on to the cut."""

    page_s: float
    """From the end of the boot (basic.target) until the page is served."""
    device_s: float
    """From there until the daemon has frames."""
    told: tuple[tuple[float, float, float], ...]
    """For each rep that was told: seconds before the cut, and its start and end."""


class Ear(threading.Thread):
    """Hears the reps that the machine tells, until it is dead."""

    def __init__(self, machine: Box) -> None:
        super().__init__(daemon=True)
        self._machine = machine
        self.heard: list[tuple[float, float, float]] = []
        self.first = threading.Event()

    def run(self) -> None:
        # The cut ends the connection, or leaves it silent.
        with suppress(OSError):
            for line in self._machine.lines(TELL, FIRST_REP_S):
                rep = json.loads(line)
                self.heard.append((time.monotonic(), rep["start"], rep["end"]))
                self.first.set()


def live(machine: Box, rng: random.Random) -> Life:
    """Switch on, let somebody exercise, pull the plug at a random moment after the first rep."""
    machine.power_on()
    machine.wait_for_shell()
    times_us = json.loads(machine.run(TIMES, FIRST_REP_S))
    ear = Ear(machine)
    ear.start()
    assert ear.first.wait(FIRST_REP_S), "nobody lifted a leg"
    time.sleep(rng.uniform(0.0, MOST_WAIT_S))
    machine.cut()
    at_s = time.monotonic()
    return Life(
        page_s=(times_us["page"] - times_us["boot"]) / 1e6,
        device_s=(times_us["device"] - times_us["boot"]) / 1e6,
        told=tuple((at_s - seen_s, start_s, end_s) for seen_s, start_s, end_s in ear.heard),
    )


def look(machine: Box) -> tuple[bool, list[tuple[float, float]]]:
    """Whether the database is sound, and every rep in it: asked of the machine switched on anew."""
    stored = json.loads(machine.run(STORED, FIRST_REP_S))
    sound = stored["sound"] == "ok" and stored["foreign"] == 0
    return sound, [(start_s, end_s) for start_s, end_s in stored["reps"]]


def lost_of(life: Life, new: list[tuple[float, float]]) -> list[float]:
    """How many seconds before the cut each rep was told that is not among the `new` stored."""
    return [
        age_s
        for age_s, start_s, end_s in life.told
        if not any(abs(start_s - a) < NEAR_S and abs(end_s - b) < NEAR_S for a, b in new)
    ]
