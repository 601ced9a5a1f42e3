"""Dead, stuck, shorted, loose and silent strips are found, named once, and forgiven once good."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from device.core.calibration import Calibration
from device.core.pipeline import Pipeline
from device.core.types import Event, FloatArray, StripEvent
from tests.core.excerpts import MAT, Excerpt, excerpt, force_table, run, sides

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
    events = run(source.calibration, source.t_s, counts)
    found = strip_events(events)
    assert [(event.sensor, event.problem) for event in found] == [(sensor, kind)]
    wanted = [label["side"] for label in source.labels["reps"]]
    assert abs(len(sides(events)) - len(wanted)) <= 1
    assert found[0].at_s - source.t_s[0] - 20.0 < within_s


@pytest.mark.parametrize("kind", ["open", "shorted", "silent"])
def test_a_strip_that_is_good_again_is_said_to_be(kind: str) -> None:
    source = excerpt("each_leg")
    counts = with_fault(source, "thigh_left", kind, 20.0, 30.0)
    found = strip_events(run(source.calibration, source.t_s, counts))
    assert [event.problem for event in found] == [kind, None]
    assert found[1].at_s - source.t_s[0] > 30.0


# A strip that is open, shorted or silent is left out within two seconds (above), all three alike;
# one that is stuck or loose is listened to for a while, which is worse.
@pytest.mark.parametrize(
    ("sensor", "kind"),
    [
        *itertools.product(["foot_left", "knee_right", "asis_left", "pubis"], ["stuck", "loose"]),
        ("chest", "silent"),
        ("foot_left", "shorted"),
    ],
)
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
    t_s = np.arange(7_000) * 0.02
    noise = np.random.default_rng(3).normal(0.0, 1.5, (7_000, len(MAT.channels)))
    assert not run(source.calibration, t_s, source.counts[0] + noise)


@pytest.mark.parametrize("row", ["foot", "knee", "thigh"])
def test_a_row_plugged_in_the_wrong_way_round_is_found_and_read_right(row: str) -> None:
    source = excerpt("each_leg")
    left, right = MAT.names.index(f"{row}_left"), MAT.names.index(f"{row}_right")
    counts, curves = source.counts.copy(), dict(source.calibration.curves)
    counts[:, [left, right]] = counts[:, [right, left]]
    names = (f"{row}_left", f"{row}_right")
    curves[names[0]], curves[names[1]] = curves[names[1]], curves[names[0]]
    calibration = Calibration(MAT, "swapped", True, curves)
    events = run(calibration, source.t_s, counts)
    found = strip_events(events)
    assert {(event.sensor, event.problem) for event in found} == {(n, "swapped") for n in names}
    # The lifts that gave it away may be lost; all that follow are right.
    wanted = [label["side"] for label in source.labels["reps"] if label["start"] > found[0].at_s]
    assert len(wanted) >= 3
    assert (
        sides([event for event in events if event.at_s > found[0].at_s + 2.0])[-3:] == wanted[-3:]
    )


def test_a_strip_that_does_not_return_to_zero_on_the_empty_mat_is_drifting() -> None:
    source = excerpt("each_leg")
    t_s = np.arange(7_000) * 0.02
    counts = np.repeat(source.counts[:1], 7_000, axis=0)
    table_counts, table_n = force_table(source.calibration)
    pubis = MAT.names.index("pubis")
    counts[:, pubis] = np.interp(6.0, table_n[:, pubis], table_counts)
    found = strip_events(run(source.calibration, t_s, counts))
    assert [(event.sensor, event.problem) for event in found] == [("pubis", "drifting")]
