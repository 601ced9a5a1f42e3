"""Frames become ticks of 20 ms whatever their rate, and a failed reading is never a number."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.calibration import Calibration, Curve, datasheet_calibration
from device.core.filtering import MOST_FRAMES, TICK_S, Tick, TickFilter
from device.core.forces import HOLD_S, Forces
from device.core.types import FloatArray
from tests.core.excerpts import MAT, excerpt

CHANNELS = len(MAT.channels)
PRELOADED = Calibration(
    MAT,
    "preloaded",
    True,
    {n: Curve(np.array([0.0, 10.0, 80.0]), np.array([5e-5, 6e-4, 4e-3])) for n in MAT.names},
)


def frame(value: float) -> FloatArray:
    return np.full(CHANNELS, value)


def ticks(source: TickFilter, times_s: list[float], values: list[float]) -> list[Tick]:
    done = [source.add(t_s, frame(value)) for t_s, value in zip(times_s, values, strict=True)]
    return [tick for tick in [*done, source.flush()] if tick is not None]


@pytest.mark.parametrize("rate_hz", [60.0, 100.0, 150.0, 400.0])
def test_there_is_a_tick_every_20_ms_at_any_frame_rate(rate_hz: float) -> None:
    times_s = (np.arange(round(rate_hz * 2)) / rate_hz).tolist()
    found = ticks(TickFilter(PRELOADED), times_s, [5000.0] * len(times_s))
    assert len(found) == pytest.approx(2 / TICK_S, abs=1)


def test_a_tick_is_the_mean_of_its_frames_at_their_mean_time() -> None:
    found = ticks(TickFilter(PRELOADED), [10.0, 10.01, 10.025], [1000.0, 2000.0, 4000.0])
    assert [tick.t_s for tick in found] == pytest.approx([10.005, 10.025])
    assert [float(tick.counts[0]) for tick in found] == [1500.0, 4000.0]


def test_a_gap_has_no_ticks() -> None:
    found = ticks(TickFilter(PRELOADED), [0.0, 0.5, 0.501], [1000.0] * 3)
    assert [tick.t_s for tick in found] == pytest.approx([0.0, 0.5005])


def test_a_failed_reading_is_left_out_of_the_mean() -> None:
    source = TickFilter(PRELOADED)
    broken = frame(3000.0)
    broken[2] = np.nan
    source.add(0.0, frame(1000.0))
    source.add(0.005, broken)
    tick = source.flush()
    assert tick is not None
    assert tick.counts[2] == 1000.0
    assert tick.counts[3] == 2000.0
    assert tick.open_channels == ()


@pytest.mark.parametrize("value", [1e300, -1e300, 40000.0, -40000.0, np.nan])
def test_what_no_converter_can_read_is_missing(value: float) -> None:
    source = TickFilter(PRELOADED)
    source.add(0.0, frame(value))
    tick = source.flush()
    assert tick is not None
    assert np.isnan(tick.counts[: len(MAT.names)]).all()


def test_an_open_circuit_is_told_from_an_empty_strip() -> None:
    source = TickFilter(PRELOADED)
    empty_counts = 3.3 / MAT.electronics.volts_per_count * (0.05 / 1.05)
    readings = frame(empty_counts)
    readings[4] = 2.0
    source.add(0.0, readings)
    tick = source.flush()
    assert tick is not None
    assert tick.open_channels == (4,)
    assert np.isnan(tick.counts[4])


def test_a_strip_that_reads_nothing_when_empty_is_never_called_open() -> None:
    source = TickFilter(datasheet_calibration(MAT))
    source.add(0.0, frame(0.0))
    tick = source.flush()
    assert tick is not None
    assert tick.open_channels == ()


def test_a_clock_that_stands_still_fills_no_memory() -> None:
    source = TickFilter(PRELOADED)
    for _ in range(10 * MOST_FRAMES):
        source.add(1.0, frame(1000.0))
    assert len(source._frames) <= MOST_FRAMES + 1
    tick = source.flush()
    assert tick is not None
    assert tick.counts[0] == 1000.0


def test_a_short_loss_is_bridged_and_a_long_one_is_missing() -> None:
    forces = Forces(excerpt("each_leg").calibration)
    whole = excerpt("each_leg").counts[3000].copy()
    lost = whole.copy()
    lost[0] = np.nan
    before = forces.update(Tick(0.0, whole))[0]
    after = [forces.update(Tick(0.02 * k, lost))[0] for k in range(1, 40)]
    held = round(HOLD_S / 0.02)
    assert after[: held - 1] == [before] * (held - 1)
    assert np.isnan(after[held + 2 :]).all()
    assert forces.update(Tick(1.0, whole))[0] == before


def test_one_moment_and_a_whole_recording_give_the_same_newtons() -> None:
    source = excerpt("loose_strip")
    rows = source.counts[::50].copy()
    rows[3, 2] = np.nan
    rows[5, -1] = np.nan
    rows[7] = -5.0
    rows[9] = 32767.0
    many = source.calibration.forces_n(rows)
    single = np.array([source.calibration.forces_of_tick(row) for row in rows])
    np.testing.assert_allclose(single, many, rtol=1e-3, atol=1e-6)
