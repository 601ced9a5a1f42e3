"""What the machine says of itself, read from a made-up root; what is not there is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from device.config import Settings
from device.doctor import machine as checks
from device.doctor.findings import CHECKS, State
from device.doctor.machine import Machine, machine_findings

ROOT = Path(__file__).parents[2]


def pi(root: Path, answers: dict[str, str] | None = None, **files: str) -> Machine:
    """A machine of these files, whose programs print these answers."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def ask(command: Sequence[str]) -> str | None:
        return (answers or {}).get(command[0])

    return Machine(root, ask)


def test_what_cannot_be_known_is_unknown_and_says_why(tmp_path) -> None:
    found = {finding.key: finding for finding in machine_findings(Settings(), pi(tmp_path))}
    for key in set(found) - {"disk", "version"}:
        assert found[key].state is State.UNKNOWN, key
        assert found[key].figure


@pytest.mark.parametrize(
    ("bits", "now", "boot"),
    [
        ("0x0", State.OK, State.OK),
        ("0x10000", State.OK, State.WARN),
        ("0x50005", State.BAD, State.WARN),
    ],
)
def test_under_voltage_now_and_since_boot_are_two_things(tmp_path, bits, now, boot) -> None:
    machine = pi(tmp_path, {"vcgencmd": f"throttled={bits}"})
    assert [finding.state for finding in checks.power(machine)] == [now, boot]


@pytest.mark.parametrize(
    ("milli", "state"), [("45000", State.OK), ("76000", State.WARN), ("82000", State.BAD)]
)
def test_a_hot_processor_is_told(tmp_path, milli, state) -> None:
    machine = pi(tmp_path, sys__class__thermal__thermal_zone0__temp=f"{milli}\n")
    assert checks.temperature(machine).state is state


@pytest.mark.parametrize(
    ("kb", "state"), [(900_000, State.OK), (120_000, State.WARN), (30_000, State.BAD)]
)
def test_little_memory_is_told(tmp_path, kb, state) -> None:
    machine = pi(tmp_path, proc__meminfo=f"MemTotal: 1 kB\nMemAvailable:  {kb} kB\n")
    assert checks.memory(machine).state is state


def test_a_clock_out_of_step_is_told(tmp_path) -> None:
    assert checks.clock(pi(tmp_path, {"timedatectl": "no"})).state is State.WARN
    assert checks.clock(pi(tmp_path, {"timedatectl": "yes"})).state is State.OK


def test_a_failed_service_is_named_with_its_log(tmp_path) -> None:
    units = (
        "pronemat.service loaded failed failed Mat\npronemat-web.service loaded active running W"
    )
    found = checks.services(pi(tmp_path, {"systemctl": units}))
    assert found.state is State.BAD
    assert "journalctl -u pronemat.service" in found.remedy


def test_pins_and_sound_of_a_pi(tmp_path) -> None:
    machine = pi(
        tmp_path,
        **{
            "proc__device-tree__model": "Raspberry Pi 4\0",
            "proc__asound__cards": "--- no soundcards",
        },
    )
    assert checks.panel(Settings(), machine).state is State.BAD
    assert checks.sound(machine).state is State.WARN


def test_every_check_has_its_symptom_cause_and_cure() -> None:
    page = (ROOT / "hardware" / "symptoms.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [key for key in CHECKS if key not in {row[0].strip("`") for row in rows}] == []
    assert all(row[0].strip("`") in CHECKS for row in rows)
    assert all(cell.strip() for row in rows for cell in row if len(row) == 4)
