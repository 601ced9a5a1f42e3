"""`pronemat bench store`: the time each question of the pages takes the database."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import click

from device.cli.options import FILE
from device.cli.progress import shown
from device.coach.programme import Variation
from device.errors import StoreError
from device.store.accounts import Accounts
from device.store.export import Exports, Wanted
from device.store.gym import Gym
from device.store.people import People
from device.store.progress import Progress
from device.store.queries import History
from device.store.reviews import Reviews

LOOKED_AT = 3000
"""Sessions among which the busiest member is looked for."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one question took, over its repetitions, in milliseconds; `cpu_ms` is the median of
    the processor's time alone, which does not depend on what else the machine does."""

    question: str
    median_ms: float
    p95_ms: float
    cpu_ms: float


def measure_store(
    path: Path, times: int, progress: Callable[[float], None] = lambda _share: None
) -> tuple[Timing, ...]:
    """Ask the database at `path` each question so many times, after once to warm up."""
    with ExitStack() as stack:
        questions = _questions(path, stack)
        timings = []
        for place, (question, ask) in enumerate(questions.items(), 1):
            ask()
            taken_ms, cpu_ms = [], []
            for _ in range(times):
                began_s, cpu_began_s = time.perf_counter(), time.thread_time()
                ask()
                cpu_ms.append((time.thread_time() - cpu_began_s) * 1e3)
                taken_ms.append((time.perf_counter() - began_s) * 1e3)
            ordered = sorted(taken_ms)
            p95_ms = ordered[min(int(0.95 * times), times - 1)]
            median_ms = statistics.median(ordered)
            timings.append(Timing(question, median_ms, p95_ms, statistics.median(cpu_ms)))
            progress(place / len(questions))
    return tuple(timings)


def _questions(path: Path, stack: ExitStack) -> Mapping[str, Callable[[], object]]:
    """What the pages ask, of the member who comes most and the latest session."""
    history = stack.enter_context(closing(History(path)))
    people = stack.enter_context(closing(People(path)))
    progress = stack.enter_context(closing(Progress(path, simulated=True)))
    gym = stack.enter_context(closing(Gym(path, simulated=True)))
    reviews = stack.enter_context(closing(Reviews(path)))
    accounts = stack.enter_context(closing(Accounts(path)))
    exports = stack.enter_context(closing(Exports(path)))
    latest = history.sessions(LOOKED_AT)
    if not latest:
        raise StoreError(f"{path} has no sessions; make some with 'pronemat gym FILE'.")
    owners = Counter(one.member_id for one in latest if one.member_id is not None)
    member: UUID = owners.most_common(1)[0][0] if owners else uuid4()
    newest = next((one for one in latest if one.member_id == member), latest[0])
    stored = history.session(newest.id)
    reps = [rep.id for one in stored.sets for rep in one.reps] if stored is not None else []
    middle = latest[-1].position // 2
    month = datetime.now(UTC) - timedelta(days=31)
    old = history.sessions(1, before=middle)[0].started_utc if middle > 1 else month
    season = (datetime.now(UTC) - timedelta(weeks=12)).date()
    all_of_it = Wanted(simulated=True)
    return {
        "sessions, first page": lambda: history.sessions(PAGE),
        "sessions, a page midway": lambda: history.sessions(PAGE, before=middle),
        "sessions of a member": lambda: history.sessions(PAGE, member_id=member),
        "sessions of guests": lambda: history.sessions(PAGE, guests=True),
        "sessions of a month": lambda: history.sessions(PAGE, since_utc=month),
        "sessions of long ago": lambda: history.sessions(PAGE, until_utc=old),
        "sessions of the mat": lambda: history.sessions(PAGE, simulated=False),
        "one session with its reps": lambda: history.session(newest.id),
        "trace of a rep": lambda: [reviews.trace(rep) for rep in reps[:1]],
        "corrections of a session": lambda: reviews.corrections(newest.id),
        "marks": lambda: reviews.marks(),
        "members, all": lambda: people.search("", PAGE),
        "members, by name": lambda: people.search("an", PAGE),
        "member by code": lambda: people.by_code("0427"),
        "programme": lambda: people.programme(member),
        "decisions": lambda: reviews.decisions(member),
        "practices of a member": lambda: progress.practices(member),
        "comparison with last time": lambda: progress.comparison(member, newest.id),
        "last of a variation": lambda: progress.latest(member, Variation.SINGLE),
        "weeks of a member": lambda: progress.weeks(member),
        "use by hour, ever": lambda: gym.use(),
        "use by hour, 12 weeks": lambda: gym.use(season),
        "clean by week, ever": lambda: gym.weeks(),
        "clean by week, 12 weeks": lambda: gym.weeks(season),
        "agreement (kappa)": lambda: gym.agreement(),
        "equipment": lambda: gym.equipment(),
        "size": lambda: gym.size(),
        "audit list": lambda: accounts.audit_list(),
        "export, first sessions": lambda: next(exports.sessions(all_of_it), None),
        "export, first reps": lambda: next(exports.reps(all_of_it), None),
    }


@click.command(epilog="Example: pronemat bench store /tmp/big/pronemat.db --json")
@click.argument("file", type=FILE)
@click.option(
    "--times",
    type=click.IntRange(1, 10_000),
    default=30,
    show_default=True,
    help="How often each question is asked.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def store(file: Path, times: int, as_json: bool) -> None:
    """Ask the database FILE what the pages ask; `pronemat gym` makes one to measure with."""
    if not file.exists():
        raise StoreError(f"there is no {file}; make one with 'pronemat gym {file}'.")
    with shown("asking") as progress:
        timings = measure_store(file, times, progress)
    if as_json:
        click.echo(json.dumps({one.question: _plain(one) for one in timings}))
        return
    click.echo(f"{'':28}{'median':>10}{'95th pct.':>12}{'processor':>12}")
    for one in timings:
        click.echo(
            f"{one.question:28}{one.median_ms:7.1f} ms{one.p95_ms:9.1f} ms{one.cpu_ms:9.1f} ms"
        )


def _plain(timing: Timing) -> dict[str, float]:
    return {
        "median_ms": round(timing.median_ms, 3),
        "p95_ms": round(timing.p95_ms, 3),
        "cpu_ms_median": round(timing.cpu_ms, 3),
    }
