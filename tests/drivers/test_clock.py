"""Clocks: real ones wait, virtual ones jump, paced ones keep up with few wake-ups."""

from __future__ import annotations

import resource
import time

import pytest

from device.drivers.clock import Clock, RealClock
from device.drivers.emulated.clock import LEAD_S, PATIENCE_S, PacedClock, VirtualClock

ROUNDING_S = 1e-9
CLOCKS = [RealClock(), VirtualClock(), PacedClock(), PacedClock(speed=5.0)]


@pytest.mark.parametrize("clock", CLOCKS, ids=["real", "virtual", "paced", "quick"])
def test_after_sleeping_it_is_at_least_that_time_and_a_past_time_returns_at_once(
    clock: Clock,
) -> None:
    began_s = clock.now_s()
    for wait_s in (0.02, 0.0001, 0.001, -1.0):
        until_s = clock.now_s() + wait_s
        clock.sleep_until(until_s)
        assert clock.now_s() >= until_s
    assert clock.now_s() - began_s >= 0.0211


def test_an_hour_of_virtual_time_takes_no_time() -> None:
    clock = VirtualClock()
    began_s = time.monotonic()
    clock.sleep_until(3600.0)
    assert clock.now_s() == 3600.0
    assert time.monotonic() - began_s < 60.0


@pytest.mark.parametrize("speed", [1.0, 10.0])
def test_a_paced_clock_never_leads_by_more_than_its_lead_and_never_lags_in_real_time(
    speed: float,
) -> None:
    clock = PacedClock(speed)
    zero_s = clock.now_s()
    real_zero_s = time.monotonic()
    for _ in range(2000):
        clock.sleep_until(clock.now_s() + 0.0001 * speed)
        before_s = time.monotonic() - real_zero_s
        paced_s = (clock.now_s() - zero_s) / speed
        after_s = time.monotonic() - real_zero_s
        assert paced_s < after_s + LEAD_S + 1e-3
        assert before_s - 1e-3 < paced_s or speed > 1.0


def test_held_up_a_fast_clock_waits_and_one_of_real_time_does_not() -> None:
    for speed, slowest_s, fastest_s in [(1.0, 0.1, 60.0), (4.0, 0.0, PATIENCE_S)]:
        clock = PacedClock(speed)
        began_s = clock.now_s()
        time.sleep(0.1)
        passed_s = clock.now_s() - began_s
        # Read from the monotonic clock, a difference has the rounding of hours counted in seconds.
        assert slowest_s <= passed_s <= fastest_s + ROUNDING_S


def test_a_paced_clock_changes_its_pace_without_a_leap() -> None:
    clock = PacedClock()
    for speed in (6.0, 0.25, 1.0):
        before_s, real_s = clock.now_s(), time.monotonic()
        clock.set_speed(speed)
        took_s = time.monotonic() - real_s
        assert 0.0 <= clock.now_s() - before_s <= 6.0 * took_s + PATIENCE_S


def test_a_paced_clock_wakes_up_for_few_of_the_transfers() -> None:
    clock = PacedClock()
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
    for _ in range(2000):
        clock.sleep_until(clock.now_s() + 0.0001)
    assert resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before < 200
