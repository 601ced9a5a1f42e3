"""The drivers on the mat's chips: the same tests for the emulated ones and, by `-m rig`, on a Pi.

The rig needs the mat's four chips on bus 1, and nobody on the mat.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from device.drivers.ads1115 import (
    ResetError,
    StartableAds1115,
    longest_conversion_s,
    shortest_conversion_s,
    signature,
)
from device.drivers.scanned_chip import BACK_AFTER_S
from device.sources.scan import ScanSource

CHIP = 0x48
HOST_S = 0.002
"""What a Pi may add to a transfer when it is busy with something else."""


def test_every_channel_of_every_chip_converts_within_the_data_sheets_limits(hardware, mat) -> None:
    i2c, clock = hardware
    rate_hz = mat.electronics.data_rate_hz
    supply_counts = mat.electronics.supply_v / mat.electronics.volts_per_count
    for address in mat.addresses:
        chip = StartableAds1115(i2c, address, mat.electronics)
        for channel in range(4):
            assert chip.done()
            asked_s = clock.now_s()
            chip.start(channel)
            started_s = clock.now_s()
            while not chip.done(channel):
                assert clock.now_s() - started_s < longest_conversion_s(rate_hz) + HOST_S
            assert clock.now_s() - asked_s > shortest_conversion_s(rate_hz)
            assert -10 <= chip.result() <= 1.01 * supply_counts
            chip.check_signature()


def test_starting_does_not_wait_for_the_conversion(hardware, mat) -> None:
    i2c, _ = hardware
    chip = StartableAds1115(i2c, CHIP, mat.electronics)
    chip.start(0)
    assert not chip.done(0)


def test_a_chip_that_was_set_up_holds_what_it_was_given(hardware, mat) -> None:
    i2c, _ = hardware
    chip = StartableAds1115(i2c, CHIP, mat.electronics)
    chip.start(1)
    registers = []
    for pointer in (1, 2, 3):
        answer = bytearray(2)
        assert i2c.try_lock()
        i2c.writeto_then_readfrom(CHIP, bytes([pointer]), answer)
        i2c.unlock()
        registers.append(int.from_bytes(answer, "big"))
    config, low, high = registers
    assert config & 0x7FFF == 0x53E3  # input 1 to ground, 4.096 V, single-shot, 860, no comparator
    assert (low, high) == (0x8000, signature(CHIP))


def general_call_reset(i2c) -> None:
    """What a brown-out does to every chip, at a moment of our choosing: section 7.5.1.2."""
    assert i2c.try_lock()
    i2c.writeto(0x00, b"\x06")
    i2c.unlock()


def test_a_reset_is_noticed_by_question_and_by_signature(hardware, mat) -> None:
    i2c, clock = hardware
    chip = StartableAds1115(i2c, CHIP, mat.electronics)
    chip.start(0)
    general_call_reset(i2c)
    clock.sleep_until(clock.now_s() + 0.002)
    with pytest.raises(ResetError, match="configuration"):
        chip.done(0)
    with pytest.raises(ResetError, match="signature"):
        chip.check_signature()
    StartableAds1115(i2c, CHIP, mat.electronics).check_signature()


def test_frames_are_complete_in_time_and_the_reference_is_at_its_voltage(hardware, mat) -> None:
    i2c, clock = hardware
    source = ScanSource(mat, i2c, clock)
    frames = list(itertools.islice(source.frames(), 300))
    counts = np.array([frame.counts for frame in frames])
    assert not np.isnan(counts).any()
    assert (np.diff([frame.times_s for frame in frames], axis=0) > 0).all()
    reference_v = counts[:, -1] * mat.electronics.volts_per_count
    assert reference_v == pytest.approx(mat.reference.nominal_v, rel=0.03)
    counters = source.counters()
    assert counters.frames_per_s > 90
    assert counters.failed_reads == 0
    assert all(chip.answering for chip in counters.chips.values())


def test_a_reset_of_all_chips_while_scanning_is_over_within_a_second(hardware, mat, caplog) -> None:
    i2c, clock = hardware
    source = ScanSource(mat, i2c, clock)
    frames = source.frames()
    for _ in range(20):
        next(frames)
    general_call_reset(i2c)
    reset_s = clock.now_s()
    after = list(itertools.islice(frames, 50 + round(110 * BACK_AFTER_S)))
    missing = [np.isnan(frame.counts).any() for frame in after]
    assert any(missing)
    whole = next(frame for frame, gap in zip(after, missing, strict=True) if not gap)
    assert whole.t_s - reset_s < 1.0
    assert not any(missing[50:])
    assert [chip.resets for chip in source.counters().chips.values()] == [1, 1, 1, 1]
    assert len(caplog.records) == 8
