"""What goes wrong on the bus costs the readings it must, and never yields a false one.

Every frame of every test here is checked by `Scan.step`: a reading is missing or true to its own
time. The tests say what may be missing, for how long, and what is said about it.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import numpy as np
import pytest

from device.core.types import Frame
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

CHIP, OTHER = 0x49, 0x4B
STEP_S = 70e-6
"""Finer than the shortest transfer that matters (73 us): no two steps of the scan lie so close."""
FRAME_S = 0.0075


def whole(frames: list[Frame]) -> list[Frame]:
    return [frame for frame in frames if not np.isnan(frame.counts).any()]


def sweep(scan_of, fault_at, frames_per_s: float | None = None, **settings) -> list[set[int]]:
    """Order the fault at each moment of a frame in turn; returns which chips lost readings."""
    lost = []
    for moment in range(round(FRAME_S / STEP_S)):
        scan = scan_of(frames_per_s=frames_per_s, seed=moment, **settings)
        scan.run(FRAME_S)
        at_s = scan.clock.now_s() + moment * STEP_S
        scan.bus.order(*fault_at(at_s))
        lost.append(set().union(*(scan.missing(frame) for frame in scan.run(0.02))))
        assert not scan.missing(scan.run(0.03)[-1])
    return lost


@pytest.mark.parametrize("frames_per_s", [None, 100.0])
def test_a_brown_out_at_any_moment_is_noticed_in_its_frame(scan_of, frames_per_s) -> None:
    lost = sweep(scan_of, lambda at_s: [BrownOut(CHIP, at_s, at_s)], frames_per_s)
    assert all(chips <= {CHIP} for chips in lost)
    assert {CHIP} in lost


def test_two_brown_outs_in_a_frame_do_not_hide_the_first_ones_zero(scan_of) -> None:
    """The second has the chip set up anew before the frame is over, with a true signature."""
    for apart_s in (0.0016, 0.0031):
        lost = sweep(
            scan_of,
            lambda at_s, apart_s=apart_s: [
                BrownOut(CHIP, at_s, at_s),
                BrownOut(CHIP, at_s + apart_s, at_s + apart_s),
            ],
        )
        assert all(chips <= {CHIP} for chips in lost)


def test_a_longer_brown_out_at_any_moment_gives_no_false_reading(scan_of) -> None:
    lost = sweep(scan_of, lambda at_s: [BrownOut(CHIP, at_s, at_s + 0.0007)])
    assert all(chips == {CHIP} for chips in lost)


@pytest.mark.parametrize("config", [0x43E3, 0x53E3, 0x2080, 0x8583, 0x43C3])
def test_a_changed_configuration_at_any_moment_gives_no_false_reading(scan_of, config) -> None:
    """Other inputs, another mode, another rate; 0x2080 is what a noisy machine did to a chip."""
    lost = sweep(scan_of, lambda at_s: [ChangedConfig(CHIP, at_s, config)])
    assert all(chips <= {CHIP} for chips in lost)


@pytest.mark.parametrize("alone", [False, True])
def test_a_lost_acknowledge_at_any_moment_gives_no_false_reading(scan_of, mat, alone) -> None:
    """On one chip alone, and a fast bus, nothing stands between a failed order and the next."""
    settings = {}
    if alone:
        sensors = tuple(sensor for sensor in mat.sensors if sensor.address == OTHER)
        settings = {"of": dataclasses.replace(mat, sensors=sensors), "scl_hz": 1_000_000}
    lost = sweep(scan_of, lambda at_s: [LostAcknowledge(OTHER, at_s, at_s + 0.0001)], **settings)
    assert all(chips <= {OTHER} for chips in lost)
    assert {OTHER} in lost


def test_a_late_conversion_at_any_moment_gives_no_false_reading(scan_of) -> None:
    lost = sweep(scan_of, lambda at_s: [LateConversion(CHIP, at_s, at_s + 0.001, 0.003)])
    assert all(chips <= {CHIP} for chips in lost)
    assert {CHIP} in lost


def test_swapped_addresses_at_any_moment_give_no_reading_of_the_wrong_chip(scan_of) -> None:
    lost = sweep(scan_of, lambda at_s: [SwappedAddress(CHIP, OTHER, at_s, at_s + 0.012)])
    assert all(chips <= {CHIP, OTHER} for chips in lost)
    assert {CHIP, OTHER} in lost


def test_two_chips_at_one_address_at_any_moment_give_no_mixed_reading(scan_of) -> None:
    lost = sweep(scan_of, lambda at_s: [WrongAddress(CHIP, OTHER, at_s, at_s + 0.012)])
    assert all(chips <= {CHIP, OTHER} for chips in lost)
    assert {CHIP, OTHER} in lost


def test_an_unplugged_chip_costs_its_own_strips_only_and_no_time(scan_of, caplog) -> None:
    scan = scan_of(frames_per_s=None, faults=[NoAcknowledge(CHIP, 1.0, 4.0)])
    before = scan.run(1.0)
    gone = scan.run(3.0)
    after = scan.run(3.0)
    assert not scan.missing(before[-2])
    assert all(scan.missing(frame) == {CHIP} for frame in gone[1:])
    assert len(gone) / 3.0 > 0.99 * len(before)
    back = next(i for i, frame in enumerate(after) if not scan.missing(frame))
    assert after[back].t_s - 4.0 < 1.0
    assert whole(after[back:]) == after[back:]
    told = [record.message for record in caplog.records]
    assert len(told) == 2
    assert told[0].startswith("The chip 0x49 does not answer (remote i/o error): check its plug")
    assert told[1] == "The chip 0x49 is back."


def test_counters_tell_by_chip_what_failed(scan_of) -> None:
    scan = scan_of(
        faults=[NoAcknowledge(CHIP, 1.0, 2.0), BrownOut(OTHER, 1.0, 1.0)],
    )
    scan.run(1.5)
    during = scan.source.counters()
    assert [chip.answering for chip in during.chips.values()] == [True, False, True, False]
    problem = during.chips[CHIP].problem
    assert problem is not None
    assert problem.startswith("The chip 0x49 does not answer")
    assert during.chips[0x48].problem is None
    scan.run(3.5)
    counters = scan.source.counters()
    assert all(chip.answering and chip.problem is None for chip in counters.chips.values())
    silent, reset = counters.chips[CHIP], counters.chips[OTHER]
    assert 400 <= silent.failed_reads <= 600
    assert silent.resets == 0
    assert 1 <= reset.failed_reads <= 8
    assert reset.resets == 1
    assert counters.failed_reads == silent.failed_reads + reset.failed_reads
    for chip in counters.chips.values():
        assert chip.readings + chip.failed_reads == 4 * counters.frames


def test_a_plug_pulled_and_put_back_within_a_frame_is_noticed(scan_of, caplog) -> None:
    scan = scan_of(faults=[BrownOut(CHIP, 1.002, 1.004)])
    frames = scan.run(1.1)
    assert any(scan.missing(frame) == {CHIP} for frame in frames)
    assert not scan.missing(frames[-1])
    scan.run(1.5)
    assert len(caplog.records) == 2


def test_noise_costs_single_readings_and_is_not_called_a_lost_chip(scan_of, caplog) -> None:
    noise = [NoAcknowledge(CHIP, 0.5 + i / 10, 0.501 + i / 10) for i in range(20)]
    scan = scan_of(frames_per_s=None, faults=noise)
    scan.run(3.0)
    assert not caplog.records
    assert 10 <= scan.source.counters().failed_reads <= 80


def test_a_loose_plug_is_not_logged_each_time_it_moves(scan_of, caplog) -> None:
    loose = [BrownOut(CHIP, 1 + i / 20, 1 + i / 20 + 0.02) for i in range(100)]
    scan = scan_of(faults=loose)
    scan.run(10.0)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert caplog.records[1].message == "The chip 0x49 is back."


def test_a_chip_whose_conversions_are_always_late_delays_nobody(scan_of, caplog) -> None:
    scan = scan_of(frames_per_s=None, faults=[LateConversion(CHIP, 1.0, 4.0, extra_s=0.05)])
    before = scan.run(1.0)
    late = scan.run(3.0)
    after = scan.run(2.0)
    assert all(scan.missing(frame) == {CHIP} for frame in late[2:-20])
    assert len(late) / 3.0 > 0.95 * len(before)
    assert not scan.missing(after[-1])
    assert scan.source.counters().chips[CHIP].late_conversions > 0
    assert caplog.records[0].message.startswith("The chip 0x49 does not finish its conversions")
    assert [record.message for record in caplog.records[1:]] == ["The chip 0x49 is back."]


def test_a_stuck_bus_hangs_nothing_and_is_found_free_within_a_second(scan_of, caplog) -> None:
    scan = scan_of(faults=[StuckSda(1.0, 4.0)])
    scan.run(1.0)
    stuck = scan.run(3.0)
    after = scan.run(3.0)
    assert all(len(scan.missing(frame)) == 4 for frame in stuck[1:-1])
    assert len(stuck) > 240, "frames without readings still come, so that everyone knows"
    assert np.diff([frame.t_s for frame in stuck]).max() < 0.1
    back = next(frame for frame in after if not scan.missing(frame))
    assert back.t_s - 4.0 < 1.0
    assert len(caplog.records) == 8


def test_chips_that_are_missing_at_the_start_are_found_when_plugged_in(scan_of, mat) -> None:
    faults: list[Fault] = [NoAcknowledge(address, 0.0, 3.0) for address in mat.addresses]
    scan = scan_of(faults=faults[:3])
    assert {0x48, 0x49, 0x4A} == scan.missing(scan.step())
    scan.run(3.0)
    assert not scan.missing(scan.run(1.0)[-1])


def test_without_any_chip_frames_come_at_their_pace_and_are_empty(scan_of) -> None:
    for frames_per_s, most in ((100.0, 101), (None, 1001)):
        scan = scan_of(frames_per_s=frames_per_s, addresses=[])
        frames = scan.run(1.0)
        assert 90 <= len(frames) <= most
        assert np.isnan([frame.counts for frame in frames]).all()
        assert (np.diff([frame.t_s for frame in frames]) > 0).all()


def test_chips_with_exchanged_wires_stay_missing_until_they_are_put_right(scan_of, caplog) -> None:
    scan = scan_of(faults=[SwappedAddress(CHIP, OTHER, 1.0, 3.0)])
    scan.run(1.0)
    swapped = scan.run(2.0)
    assert all(scan.missing(frame) == {CHIP, OTHER} for frame in swapped)
    assert not scan.missing(scan.run(1.0)[-1])
    assert sorted(record.message[:38] for record in caplog.records[:2]) == [
        "The chip of address 0x49 answers at 0x",
        "The chip of address 0x4b answers at 0x",
    ]


def test_a_conversion_that_nobody_ordered_between_frames_is_not_taken_for_ours(scan_of) -> None:
    """A disturbance starts input 0 just before the frame does; its result would come in time."""
    for early_s in np.arange(0.0, 0.0015, 25e-6):
        scan = scan_of(seed=7)
        last = scan.run(0.03)[-1]
        due_s = last.times_s.min() + 0.01 - 0.0008
        scan.bus.order(ChangedConfig(0x48, due_s - early_s, 0xC3E3 | 0x1000))
        scan.run(0.05)


def test_a_lock_held_by_someone_else_costs_readings_not_the_scan(scan_of) -> None:
    scan = scan_of()
    scan.run(0.5)
    scan.bus.try_lock()
    assert len(scan.missing(scan.step())) == 4
    scan.bus.unlock()
    assert not scan.missing(scan.run(1.0)[-1])


def test_a_chip_that_resets_at_every_conversion_delays_nobody(scan_of) -> None:
    """It answers and can be set up, again and again: each time would cost a millisecond."""
    sagging = [BrownOut(CHIP, 1 + i / 1000, 1 + i / 1000) for i in range(2000)]
    scan = scan_of(frames_per_s=None, faults=sagging)
    before = scan.run(1.0)
    during = scan.run(2.0)
    assert all(scan.missing(frame) == {CHIP} for frame in during[1:-1])
    assert len(during) / 2.0 > 0.95 * len(before)


class HoldUp:
    """A bus of a process that is held up whenever it has just heard that a chip is not ready."""

    def __init__(self, bus: EmulatedBus) -> None:
        self.bus = bus

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bus, name)

    def readfrom_into(self, address: int, buffer: bytearray, **slices: Any) -> None:
        self.bus.readfrom_into(address, buffer, **slices)
        if not buffer[0] & 0x80:
            clock = self.bus._clock
            clock.sleep_until(clock.now_s() + 0.005)


def test_a_held_up_process_does_not_call_a_chip_late(scan_of) -> None:
    scan = scan_of(wrap=HoldUp)
    frames = scan.run(2.0)
    assert not any(scan.missing(frame) for frame in frames)
