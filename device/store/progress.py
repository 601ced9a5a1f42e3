"""How a member gets on, from session to session and from week to week. Reads only."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from device.coach.programme import Variation
from device.coach.progression import Judged, Practice
from device.store.access import Reader
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow

LOOKED_BACK = 20
"""Earlier sessions among which one of the same variation is looked for, where it was not noted."""
TRAINED = (
    SessionRow.id,
    SessionRow.position,
    SessionRow.started_utc,
    SessionRow.variation,
    SessionRow.plan["ankle_weight_kg"].as_float().label("ankle_weight_kg"),
    *TotalsRow.__table__.columns,
)
"""What is read of a session and its totals: columns, since a busy member has hundreds of them and
whole rows take three times as long."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An earlier session to compare with: its lifts, those judged and clean, by side, and the
    medians of its tempo in seconds."""

    session_id: UUID
    utc: datetime
    variation: Variation
    reps: int
    judged: int
    clean: int
    clean_left: int
    clean_right: int
    lift_s: float
    hold_s: float
    lower_s: float


@dataclass(frozen=True, slots=True)
class Week:
    """What a member trained in one week, from its Monday on. Tempo are means in seconds."""

    monday: date
    sessions: int
    reps: int
    left: Judged
    right: Judged
    both: Judged
    lift_s: float
    hold_s: float
    lower_s: float
    faults: Mapping[str, int]
    variation: Variation
    ankle_weight_kg: float | None

    @property
    def judged(self) -> int:
        """Lifts that were held for or against the member."""
        return self.left.count + self.right.count + self.both.count

    @property
    def clean(self) -> int:
        """Those that were clean."""
        return self.left.clean + self.right.clean + self.both.clean

    @property
    def share(self) -> float | None:
        """Clean lifts of all judged, 0 to 1; None without any."""
        return share(Judged(self.judged, self.clean))

    @property
    def left_share(self) -> float | None:
        """The same for the left leg alone."""
        return share(self.left)

    @property
    def right_share(self) -> float | None:
        """The same for the right leg alone."""
        return share(self.right)


class Progress(Reader):
    """What the members in the database at `path` have trained, from any thread.

    Only on the mat itself; with `simulated` also what was demonstrated or replayed.
    """

    def __init__(self, path: Path, simulated: bool = False) -> None:
        super().__init__(path)
        self._simulated = simulated

    def practices(self, member_id: UUID, limit: int = 10) -> tuple[Practice, ...]:
        """The member's latest sessions in which something was lifted, the oldest of them first."""
        with self.reading() as session:
            rows = session.execute(self._sessions(member_id).limit(limit)).all()
            return tuple(practice(row) for row in reversed(rows))

    def comparison(self, member_id: UUID, session_id: UUID) -> Comparison | None:
        """The member's last session of the same variation before this one; None without any."""
        with self.reading() as session:
            row = session.execute(_trained().where(SessionRow.id == session_id)).one_or_none()
            if row is None:
                return None
            earlier = self._sessions(member_id).where(SessionRow.position < row.position)
            return _latest(session, earlier, variation_of(row))

    def latest(self, member_id: UUID, variation: Variation) -> Comparison | None:
        """The member's last session of the variation; None without any."""
        with self.reading() as session:
            return _latest(session, self._sessions(member_id), variation)

    def weeks(self, member_id: UUID, since: date | None = None) -> tuple[Week, ...]:
        """The weeks in which the member lifted, the oldest first; from a day on, or all."""
        query = self._sessions(member_id)
        if since is not None:
            query = query.where(TotalsRow.day >= since.toordinal())
        with self.reading() as session:
            rows = sorted(session.execute(query), key=lambda row: (row.day, row.position))
            weeks = groupby(rows, key=lambda row: week_of(row.day))
            return tuple(_week(number, list(rows)) for number, rows in weeks)

    def _sessions(self, member_id: UUID) -> Select[Any]:
        """Sessions with lifts, the newest first."""
        query = (
            _trained()
            .where(SessionRow.member_id == member_id, TotalsRow.reps > 0)
            .order_by(SessionRow.position.desc())
        )
        return query if self._simulated else query.where(SessionRow.source == "mat")


def week_of(day: int) -> int:
    """The number of the week of a `date.toordinal()`; the weeks begin on Mondays."""
    return (day - 1) // 7


def monday_of(week: int) -> date:
    """The Monday of a week's number."""
    return date.fromordinal(week * 7 + 1)


def share(judged: Judged) -> float | None:
    """Clean lifts of those judged, 0 to 1; None without any."""
    return judged.clean / judged.count if judged.count else None


def variation_of(row: Row[Any]) -> Variation:
    """What was trained; where no plan was kept, what the lifts say."""
    if row.variation is not None:
        return Variation(row.variation)
    legs = row.left_judged + row.right_judged
    return Variation.BOTH if row.both_judged > legs else Variation.SINGLE


def practice(row: Row[Any]) -> Practice:
    """A session as the rule of the progression sees it."""
    return Practice(
        variation_of(row),
        Judged(row.left_judged, row.left_clean),
        Judged(row.right_judged, row.right_clean),
        Judged(row.both_judged, row.both_clean),
    )


def _trained() -> Select[Any]:
    return select(*TRAINED).join(TotalsRow, TotalsRow.session_id == SessionRow.id)


def _latest(session: Session, query: Select[Any], variation: Variation) -> Comparison | None:
    likely = query.where((SessionRow.variation == variation.value) | SessionRow.variation.is_(None))
    for row in session.execute(likely.limit(LOOKED_BACK)):
        if variation_of(row) is variation:
            return _comparison(session, row)
    return None


def _comparison(session: Session, row: Row[Any]) -> Comparison:
    reps = (
        select(RepRow.lift_s, RepRow.hold_s, RepRow.lower_s)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .where(SetRow.session_id == row.id)
    )
    lifts, holds, lowers = zip(*session.execute(reps), strict=True)
    whole = practice(row)
    return Comparison(
        session_id=row.id,
        utc=row.started_utc,
        variation=whole.variation,
        reps=row.reps,
        judged=whole.left.count + whole.right.count + whole.both.count,
        clean=whole.left.clean + whole.right.clean + whole.both.clean,
        clean_left=whole.left.clean,
        clean_right=whole.right.clean,
        lift_s=statistics.median(lifts),
        hold_s=statistics.median(holds),
        lower_s=statistics.median(lowers),
    )


def _week(number: int, rows: Sequence[Row[Any]]) -> Week:
    reps = sum(row.reps for row in rows)
    faults: Counter[str] = Counter()
    for row in rows:
        faults.update(row.faults)
    weights = (row.ankle_weight_kg for row in rows)
    return Week(
        monday=monday_of(number),
        sessions=len(rows),
        reps=reps,
        left=_judged((row.left_judged, row.left_clean) for row in rows),
        right=_judged((row.right_judged, row.right_clean) for row in rows),
        both=_judged((row.both_judged, row.both_clean) for row in rows),
        lift_s=sum(row.lift_s for row in rows) / reps,
        hold_s=sum(row.hold_s for row in rows) / reps,
        lower_s=sum(row.lower_s for row in rows) / reps,
        faults=dict(faults),
        variation=variation_of(rows[-1]),
        ankle_weight_kg=max((weight for weight in weights if weight is not None), default=None),
    )


def _judged(pairs: Iterable[tuple[int, int]]) -> Judged:
    counts, cleans = zip(*pairs, strict=True)
    return Judged(sum(counts), sum(cleans))
