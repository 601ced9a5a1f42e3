"""Dead, stuck, shorted, loose and silent strips are found, named once, and forgiven once good."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.pipeline import Pipeline
from device.core.types import Event, FloatArray, StripEvent
from tests.core.excerpts import MAT, Excerpt, excerpt, run, sides

SHORTED = 25500.0


def with_fault(source: Excerpt, sensor: str, kind: str, from_s: float, to_s: float) -> FloatArray:
    """The excerpt's counts with one strip broken for a while."""
    rng = np.random.default_rng(7)
    column = MAT.names.index(sensor)
    after_s = source.t_s - source.t_s[0]
    hit = (after_s >= from_s) & (after_s < to_s)
    if kind == "loose":
        hit &= np.repeat(rng.random(len(hit) // 20 + 1) < 0.3, 20)[: len(hit)]
    counts = source.counts.copy()
    noise = rng.normal(0.0, 1.5, int(hit.sum()))
    counts[hit, column] = {
        "open": noise,
        "loose": noise,
        "stuck": 3400.0 + noise,
        "shorted": SHORTED + noise,
        "silent": np.full(len(noise), np.nan),
    }[kind]
    return counts


def strip_events(events: list[Event]) -> list[StripEvent]:
    return [event for event in events if isinstance(event, StripEvent)]


@pytest.mark.parametrize(
    ("kind", "within_s"), [("open", 2.0), ("shorted", 2.0), ("silent", 2.0), ("stuck", 30.0)]
)
@pytest.mark.parametrize("sensor", ["knee_right", "ribs_left"])
def test_a_bad_strip_is_found_and_named_once(sensor: str, kind: str, within_s: float) -> None:
    source = excerpt("each_leg")
    counts = with_fault(source, sensor, kind, 20.0, 1e9)
    found = strip_events(run(source.calibration, source.t_s, counts))
    assert [(event.sensor, event.problem) for event in found] == [(sensor, kind)]
    assert found[0].at_s - source.t_s[0] - 20.0 < within_s


@pytest.mark.parametrize("kind", ["open", "shorted", "silent"])
def test_a_strip_that_is_good_again_is_said_to_be(kind: str) -> None:
    source = excerpt("each_leg")
    counts = with_fault(source, "thigh_left", kind, 20.0, 30.0)
    found = strip_events(run(source.calibration, source.t_s, counts))
    assert [event.problem for event in found] == [kind, None]
    assert found[1].at_s - source.t_s[0] > 30.0


@pytest.mark.parametrize("kind", ["open", "shorted", "silent", "stuck", "loose"])
@pytest.mark.parametrize("sensor", ["foot_left", "knee_right", "asis_left", "pubis", "chest"])
def test_the_count_goes_on_without_one_strip(sensor: str, kind: str) -> None:
    source = excerpt("each_leg")
    counts = with_fault(source, sensor, kind, 0.0, 1e9)
    wanted = [label["side"] for label in source.labels["reps"]]
    found = sides(run(source.calibration, source.t_s, counts))
    assert abs(len(found) - len(wanted)) <= 1


def test_a_bad_strip_shows_in_the_live_view() -> None:
    source = excerpt("each_leg")
    counts = with_fault(source, "pubis", "silent", 0.0, 1e9)
    pipeline = Pipeline(source.calibration)
    for t_s, frame in zip(source.t_s[:500].tolist(), counts[:500], strict=True):
        pipeline.step(t_s, frame)
    assert pipeline.live().bad_sensors == ("pubis",)
    assert np.isnan(pipeline.live().forces_n[MAT.names.index("pubis")])


def test_a_mat_on_which_nothing_happens_accuses_no_strip() -> None:
    source = excerpt("each_leg")
    t_s = np.arange(20_000) * 0.01
    noise = np.random.default_rng(3).normal(0.0, 1.5, (20_000, len(MAT.channels)))
    assert not run(source.calibration, t_s, source.counts[0] + noise)
