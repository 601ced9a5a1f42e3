"""A recording played back is a source like any other, and says that it is one."""

from __future__ import annotations

import math
import threading
import time

import numpy as np
import pytest

from device.drivers.emulated.clock import VirtualClock
from device.recording import Recording
from device.sources.replay import ReplaySource


def recording(frames: int = 301) -> Recording:
    """Three seconds at 100 Hz from second 50, with a gap of a second and two readings missing."""
    t_s = 50.0 + np.arange(frames) * 0.01
    t_s[200:] += 1.0
    counts = np.arange(frames * 2, dtype=float).reshape(frames, 2)
    counts[5, 1] = counts[7, 0] = math.nan
    return Recording(t_s, counts)


def test_it_is_called_replay() -> None:
    assert ReplaySource(recording()).name == "replay"


@pytest.mark.parametrize(("speed", "takes_s"), [(1.0, 4.0), (4.0, 1.0), (None, 0.0)])
def test_frames_come_in_their_own_time_at_the_chosen_pace(speed, takes_s) -> None:
    clock = VirtualClock(1000.0)
    given = recording()
    source = ReplaySource(given, speed=speed, clock=clock)
    frames, arrived_s = [], []
    for frame in source.frames():
        frames.append(frame)
        arrived_s.append(clock.now_s() - 1000.0)
    assert [frame.t_s for frame in frames] == given.t_s.tolist()
    np.testing.assert_array_equal([frame.counts for frame in frames], given.counts)
    assert [frame.sequence for frame in frames] == list(range(301))
    assert arrived_s[-1] == pytest.approx(takes_s)
    if speed is not None:
        assert arrived_s == pytest.approx(((given.t_s - 50.0) / speed).tolist())


def test_counters_tell_missing_readings_and_the_rate() -> None:
    clock = VirtualClock()
    source = ReplaySource(recording(), clock=clock)
    for _ in zip(range(150), source.frames(), strict=False):
        pass
    counters = source.counters()
    assert counters.frames_per_s == pytest.approx(100)
    assert counters.failed_reads == 2
    assert counters.late_frames == 0
    assert counters.chips == {}


def test_a_reader_that_is_too_slow_is_counted_as_late_frames() -> None:
    clock = VirtualClock()
    source = ReplaySource(recording(), clock=clock)
    for frame in source.frames():
        if frame.sequence == 100:
            clock.sleep_until(clock.now_s() + 0.105)
    assert source.counters().late_frames == pytest.approx(10, abs=1)


def test_closing_ends_it_even_in_a_gap() -> None:
    source = ReplaySource(Recording(np.array([0.0, 3600.0]), np.zeros((2, 1))))
    seen: list[float] = []
    reader = threading.Thread(target=lambda: seen.extend(f.t_s for f in source.frames()))
    reader.start()
    deadline_s = time.monotonic() + 5
    while not seen and time.monotonic() < deadline_s:
        time.sleep(0.005)
    source.close()
    reader.join(2)
    assert not reader.is_alive()
    assert seen == [0.0]
