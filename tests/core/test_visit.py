"""Presence, posture, tare and the live view, on a visit put together from an excerpt's loads."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.features import Layout
from device.core.pipeline import Pipeline
from device.core.posture import PROBLEMS, posture
from device.core.types import Event, FloatArray, Phase, PhaseEvent, PostureEvent, Side
from tests.core.excerpts import MAT, excerpt, force_table, run

RATE_HZ = 100


def empty_counts() -> FloatArray:
    """What the mat of `both_legs` reads with nobody on it."""
    return np.asarray(excerpt("both_legs").counts[:150].mean(axis=0))


def lying_n() -> FloatArray:
    """Newtons of somebody lying still."""
    source = excerpt("both_legs")
    still = (source.t_s > 88.9) & (source.t_s < 89.5)
    return np.asarray(source.calibration.forces_n(source.counts[still]).mean(axis=0))


def counts_of(force_n: FloatArray) -> FloatArray:
    """What strips that bear so much (N) read, at one moment (sensors,) or at many (k, sensors)."""
    table_counts, table_n = force_table(excerpt("both_legs").calibration)
    loads = force_n.T
    counts = [np.interp(load, table_n[:, k], table_counts) for k, load in enumerate(loads)]
    reference = MAT.reference.nominal_v / MAT.electronics.volts_per_count
    return np.array([*counts, np.full_like(loads[0], reference)]).T


def visit(*parts: tuple[float, FloatArray]) -> tuple[Pipeline, list[Event]]:
    """Loads (N) held for so many seconds each, moving over from one to the next in 0.3 s."""
    rows = [counts_of(parts[0][1])]
    for seconds, force_n in parts:
        target = counts_of(force_n)
        ramp = np.linspace(0.0, 1.0, round(0.3 * RATE_HZ))[:, None]
        rows += list(rows[-1] + ramp * (target - rows[-1]))
        rows += [target] * round((seconds - 0.3) * RATE_HZ)
    pipeline = Pipeline(excerpt("both_legs").calibration)
    events: list[Event] = []
    noise = np.random.default_rng(5).normal(0.0, 1.5, (len(rows), len(MAT.channels)))
    for index, row in enumerate(rows):
        events += pipeline.step(index / RATE_HZ, row + noise[index])
    return pipeline, events


def phases(events: list[Event]) -> list[Phase]:
    return [event.phase for event in events if isinstance(event, PhaseEvent)]


EMPTY = np.zeros(len(MAT.names))
STRIPS = Layout(MAT)


def shifted(force_n: FloatArray, *rows: str, factor: float) -> FloatArray:
    out = force_n.copy()
    for index, sensor in enumerate(MAT.sensors):
        if sensor.row in rows:
            out[index] *= factor
    return out


def test_somebody_lies_down_is_ready_and_leaves() -> None:
    crouching = shifted(lying_n(), "knee", "foot", factor=6.0)
    crouching = shifted(crouching, "chest", "ribs", "abdomen", "asis", "pubis", "head", factor=0.1)
    _, events = visit((2, EMPTY), (2, crouching), (5, lying_n()), (2, crouching), (3, EMPTY))
    assert phases(events) == [
        Phase.GETTING_ON,
        Phase.SETTLING,
        Phase.READY,
        Phase.LEAVING,
        Phase.EMPTY,
    ]


def test_a_bag_on_the_mat_is_nobody() -> None:
    bag = EMPTY.copy()
    bag[MAT.names.index("chest")] = 15.0
    pipeline, events = visit((2, EMPTY), (5, bag))
    assert events == []
    assert pipeline.live().phase is Phase.EMPTY


def test_hands_and_knees_are_not_lying() -> None:
    crouching = shifted(EMPTY + 0.5, "knee", factor=160.0)
    _, events = visit((2, EMPTY), (10, crouching))
    assert phases(events) == [Phase.GETTING_ON]


def test_the_rest_load_follows_creep_without_a_phantom_lift() -> None:
    # 22 % per tenfold of time is the worst that real strips did under a body.
    pipeline = Pipeline(excerpt("both_legs").calibration)
    events: list[Event] = []
    rest = lying_n()
    times_s = np.arange(60 * RATE_HZ) / RATE_HZ
    crept = counts_of(np.outer(1.0 + 0.22 * np.log10(1.0 + times_s), rest))
    for t_s, counts in zip(times_s.tolist(), crept, strict=True):
        events += pipeline.step(t_s, counts)
    assert phases(events) == [Phase.GETTING_ON, Phase.SETTLING, Phase.READY]
    assert pipeline.live().weight_n == pytest.approx(1.39 * rest.sum(), rel=0.03)


def test_a_new_position_becomes_the_new_rest() -> None:
    moved = shifted(lying_n(), "knee", factor=0.5)
    pipeline, events = visit((2, EMPTY), (5, lying_n()), (8, moved))
    assert Phase.LIFTING not in phases(events)
    assert pipeline.live().weight_n == pytest.approx(moved.sum(), rel=0.03)


def test_a_mat_that_lost_its_frames_for_a_while_starts_anew() -> None:
    source = excerpt("both_legs")
    keep = (source.t_s < 90.0) | (source.t_s > 110.0)
    events = run(source.calibration, source.t_s[keep], source.counts[keep])
    found = phases(events)
    assert found.count(Phase.SETTLING) == 2


@pytest.mark.parametrize(
    ("problem", "force_n"),
    [
        ("hips_off_line", shifted(lying_n(), "asis", factor=0.05)),
        ("head_up", shifted(lying_n(), "head", factor=0.05)),
        ("not_prone", shifted(lying_n(), "thigh", "knee", "foot", factor=0.05)),
        ("one_side", lying_n() * [2.2 if s.side == "right" else 1.0 for s in MAT.sensors]),
        (
            "askew",
            lying_n()
            * [
                1.0 if i in STRIPS.torso_strips else 1.9 if s.side == "right" else 0.1
                for i, s in enumerate(MAT.sensors)
            ],
        ),
    ],
)
def test_a_bad_starting_position_is_named(problem: str, force_n: FloatArray) -> None:
    problems, _ = posture(force_n, STRIPS)
    assert problem in problems
    assert problem in PROBLEMS
    if problem in ("one_side", "askew"):
        assert problems[problem] > 0.0


def test_a_mirrored_position_has_the_mirrored_problems() -> None:
    force_n = lying_n() * [2.2 if s.side == "right" else 1.0 for s in MAT.sensors]
    problems, numbers = posture(force_n, STRIPS)
    other, mirrored = posture(force_n[list(MAT.mirror_order())], STRIPS)
    assert other == {key: pytest.approx(-value) for key, value in problems.items()}
    assert mirrored["side_pct"] == pytest.approx(-numbers["side_pct"])


def test_posture_is_said_again_only_when_it_changes() -> None:
    _, events = visit(
        (2, EMPTY), (10, lying_n()), (10, shifted(lying_n(), "head", factor=0.03)), (3, EMPTY)
    )
    found = [tuple(event.problems) for event in events if isinstance(event, PostureEvent)]
    assert found == [(), ("head_up",)]


def test_tare_takes_the_empty_mat_as_zero() -> None:
    drifted = EMPTY + 0.6
    pipeline, _ = visit((3, drifted))
    assert pipeline.tare() is None
    frame = counts_of(drifted)
    for step in range(10):
        pipeline.step(4.0 + step * 0.01, frame)
    assert np.abs(pipeline.live().forces_n).max() < 0.1


def test_tare_is_refused_while_somebody_lies_there_or_nothing_is_read() -> None:
    pipeline, _ = visit((2, EMPTY), (5, lying_n()))
    assert "lies on the mat" in (pipeline.tare() or "")
    assert "no readings" in (Pipeline(excerpt("both_legs").calibration).tare() or "")


def test_the_live_view_shows_where_the_load_is() -> None:
    pipeline, _ = visit((2, EMPTY), (5, lying_n()))
    live = pipeline.live()
    assert live.phase is Phase.READY
    assert live.side is None
    assert live.weight_n == pytest.approx(lying_n().sum(), rel=0.05)
    assert live.tilt_pct == pytest.approx(0.0, abs=1.0)
    assert live.roll_pct == pytest.approx(0.0, abs=1.0)
    x_mm, y_mm = live.centre_of_pressure_mm
    assert abs(x_mm) < 60.0
    assert -300.0 < y_mm < 300.0


def test_an_empty_mat_has_no_centre_of_pressure() -> None:
    pipeline, _ = visit((2, EMPTY))
    assert np.isnan(pipeline.live().centre_of_pressure_mm).all()


def test_the_lifting_leg_is_shown_while_it_is_up() -> None:
    lifted = lying_n()
    for strip in STRIPS.legs[Side.LEFT].strips:
        lifted[strip] *= 0.05
    pipeline, events = visit((2, EMPTY), (5, lying_n()), (2, lifted))
    assert pipeline.live().side is Side.LEFT
    assert phases(events)[-2:] == [Phase.LIFTING, Phase.HOLDING]
