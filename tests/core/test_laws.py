"""What must hold for every recording: mirrors, shifts, losses, and no look into the future."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.core.calibration import Calibration, datasheet_calibration
from device.core.pipeline import Pipeline
from device.core.types import Event, FloatArray, Live
from tests.core.excerpts import (
    MAT,
    MODEL,
    NAMES,
    Excerpt,
    events_of,
    excerpt,
    force_table,
    reps,
    run,
    sides,
    verdicts,
)

FEW = settings(max_examples=2, deadline=None, derandomize=True)
"""Beside the examples written down, which are the outermost: a run is 7000 frames."""
ANY_EXCERPT = st.sampled_from(NAMES)
SEEDS = st.integers(0, 2**32 - 1)
DROPPED, JITTER_S = 0.1, 0.004
"""The worst that is borne, both at once."""
MIRRORED = {"left": "right", "right": "left", "both": "both"}


def mirrored(source: Excerpt) -> tuple[Calibration, FloatArray]:
    """The same visit of a mirrored body on a mirrored mat."""
    order = list(MAT.mirror_order())
    swapped = {MAT.names[place]: MAT.names[other] for place, other in enumerate(order)}
    curves = {name: source.calibration.curves[swapped[name]] for name in MAT.names}
    calibration = Calibration(MAT, "mirrored", True, curves)
    return calibration, source.counts[:, [*order, len(order)]]


@pytest.mark.parametrize("name", NAMES)
def test_a_mirrored_mat_gives_the_mirrored_reps(name: str) -> None:
    calibration, counts = mirrored(excerpt(name))
    found = reps(run(calibration, excerpt(name).t_s, counts))
    plain = reps(events_of(name))
    assert [MIRRORED[rep.side.value] for rep in found] == [rep.side.value for rep in plain]
    for rep, other in zip(found, plain, strict=True):
        assert rep.start_s == pytest.approx(other.start_s, abs=1e-6)
        assert rep.end_s == pytest.approx(other.end_s, abs=1e-6)
        assert (rep.verdict, rep.faults) == (other.verdict, other.faults)
        # What a lost strip costs was measured for either side.
        assert rep.confidence == pytest.approx(other.confidence, abs=1e-3)


@FEW
@example(name="each_leg", scale=0.75)
@example(name="both_legs", scale=1.5)
@given(name=ANY_EXCERPT, scale=st.floats(0.75, 1.5))
def test_a_lighter_or_heavier_body_gives_the_same_reps_and_verdicts(
    name: str, scale: float
) -> None:
    source = excerpt(name)
    table_counts, table_n = force_table(source.calibration)
    force_n = source.calibration.forces_n(source.counts)
    counts = source.counts.copy()
    counts[:, -1] = MAT.reference.nominal_v / MAT.electronics.volts_per_count
    for strip in range(len(MAT.names)):
        sound = source.counts[:, strip] > 100.0
        wanted_n = np.maximum(force_n[:, strip] * scale, 0.0)
        counts[sound, strip] = np.interp(wanted_n[sound], table_n[:, strip], table_counts)
    assert verdicts(run(source.calibration, source.t_s, counts)) == verdicts(events_of(name))


@FEW
@example(name="both_legs", shift_s=-1e6 / 3.0)
@given(name=ANY_EXCERPT, shift_s=st.floats(1.0, 1e6))
def test_a_shift_of_the_clock_shifts_the_times_and_nothing_else(name: str, shift_s: float) -> None:
    source = excerpt(name)
    found = reps(run(source.calibration, source.t_s + shift_s, source.counts))
    plain = reps(events_of(name))
    assert [rep.side for rep in found] == [rep.side for rep in plain]
    for rep, other in zip(found, plain, strict=True):
        # A frame may fall on the other side of a tick's edge by rounding: one tick at most.
        assert rep.start_s - shift_s == pytest.approx(other.start_s, abs=0.021)
        assert rep.end_s - shift_s == pytest.approx(other.end_s, abs=0.021)
        assert rep.verdict is other.verdict


@settings(max_examples=4, deadline=None, derandomize=True)
@given(name=ANY_EXCERPT, seed=SEEDS)
def test_frames_dropped_at_random_and_jitter_do_not_change_the_count(name: str, seed: int) -> None:
    source, rng = excerpt(name), np.random.default_rng(seed)
    noise = rng.uniform(-JITTER_S, JITTER_S, len(source.t_s))
    t_s = np.maximum.accumulate(source.t_s + noise)
    keep = rng.random(len(t_s)) >= DROPPED
    assert sides(run(source.calibration, t_s[keep], source.counts[keep])) == sides(events_of(name))


@FEW
@example(name="loose_strip", place=0.1)
@example(name="both_legs", place=0.2)
@given(name=ANY_EXCERPT, place=st.floats(0.0, 1.0))
def test_a_gap_of_half_a_second_does_not_change_the_count(name: str, place: float) -> None:
    source = excerpt(name)
    spans = [(rep.start_s - 0.7, rep.end_s + 0.7) for rep in reps(events_of(name))]
    middles_s = [0.5 * (start + end) for start, end in spans]
    lying_s = np.arange(source.t_s[0] + 20.0, source.t_s[-1] - 1.0, 0.1).tolist()
    # In the middle of a rep or well away from one: a gap over a landing hides what it shows.
    free = [t for t in lying_s if not any(start < t + 0.5 and t < end for start, end in spans)]
    from_s = [*middles_s, *free][int(place * (len(middles_s) + len(free) - 1))]
    keep = (source.t_s < from_s) | (source.t_s > from_s + 0.5)
    found = run(source.calibration, source.t_s[keep], source.counts[keep])
    assert sides(found) == sides(events_of(name))


@FEW
@example(name="both_legs", share=0.55)
@given(name=ANY_EXCERPT, share=st.floats(0.05, 1.0))
def test_a_later_frame_never_changes_an_earlier_event(name: str, share: float) -> None:
    source = excerpt(name)
    end = max(2, int(share * len(source.t_s)))
    pipeline = Pipeline(source.calibration, MODEL)
    events: list[Event] = []
    for t_s, frame in zip(source.t_s[:end].tolist(), source.counts[:end], strict=True):
        events += pipeline.step(t_s, frame)
    assert tuple(events) == events_of(name)[: len(events)]
    assert all(event.at_s > source.t_s[end - 1] for event in events_of(name)[len(events) :][:1])


def test_looking_changes_nothing() -> None:
    source = excerpt("both_legs")
    pipeline = Pipeline(source.calibration, MODEL)
    events: list[Event] = []
    for index, (t_s, frame) in enumerate(zip(source.t_s.tolist(), source.counts, strict=True)):
        events += pipeline.step(t_s, frame)
        if index % 7 == 0:
            pipeline.live()
    assert (*events, *pipeline.finish()) == events_of("both_legs")


def test_a_copy_taken_midway_goes_on_the_same() -> None:
    source = excerpt("each_leg")
    half = len(source.t_s) // 2
    pipeline = Pipeline(source.calibration, MODEL)
    events: list[Event] = []
    for index, (t_s, frame) in enumerate(zip(source.t_s.tolist(), source.counts, strict=True)):
        if index == half:
            pipeline = copy.deepcopy(pipeline)
        events += pipeline.step(t_s, frame)
    assert (*events, *pipeline.finish()) == events_of("each_leg")


def test_the_frames_given_are_left_as_they_were() -> None:
    source = excerpt("loose_strip")
    before = source.counts.copy()
    run(source.calibration, source.t_s[:2000], source.counts[:2000])
    np.testing.assert_array_equal(source.counts, before)


def numbers(value: Any) -> list[float]:
    """Every float in an event or a live view."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [
            x for field in dataclasses.fields(value) for x in numbers(getattr(value, field.name))
        ]
    if isinstance(value, float):
        return [value]
    if isinstance(value, np.ndarray):
        return [float(x) for x in value]
    if isinstance(value, tuple | list):
        return [x for item in value for x in numbers(item)]
    if hasattr(value, "values"):
        return [x for item in value.values() for x in numbers(item)]
    return []


READING = st.one_of(
    st.just(float("nan")),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0.0, 26000.0),
    st.sampled_from([0.0, -32768.0, 32767.0]),
)
STEP_S = st.one_of(
    st.floats(0.001, 0.05),
    st.sampled_from([0.0, 1e-9, 0.6, 4.9, 100.0, -3.0, 1e300, -1e300]),
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    frames=st.lists(
        st.tuples(STEP_S, st.integers(1, 40), st.lists(READING, min_size=16, max_size=16)),
        min_size=1,
        max_size=12,
    )
)
def test_absurd_readings_give_no_exception_and_no_infinite_number(
    frames: list[tuple[float, int, list[float]]],
) -> None:
    pipeline = Pipeline(datasheet_calibration(MAT), MODEL)
    t_s = 0.0
    said: list[Event | Live] = []
    for step_s, times, readings in frames:
        for _ in range(times):
            t_s += step_s
            if not np.isfinite(t_s):
                t_s = 0.0
            said += pipeline.step(t_s, np.array(readings))
        said.append(pipeline.live())
        pipeline.tare()
    said += pipeline.finish()
    assert not [x for item in said for x in numbers(item) if np.isinf(x)]


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=SEEDS, lost=st.floats(0.0, 0.6))
def test_a_body_under_random_losses_and_knocks_raises_nothing(seed: int, lost: float) -> None:
    source = excerpt("both_legs")
    rng = np.random.default_rng(seed)
    counts = source.counts.copy()
    counts[rng.random(counts.shape) < lost * rng.random()] = np.nan
    knocks = rng.random(counts.shape) < 0.01
    counts[knocks] = rng.uniform(-40000.0, 40000.0, int(knocks.sum()))
    for event in run(source.calibration, source.t_s, counts):
        assert not [x for x in numbers(event) if not np.isfinite(x)]
