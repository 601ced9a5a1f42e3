"""What the machine says of itself, read from a made-up root; what is not there is unknown."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from device.config import PanelSettings, PathSettings, Settings
from device.doctor import card as cards
from device.doctor import machine as checks
from device.doctor import power, units
from device.doctor.findings import CHECKS, Finding, State
from device.doctor.machine import DAY_S, Machine, machine_findings
from device.doctor.panel import panel
from device.doctor.symptoms import symptoms
from device.drivers.panel import Panel, PanelPins
from device.errors import BusError


def pi(root: Path, answers: Mapping[str, str] | None = None, **files: str) -> Machine:
    """A machine of these files, whose programs print these answers."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def ask(command: Sequence[str]) -> str | None:
        known = answers or {}
        return known.get(" ".join(command), known.get(command[0]))

    return Machine(root, ask)


def test_what_cannot_be_known_is_unknown_and_says_why(tmp_path) -> None:
    found = {finding.key: finding for finding in machine_findings(pi(tmp_path))}
    for key in set(found) - {"version"}:
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
    assert [finding.state for finding in power.power(machine)] == [now, boot]


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


def test_a_clock_behind_the_program_is_made_up_whatever_the_network_says(tmp_path) -> None:
    machine = Machine(
        tmp_path, lambda _: "yes", lambda: checks.OWN_FILE.stat().st_mtime - 9 * DAY_S
    )
    found = checks.clock(machine)
    assert found.state is State.BAD
    assert "9 days behind" in found.figure


def test_without_vcgencmd_the_kernels_sensor_tells_now_and_its_log_what_was(tmp_path) -> None:
    quiet = pi(tmp_path, sys__class__hwmon__hwmon1__name="rpi_volt\n")
    assert [finding.state for finding in power.power(quiet)] == [State.UNKNOWN] * 2
    quiet = pi(tmp_path, sys__class__hwmon__hwmon1__in0_lcrit_alarm="0\n")
    assert [finding.state for finding in power.power(quiet)] == [State.OK] * 2
    logged = pi(tmp_path, {"journalctl": "hwmon hwmon1: Undervoltage detected!"})
    assert [finding.state for finding in power.power(logged)] == [State.OK, State.WARN]
    low = pi(tmp_path, sys__class__hwmon__hwmon1__in0_lcrit_alarm="1\n")
    assert next(iter(power.power(low))).state is State.BAD


UNITS = """pronemat-device.service loaded active running Mat
pronemat-web.service loaded active running Pages
pronemat-kiosk.service loaded active running Screen"""
BROKEN = UNITS.replace(
    "pronemat-web.service loaded active running", "pronemat-web.service loaded failed failed"
)
FAILURE = (
    "2026-05-02T10:00:01+0200 box systemd[1]: pronemat-web.service: Failed with result 'watchdog'."
)


def unit_states(machine: Machine, served: units.Served | None) -> dict[str, Finding]:
    return {found.key: found for found in units.unit_findings(Settings(), machine, served)}


def test_services_that_run_and_never_failed_are_well(tmp_path) -> None:
    machine = pi(tmp_path, {"systemctl": UNITS}, proc__77__comm="chromium\n")
    found = unit_states(machine, lambda _: None)
    assert {finding.state for finding in found.values()} == {State.OK}
    assert "3 of 3 active" in found["services"].figure


def test_a_failed_service_is_named_with_its_log_and_its_page_is_missed(tmp_path) -> None:
    machine = pi(tmp_path, {"systemctl": BROKEN, "journalctl": FAILURE})
    found = unit_states(machine, lambda _: "connection refused")
    assert found["services"].state is State.BAD
    assert "2026-05-02T10:00:01 pronemat-web.service" in found["services"].figure
    assert "'watchdog'" in found["services"].figure
    assert "journalctl -u pronemat-web.service" in found["services"].remedy
    assert found["page"].state is State.BAD
    assert "connection refused" in found["page"].figure


def test_a_service_that_came_back_is_told_with_its_last_failure(tmp_path) -> None:
    restarts = "Id=pronemat-device.service\nNRestarts=0\n\nId=pronemat-web.service\nNRestarts=2"
    answers = {"systemctl": UNITS, " ".join(units.RESTARTS): restarts, "journalctl": FAILURE}
    found = unit_states(pi(tmp_path, answers), lambda _: None)["services"]
    assert found.state is State.WARN
    assert "pronemat-web.service restarted 2 times" in found.figure
    assert "10:00:01" in found.figure


def test_a_kiosk_without_a_browser_is_bad_only_where_one_could_be_seen(tmp_path) -> None:
    found = unit_states(pi(tmp_path / "hidden", {"systemctl": UNITS}), None)
    assert found["browser"].state is State.OK
    assert found["page"].state is State.OK
    machine = pi(tmp_path / "open", {"systemctl": UNITS}, proc__1__comm="systemd\n")
    found = unit_states(machine, None)
    assert found["browser"].state is State.BAD
    assert "restart pronemat-kiosk" in found["browser"].remedy


def test_the_page_is_asked_for_where_a_server_that_listens_everywhere_is(tmp_path) -> None:
    asked = []
    settings = Settings()
    units.page(settings, (), lambda address: asked.append(address))
    assert asked == ["http://127.0.0.1:8460/"]
    assert units.served_at("http://127.0.0.1:1/") is not None


def carded(root: Path, data: Path, **files: str) -> tuple[Settings, Machine]:
    """The block device that `data` lies on, made up: a partition of a card with these files."""
    number = data.stat().st_dev
    card = root / "sys/devices/mmc0/mmcblk0"
    (card / "mmcblk0p2").mkdir(parents=True)
    (card / "device").mkdir()
    for name, text in files.items():
        (card / "device" / name).write_text(text, encoding="ascii")
    block = root / "sys/dev/block"
    block.mkdir(parents=True)
    (block / f"{os.major(number)}:{os.minor(number)}").symlink_to(card / "mmcblk0p2")
    return Settings(paths=PathSettings(data=data)), pi(root)


@pytest.mark.parametrize(
    ("life", "reserve", "state", "words"),
    [
        ("0x01 0x02", "0x01", State.OK, "10 to 20 % of its life"),
        ("0x09 0x01", "0x01", State.WARN, "80 to 90 %"),
        ("0x03 0x01", "0x02", State.WARN, "20 to 30 %"),
        ("0x0b 0x01", "0x01", State.BAD, "its life is over"),
        ("0x01 0x01", "0x03", State.BAD, "0 to 10 %"),
        ("0x00 0x00", "0x00", State.UNKNOWN, "does not tell its wear"),
    ],
)
def test_an_emmc_tells_its_wear(tmp_path, life, reserve, state, words) -> None:
    settings, machine = carded(
        tmp_path / "root", tmp_path, type="MMC", life_time=life, pre_eol_info=reserve
    )
    found = cards.card(settings, machine)
    assert found.state is state
    assert words in found.figure
    assert "eMMC" in found.figure
    assert ("backup" in found.remedy) == (state in (State.WARN, State.BAD))


def test_an_sd_card_does_not_tell_its_wear_but_its_file_system_its_errors(tmp_path) -> None:
    settings, machine = carded(tmp_path / "root", tmp_path, type="SD", date="04/2023")
    found = cards.card(settings, machine)
    assert found.state is State.UNKNOWN
    assert "an SD card of 04/2023 does not tell its wear" in found.figure
    pi(tmp_path / "root", sys__fs__ext4__mmcblk0p2__errors_count="2\n")
    found = cards.card(settings, machine)
    assert found.state is State.BAD
    assert "found 2 errors" in found.figure


def test_data_on_no_block_device_is_unknown(tmp_path) -> None:
    assert cards.card(Settings(), pi(tmp_path)).state is State.UNKNOWN


def a_pi(root: Path) -> Machine:
    return pi(root, **{"proc__device-tree__model": "Raspberry Pi 4\0"})


@contextmanager
def mock_pins(pins: PanelSettings, *, held: bool = False):
    factory = MockFactory()
    opened = Panel(PanelPins(pins.led_pin, pins.buzzer_pin, pins.button_pin), factory)
    if held:
        factory.pin(pins.button_pin).drive_low()
    yield opened
    opened.close()


@contextmanager
def no_pins(pins: PanelSettings):
    raise BusError("The panel's pins cannot be opened (no access): add the user to the group gpio.")
    yield


def test_the_panels_pins_are_tried_where_nobody_has_them(tmp_path) -> None:
    machine, settings = a_pi(tmp_path), Settings()
    assert panel(settings, machine, None, mock_pins).state is State.OK
    assert "the daemon has them" in panel(settings, machine, "the daemon", no_pins).figure
    refused = panel(settings, machine, None, no_pins)
    assert (refused.state, "group gpio" in refused.remedy) == (State.BAD, True)
    held = panel(settings, machine, None, lambda pins: mock_pins(pins, held=True))
    assert held.state is State.BAD
    assert "button is down all the time" in held.figure
    assert panel(settings, pi(tmp_path / "no"), None, no_pins).state is State.UNKNOWN


def test_a_pi_without_a_loudspeaker_is_told(tmp_path) -> None:
    assert checks.sound(pi(tmp_path, proc__asound__cards="--- no soundcards")).state is State.WARN


def test_every_check_has_its_symptom_cause_and_cure() -> None:
    rows = symptoms()
    assert list(rows) == list(CHECKS), "hardware/symptoms.md has another order or other checks"
    for key, lines in rows.items():
        assert lines, key
        for line in lines:
            assert line.symptom, key
            assert line.cure, key
            assert line.cause or key == "version"
