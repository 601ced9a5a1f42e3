"""The gym as a whole: when it is used, how clean, whether trainer and program agree, the mat's
health. Reads only, and sums up days, not reps, so that ten years take some milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from device.coach.progression import Judged
from device.core.types import Verdict
from device.store.access import Reader
from device.store.progress import share
from device.store.schema import DayRow, HourRow, TotalsRow
from device.store.schema_gym import EquipmentRow
from device.store.schema_people import CorrectionRow

HOURS = 24
WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Use:
    """Sessions and reps by weekday, Monday first, and local hour: `sessions[weekday][hour]`."""

    sessions: tuple[tuple[int, ...], ...]
    reps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class GymWeek:
    """What was trained on the mat in one week, from its Monday on."""

    monday: date
    sessions: int
    reps: int
    judged: int
    clean: int

    @property
    def share(self) -> float | None:
        """Clean lifts of all judged, 0 to 1; None without any."""
        return share(Judged(self.judged, self.clean))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the trainers' verdicts agree with the program's, on the reps that trainers looked at.

    `counts[program, trainer]` has an entry for every pair of verdicts. `kappa` is Cohen's: 1 where
    all agree, 0 where no more than by chance; None where it says nothing, because there are no such
    reps or all have one verdict.
    """

    counts: Mapping[tuple[Verdict, Verdict], int]

    @property
    def reps(self) -> int:
        """The reps that a trainer has looked at."""
        return sum(self.counts.values())

    @property
    def same(self) -> int:
        """Those on which both agree."""
        return sum(self.counts[verdict, verdict] for verdict in Verdict)

    @property
    def share(self) -> float | None:
        """Those of all, 0 to 1."""
        return self.same / self.reps if self.reps else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: J. Cohen, Educational and Psychological Measurement 20 (1960), 37-46."""
        count = self.reps
        if not count:
            return None
        by_chance = 0.0
        for verdict in Verdict:
            program = sum(self.counts[verdict, other] for other in Verdict)
            trainer = sum(self.counts[other, verdict] for other in Verdict)
            by_chance += program * trainer / count**2
        if by_chance >= 1.0:
            return None
        return (self.same / count - by_chance) / (1.0 - by_chance)


@dataclass(frozen=True, slots=True)
class EquipmentNote:
    """What doctor, a calibration or a drift check found."""

    id: UUID
    at_utc: datetime
    kind: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """What the database holds, and what it takes on the disk with its log."""

    file_bytes: int
    sessions: int
    reps: int


class Gym(Reader):
    """The sums over the database at `path`, from any thread.

    Only of the mat itself; with `simulated` also what was demonstrated or replayed.
    """

    def __init__(self, path: Path, simulated: bool = False) -> None:
        super().__init__(path)
        self._simulated = simulated

    def use(self, since: date | None = None) -> Use:
        """When the mat was used, since a day or ever."""
        weekday = (TotalsRow.day - 1) % WEEKDAYS
        query: Select[int, int, int, int]
        if since is None:
            query = (
                select(
                    HourRow.weekday,
                    HourRow.hour,
                    func.sum(HourRow.sessions),
                    func.sum(HourRow.reps),
                )
                .where(*self._only(HourRow))
                .group_by(HourRow.weekday, HourRow.hour)
            )
        else:
            query = (
                select(weekday, TotalsRow.hour, func.count(), func.sum(TotalsRow.reps))
                .where(TotalsRow.day >= since.toordinal(), *self._only(TotalsRow))
                .group_by(weekday, TotalsRow.hour)
            )
        sessions = [[0] * HOURS for _ in range(WEEKDAYS)]
        reps = [[0] * HOURS for _ in range(WEEKDAYS)]
        with self.reading() as session:
            for day, hour, count, rep_count in session.execute(query):
                sessions[day][hour], reps[day][hour] = count, rep_count
        return Use(tuple(map(tuple, sessions)), tuple(map(tuple, reps)))

    def weeks(self, since: date | None = None) -> tuple[GymWeek, ...]:
        """The weeks in which somebody trained, the oldest first, since a day or ever."""
        monday = (DayRow.day - 1) - (DayRow.day - 1) % WEEKDAYS
        query = (
            select(
                monday,
                func.sum(DayRow.sessions),
                func.sum(DayRow.reps),
                func.sum(DayRow.judged),
                func.sum(DayRow.clean),
            )
            .where(DayRow.sessions > 0, *self._only(DayRow))
            .group_by(monday)
            .order_by(monday)
        )
        if since is not None:
            query = query.where(DayRow.day >= since.toordinal())
        with self.reading() as session:
            return tuple(
                GymWeek(date.fromordinal(first + 1), *counts)
                for first, *counts in session.execute(query)
            )

    def agreement(self) -> Agreement:
        """How trainers and program agree on the reps that trainers have looked at."""
        query = (
            select(CorrectionRow.program, CorrectionRow.verdict, func.count())
            .where(*self._only(CorrectionRow))
            .group_by(CorrectionRow.program, CorrectionRow.verdict)
        )
        counts = {(program, trainer): 0 for program in Verdict for trainer in Verdict}
        with self.reading() as session:
            for program, trainer, count in session.execute(query):
                counts[Verdict(program), Verdict(trainer)] = count
        return Agreement(counts)

    def equipment(self, kind: str | None = None, limit: int = 50) -> tuple[EquipmentNote, ...]:
        """What was found of the mat, the newest first; `kind` is one of
        `device.store.schema_gym.EQUIPMENT_KINDS`."""
        query = select(EquipmentRow).order_by(EquipmentRow.position.desc()).limit(limit)
        if kind is not None:
            query = query.where(EquipmentRow.kind == kind)
        with self.reading() as session:
            return tuple(
                EquipmentNote(row.id, row.at_utc, row.kind, row.document)
                for row in session.scalars(query)
            )

    def size(self) -> Size:
        """How much there is, whatever its source."""
        query = select(func.sum(DayRow.sessions), func.sum(DayRow.reps))
        with self.reading() as session:
            sessions, reps = session.execute(query).one()
        log = self._path.with_name(self._path.name + "-wal")
        size = sum(path.stat().st_size for path in (self._path, log) if path.exists())
        return Size(size, sessions or 0, reps or 0)

    def _only(
        self, table: type[TotalsRow | DayRow | HourRow | CorrectionRow]
    ) -> tuple[ColumnElement[bool], ...]:
        return () if self._simulated else (table.source == "mat",)
