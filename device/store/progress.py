"""How a member gets on, from session to session and from week to week. Reads only."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, load_only

from device.coach.programme import Variation
from device.coach.progression import Judged, Practice
from device.store.access import Reader
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow

LOOKED_BACK = 20
"""Earlier sessions among which one of the same variation is looked for, where it was not noted."""
USED = (SessionRow.position, SessionRow.started_utc, SessionRow.variation, SessionRow.plan)
"""What is read of a session: a busy member has hundreds of them."""


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
            return tuple(practice(row, totals) for row, totals in reversed(rows))

    def comparison(self, member_id: UUID, session_id: UUID) -> Comparison | None:
        """The member's last session of the same variation before this one; None without any."""
        with self.reading() as session:
            row = session.get(SessionRow, session_id)
            totals = session.get(TotalsRow, session_id)
            if row is None or totals is None:
                return None
            earlier = self._sessions(member_id).where(SessionRow.position < row.position)
            return _latest(session, earlier, variation_of(row, totals))

    def latest(self, member_id: UUID, variation: Variation) -> Comparison | None:
        """The member's last session of the variation; None without any."""
        with self.reading() as session:
            return _latest(session, self._sessions(member_id), variation)

    def weeks(self, member_id: UUID) -> tuple[Week, ...]:
        """The weeks in which the member lifted, the oldest first."""
        with self.reading() as session:
            rows = session.execute(self._sessions(member_id)).all()
            ordered = sorted(rows, key=lambda pair: (pair[1].day, pair[0].position))
            weeks = groupby(ordered, key=lambda pair: week_of(pair[1].day))
            return tuple(_week(number, list(pairs)) for number, pairs in weeks)

    def _sessions(self, member_id: UUID) -> Select[SessionRow, TotalsRow]:
        """Sessions with lifts, the newest first."""
        query = (
            select(SessionRow, TotalsRow)
            .join(TotalsRow, TotalsRow.session_id == SessionRow.id)
            .where(SessionRow.member_id == member_id, TotalsRow.reps > 0)
            .order_by(SessionRow.position.desc())
            .options(load_only(*USED))
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


def variation_of(row: SessionRow, totals: TotalsRow) -> Variation:
    """What was trained; where no plan was kept, what the lifts say."""
    if row.variation is not None:
        return Variation(row.variation)
    legs = totals.left_judged + totals.right_judged
    return Variation.BOTH if totals.both_judged > legs else Variation.SINGLE


def practice(row: SessionRow, totals: TotalsRow) -> Practice:
    """A session as the rule of the progression sees it."""
    return Practice(
        variation_of(row, totals),
        Judged(totals.left_judged, totals.left_clean),
        Judged(totals.right_judged, totals.right_clean),
        Judged(totals.both_judged, totals.both_clean),
    )


def _latest(
    session: Session, query: Select[SessionRow, TotalsRow], variation: Variation
) -> Comparison | None:
    likely = query.where((SessionRow.variation == variation.value) | SessionRow.variation.is_(None))
    for row, totals in session.execute(likely.limit(LOOKED_BACK)):
        if variation_of(row, totals) is variation:
            return _comparison(session, row, totals)
    return None


def _comparison(session: Session, row: SessionRow, totals: TotalsRow) -> Comparison:
    reps = (
        select(RepRow.lift_s, RepRow.hold_s, RepRow.lower_s)
        .join(SetRow, RepRow.set_id == SetRow.id)
        .where(SetRow.session_id == row.id)
    )
    lifts, holds, lowers = zip(*session.execute(reps), strict=True)
    whole = practice(row, totals)
    return Comparison(
        session_id=row.id,
        utc=row.started_utc,
        variation=whole.variation,
        reps=totals.reps,
        judged=whole.left.count + whole.right.count + whole.both.count,
        clean=whole.left.clean + whole.right.clean + whole.both.clean,
        clean_left=whole.left.clean,
        clean_right=whole.right.clean,
        lift_s=statistics.median(lifts),
        hold_s=statistics.median(holds),
        lower_s=statistics.median(lowers),
    )


def _week(number: int, pairs: Sequence[tuple[SessionRow, TotalsRow]]) -> Week:
    totals = [one for _, one in pairs]
    reps = sum(one.reps for one in totals)
    faults: Counter[str] = Counter()
    for one in totals:
        faults.update(one.faults)
    weights = [(row.plan or {}).get("ankle_weight_kg") for row, _ in pairs]
    return Week(
        monday=monday_of(number),
        sessions=len(pairs),
        reps=reps,
        left=_judged((one.left_judged, one.left_clean) for one in totals),
        right=_judged((one.right_judged, one.right_clean) for one in totals),
        both=_judged((one.both_judged, one.both_clean) for one in totals),
        lift_s=sum(one.lift_s for one in totals) / reps,
        hold_s=sum(one.hold_s for one in totals) / reps,
        lower_s=sum(one.lower_s for one in totals) / reps,
        faults=dict(faults),
        variation=variation_of(*pairs[-1]),
        ankle_weight_kg=max((weight for weight in weights if weight is not None), default=None),
    )


def _judged(pairs: Iterable[tuple[int, int]]) -> Judged:
    counts, cleans = zip(*pairs, strict=True)
    return Judged(sum(counts), sum(cleans))
