"""For every fault that the emulator can order, and every way a strip breaks, the doctor names the
right cause, and calls nothing else bad."""

from __future__ import annotations

import errno
import math
import os

import pytest

from device.core.calibration import datasheet_calibration
from device.doctor.findings import Finding, State, exit_code, worst
from device.doctor.machine import Machine
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)

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


def troubled(findings: list[Finding], state: State) -> set[str]:
    return {finding.key for finding in findings if finding.state is state}


def test_nothing_is_wrong_with_a_sound_mat(examined) -> None:
    findings = examined()
    assert worst(findings) is State.OK
    assert exit_code(findings) == 0
    assert sum(finding.key == "strip" for finding in findings) == 15
    assert sum(finding.key == "chip" for finding in findings) == 4


def test_an_unplugged_chip_is_named_with_the_pin_of_its_strap(examined) -> None:
    findings = examined([NoAcknowledge(CHIP, 0.0)])
    chip = of(findings, "chip")
    assert (chip.state, chip.subject) == (State.BAD, "0x49")
    assert "does not answer" in chip.figure
    assert "plug and cable" in chip.remedy
    assert "ADDR pin to VDD" in chip.remedy
    strips = [f for f in findings if f.key == "strip" and f.state is not State.OK]
    assert {strip.state for strip in strips} == {State.UNKNOWN}
    assert len(strips) == 4
    assert exit_code(findings) == 4


def test_a_chip_that_went_away_meanwhile_is_named(examined) -> None:
    assert of(examined([NoAcknowledge(CHIP, AT_S)]), "chip").subject == "0x49"


def test_noise_on_the_bus_is_told_from_a_missing_chip(examined) -> None:
    noise = [LostAcknowledge(CHIP, at / 10, at / 10 + 0.002) for at in range(1, 11)]
    chip = of(examined(noise), "chip")
    assert (chip.state, chip.subject) == (State.WARN, "0x49")
    assert "noise" in chip.remedy


def test_a_bus_that_is_held_low_is_one_fault_not_four(examined) -> None:
    findings = examined([StuckSda(AT_S)], seconds=3.0)
    assert troubled(findings, State.BAD) <= {"i2c", "rate"}
    assert "SDA or SCL is held low" in of(findings, "i2c").figure
    chips = [finding for finding in findings if finding.key == "chip"]
    assert {chip.state for chip in chips} == {State.UNKNOWN}


def test_a_slow_chip_is_to_be_replaced(examined) -> None:
    chip = of(examined([LateConversion(CHIP, AT_S, AT_S + 0.05)]), "chip")
    assert chip.subject == "0x49"
    assert "not finished in time" in chip.figure
    assert "replace" in chip.remedy


def test_a_brown_out_is_the_supply(examined) -> None:
    chip = of(examined([BrownOut(CHIP, AT_S, AT_S + 0.01)]), "chip")
    assert chip.subject == "0x49"
    assert "supply" in chip.remedy


def test_a_changed_configuration_is_a_disturbance_not_the_supply(examined) -> None:
    chip = of(examined([ChangedConfig(CHIP, AT_S, 0x2080)]), "chip")
    assert chip.subject == "0x49"
    assert "without a reset" in chip.figure
    assert "disturbance" in chip.remedy


def test_chips_exchanged_before_the_start_are_told_by_the_reference(examined) -> None:
    chip = of(examined([SwappedAddress(OTHER, 0x4B, 0.0)]), "chip")
    assert (chip.state, chip.subject) == (State.BAD, "0x4a")
    assert "exchanged" in chip.figure
    assert "ADDR" in chip.remedy


def test_chips_exchanged_while_running_are_told_by_their_signatures(examined) -> None:
    findings = examined([SwappedAddress(0x48, CHIP, AT_S)])
    chip = of(findings, "chip", "0x48")
    assert "0x49 answers at 0x48" in chip.figure
    assert "ADDR" in chip.remedy


@pytest.mark.parametrize(("lost", "at"), [(0x49, 0x48), (0x4A, 0x48), (0x4A, 0x4B), (0x4B, 0x49)])
def test_a_missing_strap_is_told_from_a_missing_chip(examined, lost, at) -> None:
    """The chip takes another's address, where two then answer."""
    chip = of(examined([WrongAddress(lost, at, 0.0)]), "chip")
    assert (chip.state, chip.subject) == (State.BAD, f"{lost:#x}")
    assert f"two chips seem to answer at {at:#x}" in chip.figure
    assert "ADDR" in chip.remedy


def test_a_strap_that_comes_off_in_running_is_told_too(examined) -> None:
    findings = examined([WrongAddress(CHIP, 0x48, AT_S)])
    texts = [f.figure + f.remedy for f in findings if f.key == "chip" and f.state is State.BAD]
    assert any("ADDR" in text for text in texts)


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
    findings = examined(seconds=8.0)
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
