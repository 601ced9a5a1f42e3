"""Sessions to store, and how the tests of the store wait and read."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from device.core.types import Fault, Rep, Side, Verdict
from device.store.queries import History
from device.store.records import Moment, Record, RepDone, SessionBegun, SetBegun
from device.store.writer import Writer

DEADLINE_S = 20.0
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
REP = Rep(
    at_s=16.3,
    side=Side.LEFT,
    verdict=Verdict.GLUTE,
    confidence=0.9,
    start_s=12.0,
    top_s=14.0,
    end_s=16.0,
    lift_s=1.5,
    hold_s=1.0,
    lower_s=1.5,
    faults=(Fault.FAST_LIFT,),
    numbers={"tilt": 1.5, "roll": math.nan},
    reason="The pelvis stayed still.",
)


def at(second: float, utc: datetime | None = None, boot_id: str = "boot") -> Moment:
    return Moment(utc or NOON + timedelta(seconds=second), second, boot_id)


class Visit:
    """The records of one session, made in order."""

    def __init__(
        self,
        source: str = "mat",
        begun: Moment | None = None,
        member_id: UUID | None = None,
        plan: Mapping[str, Any] | None = None,
    ) -> None:
        self.id = uuid4()
        self.set_id = uuid4()
        self.rep_id = uuid4()
        self.begin: tuple[Record, ...] = (
            SessionBegun(self.id, source, None, begun or at(0), member_id, plan),
            SetBegun(self.set_id, self.id, 1, begun or at(0)),
        )

    def rep(self, number: int, when: Moment | None = None, rep: Rep = REP) -> RepDone:
        return RepDone(uuid4(), self.id, self.set_id, number, rep, when or at(number))


def store(writer: Writer, *records: Record) -> None:
    for record in records:
        writer.put(record)
    assert writer.flush(DEADLINE_S)


def numbers(history: History, session_id: UUID) -> list[int]:
    session = history.session(session_id)
    assert session is not None
    return [rep.number for exercise_set in session.sets for rep in exercise_set.reps]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
