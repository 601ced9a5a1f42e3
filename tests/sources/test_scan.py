"""The scan of a healthy mat: fast, in time, each reading with its own time."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from device.cli.bench_scan import measure_scan
from device.core.mat import Mat
from device.drivers.clock import Clock
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.i2c import I2C
from device.sources.plan import plan_scan
from device.sources.scan import ScanSource

RATE_ERRORS: list[Any] = [-0.1, 0.0, 0.1, None]


def wire_of(mat: Mat, rate_error: float | None, seed: int = 0) -> tuple[I2C, Clock]:
    clock = VirtualClock()
    errors = None if rate_error is None else dict.fromkeys(mat.addresses, rate_error)
    bus = EmulatedBus(
        clock, lambda *_: 1.0, mat.electronics, mat.addresses, rate_errors=errors, seed=seed
    )
    return bus, clock


@pytest.mark.parametrize("rate_error", RATE_ERRORS, ids=["slow", "nominal", "fast", "mixed"])
def test_sixteen_channels_at_400_khz_and_860_samples_reach_150_frames_and_3_7_times_one_by_one(
    mat, rate_error
) -> None:
    """Whatever the chips' clocks are within their tolerance."""
    assert len(mat.channels) == 16
    rates = measure_scan(mat, lambda: wire_of(mat, rate_error), 400_000, frames=500)
    assert rates.frames_per_s >= 150
    assert rates.frames_per_s >= 3.7 * rates.one_by_one_frames_per_s
    assert rates.failed_reads == 0
    assert rates.one_by_one_frames_per_s < rates.frames_per_s < rates.limit_frames_per_s


@pytest.mark.parametrize("seed", range(8))
def test_any_four_chips_reach_it(mat, seed) -> None:
    rates = measure_scan(mat, lambda: wire_of(mat, None, seed), 400_000, frames=300)
    assert rates.frames_per_s >= 150
    assert rates.frames_per_s >= 3.7 * rates.one_by_one_frames_per_s


@pytest.mark.parametrize("frames_per_s", [None, 100.0])
def test_every_reading_is_its_channels_at_its_own_time(scan_of, frames_per_s) -> None:
    scan = scan_of(frames_per_s=frames_per_s)
    frames = scan.run(2.0)
    assert not np.isnan([frame.counts for frame in frames]).any()
    assert [frame.sequence for frame in frames] == list(range(len(frames)))
    for frame in frames:
        assert frame.t_s == frame.times_s.max()
        assert frame.t_s - frame.times_s.min() < 0.008
    rising = np.diff([frame.times_s for frame in frames], axis=0)
    assert (rising > 0).all()


def test_left_and_right_of_a_row_are_read_within_a_conversion(scan_of, mat) -> None:
    frames = scan_of().run(0.5)
    for row in mat.rows:
        left, right = mat.indices(row, "left"), mat.indices(row, "right")
        if left and right:
            apart_s = [frame.times_s[left[0]] - frame.times_s[right[0]] for frame in frames]
            assert np.abs(apart_s).max() < 0.0012


class Analyser:
    """Sits on the bus and notes which chip was started, which collected."""

    def __init__(self, bus: EmulatedBus) -> None:
        self.bus = bus
        self.notes: list[tuple[str, int, int]] = []
        self._channel: dict[int, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bus, name)

    def writeto(self, address: int, buffer: bytes, **slices: Any) -> None:
        self.bus.writeto(address, buffer, **slices)
        if len(buffer) == 3 and buffer[0] == 1 and buffer[1] & 0x80:
            assert buffer[1] & 0x01, "single-shot"
            self._channel[address] = buffer[1] >> 4 & 0x3
            self.notes.append(("start", address, self._channel[address]))

    def writeto_then_readfrom(self, address: int, out: bytes, into: bytearray, **slices: Any):
        self.bus.writeto_then_readfrom(address, out, into, **slices)
        if out[0] == 0:
            self.notes.append(("collect", address, self._channel[address]))


@pytest.mark.parametrize("frames_per_s", [None, 100.0])
def test_a_slot_is_started_on_all_chips_before_it_is_collected_from_any(
    scan_of, mat, frames_per_s
) -> None:
    scan = scan_of(frames_per_s=frames_per_s, wrap=Analyser)
    scan.run(0.1)
    notes = scan.source._chips[0x48]._i2c._i2c.notes
    for channel in range(4):
        of_slot = [(what, address) for what, address, slot in notes if slot == channel]
        whole = len(of_slot) // 8 * 8
        assert whole
        expected = [("start", a) for a in mat.addresses] + [("collect", a) for a in mat.addresses]
        assert of_slot[:whole] == expected * (whole // 8)


def part_of(mat: Mat, keep: set[tuple[int, int]]) -> Mat:
    """The mat with only those strips, and the reference."""
    sensors = tuple(s for s in mat.sensors if (s.address, s.channel) in keep)
    return dataclasses.replace(mat, sensors=sensors)


@pytest.mark.parametrize(
    "keep",
    [
        {(0x4B, 0)},
        {(0x48, 0), (0x48, 3)},
        {(0x48, 0), (0x48, 1), (0x49, 2), (0x49, 3), (0x4A, 1)},
        {(0x49, 0), (0x49, 1), (0x49, 2), (0x49, 3)},
    ],
    ids=["one chip", "two chips", "other slots on each", "one full chip"],
)
@pytest.mark.parametrize("frames_per_s", [None, 100.0])
def test_any_set_of_chips_and_channels_is_scanned(scan_of, mat, keep, frames_per_s) -> None:
    part = part_of(mat, keep)
    scan = scan_of(part, frames_per_s=frames_per_s)
    frames = scan.run(0.5)
    assert not np.isnan([frame.counts for frame in frames]).any()
    assert frames[0].counts.shape == (len(keep) + 1,)
    plan = plan_scan(part)
    places = [place for _, slot in plan.slots for place in slot.values()]
    assert sorted(places) == list(range(len(part.channels)))


@pytest.mark.parametrize("data_rate_hz", [8, 128, 475])
def test_slower_chips_are_waited_for(scan_of, mat, data_rate_hz) -> None:
    """On a mat whose inputs stand still, for a slow conversion is the mean of its time."""
    electronics = dataclasses.replace(mat.electronics, data_rate_hz=data_rate_hz)
    slow = dataclasses.replace(mat, electronics=electronics)
    clock = VirtualClock()
    bus = EmulatedBus(clock, lambda *_: 1.0, electronics, slow.addresses)
    frames = ScanSource(slow, bus, clock).frames()
    for _ in range(5):
        assert (next(frames).counts == 8000).all()


def test_frames_come_a_hundred_times_a_second_and_none_is_late(scan_of) -> None:
    scan = scan_of()
    frames = scan.run(3.0)
    settled_s = [frame.t_s for frame in frames[2:]]  # the first frame sets the chips up
    assert np.diff(settled_s) == pytest.approx(0.01, abs=0.0005)
    counters = scan.source.counters()
    assert counters.frames == len(frames) == pytest.approx(300, abs=2)
    assert counters.frames_per_s == pytest.approx(100, abs=0.5)
    assert counters.late_frames == 0
    assert counters.failed_reads == 0
    assert set(counters.chips) == {0x48, 0x49, 0x4A, 0x4B}
    for chip in counters.chips.values():
        assert (chip.answering, chip.readings, chip.resets) == (True, 4 * len(frames), 0)


def test_after_a_pause_of_the_reader_the_scan_goes_on_without_catching_up(scan_of) -> None:
    scan = scan_of()
    scan.run(0.5)
    scan.clock.sleep_until(scan.clock.now_s() + 1.0)
    frames = scan.run(0.5)
    assert len(frames) <= 51
    assert scan.source.counters().late_frames == 1


def test_a_source_that_stands_still_has_no_rate(scan_of) -> None:
    scan = scan_of()
    scan.run(0.5)
    scan.clock.sleep_until(scan.clock.now_s() + 5.0)
    assert scan.source.counters().frames_per_s == 0


def test_closing_ends_the_frames_and_gives_the_bus_back(mat) -> None:
    i2c, clock = wire_of(mat, 0.0)
    released = []
    source = ScanSource(mat, i2c, clock, release=lambda: released.append(True))
    count = 0
    for _ in source.frames():
        count += 1
        if count == 3:
            assert not released
            source.close()
    assert count == 3
    assert released == [True]


def test_the_name_says_what_it_is(mat) -> None:
    i2c, clock = wire_of(mat, 0.0)
    assert ScanSource(mat, i2c, clock).name == "mat"
    assert ScanSource(mat, i2c, clock, name="demo").name == "demo"
