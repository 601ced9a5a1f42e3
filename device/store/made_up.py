"""A made-up gym of many years, to measure with. Every session says `demo` as its source, so that
no page takes it for one of the mat. The same seed makes the same gym."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from device.coach.programme import DEFAULT_PLAN, Strictness, Variation
from device.core.types import Verdict
from device.errors import StoreError
from device.store.database import open_database
from device.store.made_up_people import Coming, Lifter, NewId, ids, make_comings, make_lifters
from device.store.made_up_reps import REPS, SETS, make_session
from device.store.schema import RepRow, SessionRow, SetRow, TotalsRow, TraceRow
from device.store.schema_gym import AuditRow, EquipmentRow
from device.store.schema_people import CorrectionRow, MemberRow, ProgrammeRow
from device.store.traces import pack_trace

BITE = 400
"""Sessions of one transaction."""
CACHE_KIB = 256 * 1024
TRACE_DAYS = 365
"""Traces of the last year, as the rules keep them unless they are changed."""
TRACES = 64
"""Different ones; the rest are these again."""
TRACE_S, TRACE_STEP_S = 7.0, 0.05
ROWS = ("chest", "ribs", "abdomen", "asis", "pubis", "thigh", "knee", "foot", "head")
REVIEWED, AGREED = 0.01, 0.87
"""Share of the lifts that a trainer looked at, and of those on which they agreed."""
PROGRAMMED = 0.4
AUDITED_A_DAY = 4
TRAINER = "Kim"


def make_gym(
    path: Path,
    members: int,
    reps: int,
    years: float,
    progress: Callable[[float], None],
    seed: int = 1,
    today: datetime | None = None,
) -> None:
    """Fill a new database at `path`; `StoreError` if there is one."""
    if path.exists():
        raise StoreError(f"{path} exists already; give the made-up gym a file of its own.")
    rng, new_id = default_rng(seed), ids(seed)
    end = today or datetime.now(UTC)
    days = max(round(years * 365.25), 1)
    first = (end - timedelta(days=days)).date()
    lifters = make_lifters(rng, new_id, members, first, days)
    lengths = _lengths(rng, reps)
    comings = make_comings(rng, lifters, len(lengths), first, days)
    engine = open_database(path)
    try:
        _hurry(engine)
        with Session(engine) as session, session.begin():
            _add_people(session, rng, lifters)
            _add_gym(session, rng, new_id, end, days)
        traces = [_trace(rng) for _ in range(TRACES)]
        for start in range(0, len(comings), BITE):
            place = slice(start, start + BITE)
            with Session(engine) as session, session.begin():
                _add_sessions(
                    session, rng, new_id, start, comings[place], lengths[place], traces, end
                )
            progress(min(start + BITE, len(comings)) / len(comings))
    finally:
        engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _hurry(engine: Engine) -> None:
    """A made-up gym that a power cut halves is made again."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _lengths(rng: Generator, reps: int) -> list[int]:
    """Lifts of each session: most do all that is asked, some leave before."""
    lengths = []
    left = reps
    while left > 0:
        whole = rng.random() < 0.85
        length = min(SETS * REPS if whole else int(rng.integers(1, SETS * REPS)), left)
        lengths.append(length)
        left -= length
    return lengths


def _add_people(session: Session, rng: Generator, lifters: Sequence[Lifter]) -> None:
    if not lifters:
        return
    rows = []
    programmes = []
    for lifter in lifters:
        joined = datetime.combine(lifter.joined, datetime.min.time(), UTC)
        rows.append(
            {
                "id": lifter.id,
                "name": lifter.name,
                "code": lifter.code,
                "height_cm": round(float(rng.normal(172, 9)), 1),
                "mass_kg": round(float(rng.normal(74, 12)), 1),
                "notes": "Made up.",
                "consent_utc": joined,
                "created_utc": joined,
                "acknowledged_utc": joined,
            }
        )
        if rng.random() < PROGRAMMED:
            programmes.append(
                {
                    "member_id": lifter.id,
                    "variation": Variation.SINGLE.value,
                    "sets": SETS,
                    "reps": REPS,
                    "lift_s": DEFAULT_PLAN.lift_s,
                    "hold_s": DEFAULT_PLAN.hold_s,
                    "lower_s": DEFAULT_PLAN.lower_s,
                    "rest_s": DEFAULT_PLAN.rest_s,
                    "strictness": Strictness.NORMAL.value,
                    "ankle_weight_kg": None,
                    "decided_utc": joined,
                    "decided_by": TRAINER,
                }
            )
    session.execute(insert(MemberRow), rows)
    if programmes:
        session.execute(insert(ProgrammeRow), programmes)


def _add_gym(session: Session, rng: Generator, new_id: NewId, end: datetime, days: int) -> None:
    """The mat's health every week, and what trainers did every day."""
    equipment = []
    for position, ago in enumerate(range(days, 0, -7), 1):
        kind = ("doctor", "doctor", "doctor", "drift")[position % 4]
        if position % 26 == 0:
            kind = "calibration"
        equipment.append(
            {
                "id": new_id(),
                "position": position,
                "at_utc": end - timedelta(days=ago),
                "kind": kind,
                "document": {"made_up": True, "worst_pct": round(float(rng.exponential(3.0)), 2)},
            }
        )
    audit = [
        {
            "id": new_id(),
            "position": position,
            "at_utc": end - timedelta(days=days * (1 - position / (days * AUDITED_A_DAY))),
            "who": TRAINER,
            "what": ("login", "correction")[position % 2],
            "subject": "",
            "details": "",
        }
        for position in range(1, days * AUDITED_A_DAY + 1)
    ]
    if equipment:
        session.execute(insert(EquipmentRow), equipment)
    session.execute(insert(AuditRow), audit)


def _add_sessions(
    session: Session,
    rng: Generator,
    new_id: NewId,
    before: int,
    comings: Sequence[Coming],
    lengths: Sequence[int],
    traces: Sequence[bytes],
    end: datetime,
) -> None:
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (SessionRow, SetRow, RepRow, TotalsRow, TraceRow, CorrectionRow)
    }
    for position, (coming, length) in enumerate(zip(comings, lengths, strict=True), before + 1):
        began = coming.local.astimezone(UTC)
        lifter = coming.lifter
        variation = Variation.SINGLE if lifter is None else lifter.variation(coming.local.date())
        session_id = new_id()
        made = make_session(rng, new_id, session_id, began, lifter, variation, length)
        ended = began + timedelta(seconds=made.lasts_s)
        rows[SessionRow].append(
            {
                "id": session_id,
                "position": position,
                "member_id": None if lifter is None else lifter.id,
                "source": "demo",
                "state": "ended",
                "calibrated": True,
                "calibration_id": None,
                "started_utc": began,
                "ended_utc": ended,
                "duration_s": made.lasts_s,
                "last_utc": ended,
                "last_monotonic_s": made.lasts_s,
                "last_boot_id": "made up",
                "variation": variation.value,
                "strictness": Strictness.NORMAL.value,
                "plan": {"variation": variation.value, "sets": SETS, "reps": REPS},
                "weight_noticed": variation is Variation.WEIGHT,
            }
        )
        rows[SetRow] += made.sets
        rows[RepRow] += made.reps
        rows[TotalsRow].append(made.totals)
        for rep in made.reps:
            if end - began < timedelta(days=TRACE_DAYS):
                document = traces[int(rng.integers(len(traces)))]
                rows[TraceRow].append({"rep_id": rep["id"], "at_utc": ended, "document": document})
        for rep in itertools.compress(made.reps, rng.random(length) < REVIEWED):
            rows[CorrectionRow].append(_correction(rng, rep, ended))
            if rows[CorrectionRow][-1]["verdict"] != rep["verdict"]:
                _count_corrected(made.totals, rep, rows[CorrectionRow][-1]["verdict"])
    for table, values in rows.items():
        if values:
            # The table itself: what the mapping adds takes longer than the database does.
            session.execute(insert(table.__table__), values)


def _correction(rng: Generator, rep: dict[str, Any], at_utc: datetime) -> dict[str, Any]:
    agreed = rng.random() < AGREED
    others = [verdict.value for verdict in Verdict if verdict.value != rep["verdict"]]
    said = rep["verdict"] if agreed else others[int(rng.integers(len(others)))]
    return {
        "rep_id": rep["id"],
        "verdict": said,
        "program": rep["verdict"],
        "source": "demo",
        "by": TRAINER,
        "at_utc": at_utc,
    }


def _count_corrected(totals: dict[str, Any], rep: dict[str, Any], said: str) -> None:
    """The trainer's verdict takes the place of the program's in what the session adds up to."""
    for verdict, change in ((rep["verdict"], -1), (said, 1)):
        totals[f"{rep['side']}_judged"] += change * (verdict != Verdict.UNSURE)
        totals[f"{rep['side']}_clean"] += change * (verdict == Verdict.GLUTE)


def _trace(rng: Generator) -> bytes:
    """A trace as the daemon packs one, of about a usual lift's length and noise."""
    t_s = np.arange(-1.0, TRACE_S - 1.0, TRACE_STEP_S)
    up = np.clip(np.sin(np.pi * np.clip(t_s / (TRACE_S - 2.0), 0.0, 1.0)) * 1.5, 0.0, 1.0)

    def course(rest: float, change: float) -> list[float]:
        noise = rng.normal(0.0, 0.15, len(t_s))
        values: list[float] = (rest + change * up + noise).tolist()
        return values

    return pack_trace(
        {
            "t_s": t_s.tolist(),
            "side": "left",
            "top_s": 2.0,
            "end_s": TRACE_S - 2.0,
            "rows_pct": {row: course(10.0, float(rng.normal(0, 6))) for row in ROWS},
            "tilt_pct": course(0.0, float(rng.normal(0, 4))),
            "roll_pct": course(0.0, float(rng.normal(0, 4))),
            "phase": ["lifting" if share > 0 else "ready" for share in up.tolist()],
        }
    )
