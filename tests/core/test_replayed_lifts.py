"""Recordings of lifts, half-lifts, knee bends and fidgets: what is counted, and when."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.types import Phase, PhaseEvent, PostureEvent, StripEvent
from tests.core.excerpts import NAMES, events_of, excerpt, reps, sides


@pytest.mark.parametrize("name", NAMES)
def test_every_rep_is_counted_once_and_nothing_else_is(name: str) -> None:
    labels = excerpt(name).labels["reps"]
    assert sides(events_of(name)) == [label["side"] for label in labels]


@pytest.mark.parametrize(("key", "limit_s"), [("start", 0.15), ("top", 0.4), ("end", 0.15)])
def test_times_are_near_the_truth(key: str, limit_s: float) -> None:
    errors = [
        abs(getattr(rep, f"{key}_s") - label[key])
        for name in NAMES
        for rep, label in zip(reps(events_of(name)), excerpt(name).labels["reps"], strict=True)
    ]
    assert np.median(errors) <= limit_s


@pytest.mark.parametrize("name", NAMES)
def test_a_rep_is_told_when_the_foot_is_back_and_not_before(name: str) -> None:
    for rep in reps(events_of(name)):
        assert 0.0 <= rep.at_s - rep.end_s <= 0.3


@pytest.mark.parametrize("name", NAMES)
def test_a_rep_is_lifted_held_and_lowered_from_its_start_to_its_end(name: str) -> None:
    for rep in reps(events_of(name)):
        assert min(rep.lift_s, rep.hold_s, rep.lower_s) >= 0.0
        assert rep.start_s < rep.top_s < rep.end_s
        assert rep.lift_s + rep.hold_s + rep.lower_s == pytest.approx(rep.end_s - rep.start_s)


@pytest.mark.parametrize("name", ["both_legs", "loose_strip"])
def test_a_visit_goes_from_empty_over_ready_to_leaving(name: str) -> None:
    phases = [e.phase for e in events_of(name) if isinstance(e, PhaseEvent)]
    assert phases[:3] == [Phase.GETTING_ON, Phase.SETTLING, Phase.READY]
    assert Phase.LEAVING in phases
    assert phases.index(Phase.LEAVING) > max(
        place for place, phase in enumerate(phases) if phase is Phase.LIFTING
    )


@pytest.mark.parametrize("name", NAMES)
def test_phases_follow_the_lift(name: str) -> None:
    phases = [e for e in events_of(name) if isinstance(e, PhaseEvent)]
    for rep in reps(events_of(name)):
        within = [e.phase for e in phases if rep.start_s < e.at_s < rep.end_s]
        assert Phase.LIFTING in within
        order = [Phase.LIFTING, Phase.HOLDING, Phase.LOWERING]
        places = [order.index(phase) for phase in within if phase in order]
        assert places == sorted(places)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_starting_position_has_no_problems(name: str) -> None:
    postures = [e for e in events_of(name) if isinstance(e, PostureEvent)]
    assert postures
    assert postures[0].problems == {}
    assert 15.0 < postures[0].numbers["legs_pct"] < 40.0


def test_a_loose_strip_is_named_and_no_other() -> None:
    strips = [e for e in events_of("loose_strip") if isinstance(e, StripEvent)]
    assert [(e.sensor, e.problem) for e in strips] == [("abdomen_left", "loose")]
    fault = excerpt("loose_strip").labels["sensor_fault"]
    assert 0.0 < strips[0].at_s - fault["from"] < 10.0


@pytest.mark.parametrize("name", ["each_leg", "both_legs"])
def test_sound_strips_are_not_accused(name: str) -> None:
    assert not [e for e in events_of(name) if isinstance(e, StripEvent)]
