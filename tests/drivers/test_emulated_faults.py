"""Faults of the emulated bus happen when they are ordered, as Linux would report them."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from device.drivers.emulated.chip import RESET_REGISTERS
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    FaultSchedule,
    LateConversion,
    LostAcknowledge,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)

CHIP, OTHER = 0x48, 0x49
CONVERSION, CONFIG, LOW, HIGH = range(4)
OS = 0x8000
A0_4V_860 = 0x4000 | 0x0200 | 0x0100 | 0x00E0 | 0x0003
"""Input 0 against ground, 4.096 V, single-shot, 860 samples/s, comparator off."""
CONVERSION_S = 25e-6 + 1 / 860


def fails_with(read: Callable[[], object]) -> int | None:
    try:
        read()
    except OSError as error:
        return error.errno
    return None


def test_nobody_answers_at_an_address_without_a_chip(wire_of) -> None:
    wire = wire_of(addresses=[CHIP])
    assert fails_with(lambda: wire.read(OTHER)) == errno.EREMOTEIO


def test_no_acknowledge_for_a_while(wire_of) -> None:
    wire = wire_of(faults=[NoAcknowledge(CHIP, 1.0, 2.0)])
    assert wire.read(CHIP)
    wire.wait(1.0)
    assert fails_with(lambda: wire.read(CHIP)) == errno.EREMOTEIO
    assert wire.read(OTHER)
    wire.wait(1.0)
    assert wire.read(CHIP)


def test_stuck_sda_times_out_for_every_chip(wire_of) -> None:
    wire = wire_of(faults=[StuckSda(1.0, 2.0)])
    wire.wait(1.0)
    began_s = wire.clock.now_s()
    assert fails_with(lambda: wire.read(CHIP)) == errno.ETIMEDOUT
    assert fails_with(lambda: wire.read(OTHER)) == errno.ETIMEDOUT
    assert wire.clock.now_s() - began_s == pytest.approx(0.04)
    wire.wait(1.0)
    assert wire.read(CHIP)


def test_a_brown_out_leaves_reset_registers_and_no_conversion(wire_of) -> None:
    wire = wire_of()
    wire.set_config(CHIP, OS | A0_4V_860)
    now_s = wire.clock.now_s()
    wire.bus.order(BrownOut(CHIP, now_s + 0.0005, now_s + 0.0007))
    wire.wait(0.00055)
    assert fails_with(lambda: wire.read(CHIP)) == errno.EREMOTEIO
    wire.wait(CONVERSION_S)
    assert tuple(wire.register(CHIP, pointer) for pointer in range(4)) == RESET_REGISTERS


def test_a_brown_out_too_short_to_be_seen_resets_all_the_same(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, HIGH, 0x12, 0x34)
    wire.bus.order(BrownOut(CHIP, 1.0, 1.001))
    wire.wait(2.0)
    assert wire.register(CHIP, HIGH) == 0x7FFF


def test_a_late_conversion_takes_longer_than_the_data_sheet_allows(wire_of) -> None:
    wire = wire_of(faults=[LateConversion(CHIP, 0.0, 1.0, extra_s=0.01)])
    wire.set_config(CHIP, OS | A0_4V_860)
    wire.wait(0.01)
    assert not wire.register(CHIP, CONFIG) & OS
    wire.wait(CONVERSION_S)
    assert wire.register(CHIP, CONFIG) & OS


def test_a_disturbance_changes_the_configuration(wire_of) -> None:
    wire = wire_of(faults=[ChangedConfig(CHIP, 1.0, 0x2080)])
    wire.wait(1.0)
    assert wire.register(CHIP, CONFIG) & ~OS == 0x2080


def test_a_lost_acknowledge_fails_but_acts(wire_of) -> None:
    wire = wire_of(faults=[LostAcknowledge(CHIP, 0.0, 1.0)])
    assert fails_with(lambda: wire.write(CHIP, HIGH, 0x12, 0x34)) == errno.EREMOTEIO
    wire.wait(1.0)
    assert wire.register(CHIP, HIGH) == 0x1234


def test_swapped_addresses_exchange_chips_with_their_inputs(wire_of) -> None:
    wire = wire_of(
        lambda address, channel, t_s: 1.0 if address == CHIP else 2.0,
        faults=[SwappedAddress(CHIP, OTHER, 1.0, 2.0)],
    )
    seen = []
    for _ in range(3):
        wire.set_config(CHIP, OS | A0_4V_860)
        wire.wait(0.01)
        seen.append(wire.register(CHIP, CONVERSION))
        wire.wait(1.0)
    assert seen == [8000, 16000, 8000]


def test_two_chips_at_one_address_answer_with_the_zeros_of_both(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, HIGH, 0xF0, 0xF0)
    wire.write(OTHER, HIGH, 0xCC, 0xCC)
    wire.bus.order(WrongAddress(OTHER, CHIP, 1.0))
    wire.wait(1.0)
    assert wire.register(CHIP, HIGH) == 0xC0C0
    assert fails_with(lambda: wire.read(OTHER)) == errno.EREMOTEIO


def test_faults_that_are_over_are_forgotten() -> None:
    schedule = FaultSchedule(NoAcknowledge(CHIP, float(i), i + 0.5) for i in range(100))
    for i in range(100):
        assert len(schedule.acting(i + 0.25)) == 1
        assert schedule.next_change_s == i + 0.5
        assert schedule.acting(i + 0.75) == []
    assert schedule.next_change_s == float("inf")
