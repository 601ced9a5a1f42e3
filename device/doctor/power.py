"""The Pi's supply: under-voltage now and since boot, which are two things: one may be long over.

`vcgencmd` tells both, to whoever may open `/dev/vcio`. Without it the kernel's own sensor tells
now, and its log what was.
"""

from __future__ import annotations

from collections.abc import Iterator

from device.doctor.findings import Finding, State
from device.doctor.machine import Machine

UNDER_VOLTAGE_NOW, UNDER_VOLTAGE_SINCE_BOOT = 1 << 0, 1 << 16
"""Bits of `vcgencmd get_throttled` (Raspberry Pi documentation)."""
SENSOR = "rpi_volt"
"""Name of the kernel's sensor (`drivers/hwmon/raspberrypi-hwmon.c`); `in0_lcrit_alarm` is 1 under
4.63 V."""
KERNEL_SAYS = "[Uu]nder-?voltage detected"
ASK_LOG = ("journalctl", "-k", "-b", "-q", "--no-pager", "-o", "short-iso", "--grep", KERNEL_SAYS)
REMEDY = "use the Pi's own power supply and a short cable; power nothing else from the Pi."


def power(machine: Machine) -> Iterator[Finding]:
    """A line for now and a line for since boot."""
    answer = machine.ask(("vcgencmd", "get_throttled")) or ""
    try:
        bits = int(answer.partition("=")[2], 16)
    except ValueError:
        now, since = _by_sensor(machine), _by_log(machine)
        detail = ""
    else:
        now = bool(bits & UNDER_VOLTAGE_NOW)
        since = bool(bits & UNDER_VOLTAGE_SINCE_BOOT)
        detail = f" ({bits:#x})"
    yield _finding("power_now", now, "now", State.BAD, detail)
    yield _finding("power_boot", since, "since boot", State.WARN, detail)


def _finding(key: str, low: bool | None, when: str, state: State, detail: str) -> Finding:
    if low is None:
        return Finding(key, State.UNKNOWN, "nothing here measures it: only a Raspberry Pi does")
    if low:
        return Finding(key, state, f"under-voltage {when}{detail}", REMEDY)
    return Finding(key, State.OK, f"no under-voltage {when}")


def _by_sensor(machine: Machine) -> bool | None:
    for name in sorted((machine.root / "sys/class/hwmon").glob("*/name")):
        place = name.parent.relative_to(machine.root)
        if machine.read(f"{place}/name") == SENSOR:
            alarm = machine.number(f"{place}/in0_lcrit_alarm")
            return None if alarm is None else bool(alarm)
    return None


def _by_log(machine: Machine) -> bool | None:
    """By the kernel's log; a log without a word of it says no only where there is the sensor."""
    if machine.ask(ASK_LOG):
        return True
    return None if _by_sensor(machine) is None else False
