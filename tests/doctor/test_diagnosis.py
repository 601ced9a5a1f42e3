"""For every fault that the emulator can order, and every way a strip breaks, the doctor names the
right cause, and calls nothing else bad."""

from __future__ import annotations

import errno
import math
import os
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from device.core.calibration import datasheet_calibration
from device.doctor.findings import Finding, State, exit_code, worst
from device.doctor.machine import Machine
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    Fault,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)
from device.drivers.i2c import PULL_UPS
from device.workshop.circuit import PI_PULL_UP_OHM, SCL, SDA, SUPPLY, ohms_of
from device.workshop.netlist import read_netlist

HARDWARE = Path(__file__).parents[2] / "hardware"
CHIP, OTHER = 0x49, 0x4A
AT_S = 0.5


def of(findings: list[Finding], key: str, subject: str = "") -> Finding:
    """The one finding of that check and subject that is not ok."""
    (found,) = [
        finding
        for finding in findings
        if finding.key == key and finding.state is not State.OK and subject in finding.subject
    ]
    return found


CONSEQUENCES = {
    "SwappedAddress, in running": {("chip", "0x49")},
    "WrongAddress, in running": {("chip", "0x49")},
}
"""Chips that are accused beside the one that is named."""


def test_nothing_is_wrong_with_a_sound_mat(examined) -> None:
    findings = examined()
    assert worst(findings) is State.OK
    assert exit_code(findings) == 0
    assert sum(finding.key == "strip" for finding in findings) == 15
    assert sum(finding.key == "chip" for finding in findings) == 4


NOISE = [LostAcknowledge(CHIP, at / 10, at / 10 + 0.002) for at in range(1, 11)]


class Told(NamedTuple):
    """A fault, the line that the doctor makes of it, and words of its figure and its remedy."""

    faults: list[Fault]
    key: str
    state: State
    subject: str
    figure: str
    remedy: str


FAULTS = {
    "NoAcknowledge": Told(
        [NoAcknowledge(CHIP, 0.0)],
        "chip",
        State.BAD,
        "0x49",
        "does not answer",
        "ADDR pin to VDD",
    ),
    "NoAcknowledge, in running": Told(
        [NoAcknowledge(CHIP, AT_S)],
        "chip",
        State.BAD,
        "0x49",
        "does not answer",
        "plug and cable",
    ),
    "LostAcknowledge": Told(
        NOISE, "chip", State.WARN, "0x49", "readings failed on the way", "noise"
    ),
    "StuckSda": Told([StuckSda(AT_S)], "i2c", State.BAD, "", "SDA or SCL is held low", "short"),
    "LateConversion": Told(
        [LateConversion(CHIP, AT_S, AT_S + 0.05)],
        "chip",
        State.WARN,
        "0x49",
        "not finished in time",
        "replace",
    ),
    "BrownOut": Told(
        [BrownOut(CHIP, AT_S, AT_S + 0.01)],
        "chip",
        State.WARN,
        "0x49",
        "has lost its",
        "supply",
    ),
    "ChangedConfig": Told(
        [ChangedConfig(CHIP, AT_S, 0x2080)],
        "chip",
        State.WARN,
        "0x49",
        "without a reset",
        "disturbance",
    ),
    "SwappedAddress": Told(
        [SwappedAddress(OTHER, 0x4B, 0.0)],
        "chip",
        State.BAD,
        "0x4a",
        "exchanged",
        "ADDR",
    ),
    "SwappedAddress, in running": Told(
        [SwappedAddress(0x48, CHIP, AT_S)],
        "chip",
        State.BAD,
        "0x48",
        "0x49 answers at 0x48",
        "ADDR",
    ),
    "WrongAddress": Told(
        [WrongAddress(CHIP, 0x48, 0.0)],
        "chip",
        State.BAD,
        "0x49",
        "two chips seem to answer at 0x48",
        "ADDR",
    ),
    "WrongAddress, in running": Told(
        [WrongAddress(CHIP, 0x48, AT_S)],
        "chip",
        State.BAD,
        "0x48",
        "two chips answer together",
        "ADDR",
    ),
}


def test_every_fault_that_can_be_ordered_has_its_row() -> None:
    kinds = {kind.__name__ for kind in get_args(Fault)}
    assert {name.split(",")[0] for name in FAULTS} == kinds, "give the new fault a row in FAULTS"


@pytest.mark.parametrize("name", FAULTS)
def test_for_every_fault_the_doctor_names_the_right_cause(examined, name) -> None:
    told = FAULTS[name]
    findings = examined(told.faults, 3.0 if told.key == "i2c" else 2.0)
    found = of(findings, told.key, told.subject)
    assert (found.state, found.subject) == (told.state, told.subject)
    assert told.figure in found.figure
    assert told.remedy in found.remedy
    # What follows from it is unknown or, as a slower scan, told as such; nothing else is accused.
    accused = {
        (other.key, other.subject) for other in findings if other.state in (State.WARN, State.BAD)
    }
    assert accused <= {(told.key, told.subject), ("rate", "")} | CONSEQUENCES.get(name, set())
    assert all(row.remedy for row in findings if row.state in (State.WARN, State.BAD))
    assert exit_code(findings) == (4 if State.BAD in {other.state for other in findings} else 3)


def test_the_strips_of_a_missing_chip_are_unknown_not_broken(examined) -> None:
    strips = [f for f in examined([NoAcknowledge(CHIP, 0.0)]) if f.key == "strip"]
    unknown = [strip for strip in strips if strip.state is not State.OK]
    assert {strip.state for strip in unknown} == {State.UNKNOWN}
    assert len(unknown) == 4


def test_a_bus_that_is_held_low_is_one_fault_not_four(examined) -> None:
    findings = examined([StuckSda(AT_S)], seconds=3.0)
    chips = [finding for finding in findings if finding.key == "chip"]
    assert {chip.state for chip in chips} == {State.UNKNOWN}


@pytest.mark.parametrize(("lost", "at"), [(0x49, 0x48), (0x4A, 0x48), (0x4A, 0x4B), (0x4B, 0x49)])
def test_a_missing_strap_is_told_from_a_missing_chip(examined, lost, at) -> None:
    """The chip takes another's address, where two then answer."""
    chip = of(examined([WrongAddress(lost, at, 0.0)]), "chip")
    assert (chip.state, chip.subject) == (State.BAD, f"{lost:#x}")
    assert f"two chips seem to answer at {at:#x}" in chip.figure
    assert "ADDR" in chip.remedy


BROKEN = {
    "open": lambda t_s, sound_v: 0.0002,
    "loose": lambda t_s, sound_v: sound_v if t_s % 0.4 > 0.1 else 0.0,
    "shorted": lambda t_s, sound_v: 3.29,
    "stuck": lambda t_s, sound_v: 0.4,
    "noisy": lambda t_s, sound_v: sound_v + 0.05 * math.sin(1e4 * t_s),
    "offset": lambda t_s, sound_v: 1.6 + (sound_v % 0.001),
}


@pytest.mark.parametrize("how", BROKEN)
def test_each_way_a_strip_breaks_is_named_on_the_empty_mat(examined, how) -> None:
    strip = of(examined(asis_left=BROKEN[how]), "strip")
    assert strip.subject == "asis_left"
    assert strip.figure.startswith(how)
    assert strip.remedy


def test_two_bridged_strips_name_each_other(examined) -> None:
    def bridged(t_s: float, _sound_v: float) -> float:
        return 0.3 + 0.002 * math.sin(30 * t_s)

    findings = examined(thigh_left=bridged, knee_right=bridged)
    assert "same as knee_right" in of(findings, "strip", "thigh_left").figure
    assert "same as thigh_left" in of(findings, "strip", "knee_right").figure


def test_under_a_body_noise_and_zero_are_unknown_not_ok(examined) -> None:
    findings = examined(seconds=8.0, empty=False)
    strips = [finding for finding in findings if finding.key == "strip"]
    assert {strip.state for strip in strips} == {State.UNKNOWN}
    assert "clear the mat" in strips[0].remedy


@pytest.mark.parametrize(
    ("share", "state"), [(1.0, State.OK), (0.96, State.WARN), (0.6, State.BAD)]
)
def test_the_supply_is_measured_by_the_reference(examined, share, state) -> None:
    findings = examined(reference=lambda t_s, sound_v: 1.65 * share)
    (supply,) = [finding for finding in findings if finding.key == "supply"]
    assert supply.state is state
    assert f"{3.3 * share:.2f} V" in supply.figure


def test_a_slow_bus_costs_frames_and_is_told(examined) -> None:
    (rate,) = [finding for finding in examined(scl_hz=50_000) if finding.key == "rate"]
    assert rate.state is State.BAD
    assert "bus clock" in rate.remedy


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_sound_mat_is_called_broken_by_the_data_sheets_curves(examined, mat, seed) -> None:
    findings = examined(seed=seed, curves=datasheet_calibration(mat))
    assert [finding for finding in findings if finding.state in (State.WARN, State.BAD)] == []


class FailingBus:
    """The emulated bus, whose kernel answers every transfer of one chip with an error."""

    def __init__(self, bus: EmulatedBus, code: int) -> None:
        self._bus = bus
        self._code = code

    def __getattr__(self, name: str) -> object:
        asked = getattr(self._bus, name)
        if name not in ("writeto", "readfrom_into", "writeto_then_readfrom"):
            return asked

        def transfer(address: int, *buffers: object, **places: int) -> None:
            if address == CHIP:
                raise OSError(self._code, os.strerror(self._code))
            asked(address, *buffers, **places)

        return transfer


def test_the_pull_ups_of_every_message_are_those_of_the_schematic() -> None:
    netlist = read_netlist((HARDWARE / "schematic" / "netlist.toml").read_text(encoding="utf-8"))
    for net in (SDA, SCL):
        (pull_up,) = netlist.between(net, SUPPLY, "r10k")
        assert f"{ohms_of(pull_up.value) / 1000:g} kOhm each from SDA and SCL" in PULL_UPS
        assert pull_up.ref in (HARDWARE / "symptoms.md").read_text(encoding="utf-8")
    assert f"Pi's own {PI_PULL_UP_OHM / 1000:g}" in PULL_UPS


@pytest.mark.parametrize(
    ("code", "figure", "remedy"),
    [
        (errno.EREMOTEIO, "does not answer", "plug and cable, then the wire from its ADDR pin"),
        (errno.EIO, "break off", "pull-ups"),
        (errno.EBUSY, "in use by somebody else", "dtoverlay"),
    ],
)
def test_what_the_kernel_says_of_a_chip_is_explained(examined, code, figure, remedy) -> None:
    chip = of(examined(wrap=lambda bus: FailingBus(bus, code)), "chip")
    assert (chip.state, chip.subject) == (State.BAD, "0x49")
    assert figure in chip.figure
    assert os.strerror(code).lower() in chip.figure
    assert remedy in chip.remedy


def test_a_kernel_driver_that_holds_a_chip_is_named(examined, tmp_path) -> None:
    (tmp_path / "sys/bus/i2c/devices/1-0049/driver").mkdir(parents=True)
    bus = of(examined(name="mat", machine=Machine(tmp_path)), "i2c")
    assert bus.state is State.BAD
    assert "kernel driver holds 0x49" in bus.figure
    assert "dtoverlay" in bus.remedy


@pytest.mark.parametrize(
    ("hz", "state"), [(400_000, State.OK), (100_000, State.WARN), (None, State.UNKNOWN)]
)
def test_the_bus_clock_is_what_the_device_tree_says(examined, tmp_path, hz, state) -> None:
    if hz is not None:
        node = tmp_path / "sys/class/i2c-adapter/i2c-1/of_node/clock-frequency"
        node.parent.mkdir(parents=True)
        node.write_bytes(hz.to_bytes(4, "big"))
    findings = examined(name="mat", machine=Machine(tmp_path))
    (clock,) = [finding for finding in findings if finding.key == "bus_clock"]
    assert clock.state is state
