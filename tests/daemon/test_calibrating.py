"""While the mat is calibrated, weights on it are no members, and the mat comes back by itself."""

from __future__ import annotations

import pytest

from device.core.types import Phase, PhaseEvent, StripEvent
from device.errors import RefusedError
from device.service.calibrating import LONGEST_S, Calibrating

WEIGHT = PhaseEvent(1.0, Phase.READY)
EMPTY = PhaseEvent(2.0, Phase.EMPTY)
OPEN = StripEvent(1.0, "pubis", "open")


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leased(clock: Clock) -> Calibrating:
    calibrating = Calibrating(clock)
    calibrating.lease("a program", "anna", 4.0, Phase.EMPTY)
    return calibrating


def test_weights_are_kept_from_the_coach_and_broken_strips_are_not(leased: Calibrating) -> None:
    assert leased.left([WEIGHT, OPEN]) == (OPEN,)
    assert leased.problems() == ["The mat is being calibrated by anna: stay off it."]
    with pytest.raises(RefusedError, match="is being calibrated by anna; wait"):
        leased.refuse()


def test_it_ends_by_itself_once_the_mat_is_empty(leased: Calibrating, clock: Clock) -> None:
    leased.left([WEIGHT])
    clock.now_s += 4.0
    assert leased.left([]) == ()
    assert leased.going_on, "the weight is left behind"
    assert leased.left([EMPTY]) == ()
    assert leased.left([WEIGHT]) == (WEIGHT,)
    assert leased.problems() == []
    leased.refuse()


def test_whoever_lives_asks_for_more(leased: Calibrating, clock: Clock) -> None:
    clock.now_s += 3.0
    leased.lease("a program", "anna", 4.0, Phase.EMPTY)
    clock.now_s += 3.0
    assert leased.left([WEIGHT]) == ()
    with pytest.raises(RefusedError, match="0 to 30 s at a time"):
        leased.lease("a program", "anna", LONGEST_S + 1.0, Phase.EMPTY)


def test_what_lay_there_before_has_to_go_first(clock: Clock) -> None:
    calibrating = Calibrating(clock)
    calibrating.lease("a program", "anna", 4.0, Phase.SETTLING)
    clock.now_s += 5.0
    calibrating.left([])
    assert calibrating.going_on
    calibrating.forget()
    calibrating.left([])
    assert not calibrating.going_on


def test_who_is_done_says_so_and_ends_nobody_else_s(leased: Calibrating) -> None:
    leased.lease("another", "ben", 4.0, Phase.EMPTY)
    leased.lease("another", "ben", 0.0, Phase.EMPTY)
    assert leased.left([WEIGHT]) == ()
    leased.lease("a program", "anna", 0.0, Phase.EMPTY)
    assert leased.left([EMPTY]) == ()
    assert not leased.going_on
    leased.lease("a program", "anna", 0.0, Phase.EMPTY)
    assert not leased.going_on
