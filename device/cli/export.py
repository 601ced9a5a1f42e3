"""`pronemat export`: sessions for other programs, as CSV or JSON."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from device.cli.options import FILE, config_option
from device.cli.progress import shown
from device.config import load_settings
from device.errors import StoreError
from device.store.export import NAME_COLUMN, REP_COLUMNS, SESSION_COLUMNS, Exports, Wanted
from device.store.people import People

DAY = click.DateTime(formats=["%Y-%m-%d"])
PART_SUFFIX = ".part"


@click.command(epilog="Example: pronemat export may.csv --since 2026-05-01 --until 2026-06-01")
@click.argument("file", type=FILE)
@config_option
@click.option("--since", type=DAY, help="From this day on (local time).")
@click.option("--until", type=DAY, help="Up to this day, without it.")
@click.option("--member", "code", help="Only of the member with this four-digit code.")
@click.option(
    "--table",
    type=click.Choice(["sessions", "reps"]),
    default="reps",
    show_default=True,
    help="A row of a CSV: a session, or a rep.",
)
@click.option("--names", is_flag=True, help="Members' names too, not only their ids.")
@click.option("--simulated", is_flag=True, help="Also what was demonstrated or replayed.")
def export(
    file: Path,
    config: Path | None,
    since: datetime | None,
    until: datetime | None,
    code: str | None,
    table: str,
    names: bool,
    simulated: bool,
) -> None:
    """Write the stored sessions to FILE: .csv for a table, .json for sessions with their reps.

    The kiosk may go on meanwhile. Times are ISO 8601 in UTC.
    """
    kind = file.suffix.lower()
    if kind not in (".csv", ".json"):
        raise StoreError(f"{file} is neither .csv nor .json; give it one of these endings.")
    if file.exists():
        raise StoreError(f"{file} exists already; give the export another name.")
    database = load_settings(config).database
    if not database.exists():
        raise StoreError(f"nothing is stored yet in {database}; start the daemon once.")
    wanted = Wanted(
        None if since is None else since.astimezone(),
        None if until is None else until.astimezone(),
        None if code is None else _member_of(database, code),
        simulated,
    )
    with closing(Exports(database)) as exports, shown("export") as progress, _written(file) as out:
        total = max(exports.count(wanted), 1)
        if kind == ".json":
            count = _write_json(out, exports, wanted, names, total, progress)
        else:
            count = _write_csv(out, exports, wanted, names, table, total, progress)
        progress(1.0)
    click.echo(f"{file}: {count} {'sessions' if kind == '.json' else table}")


def _member_of(database: Path, code: str) -> UUID:
    with closing(People(database)) as people:
        member = people.by_code(code)
    if member is None:
        raise StoreError(f"no member has the code {code}; the dashboard lists them.")
    return member.id


def _write_json(
    out: TextIO,
    exports: Exports,
    wanted: Wanted,
    names: bool,
    total: int,
    progress: Callable[[float], None],
) -> int:
    """One array, a session to a line."""
    count = 0
    out.write("[")
    for document in exports.documents(wanted, names):
        out.write((",\n" if count else "\n") + json.dumps(document, ensure_ascii=False))
        count += 1
        progress(count / total)
    out.write("\n]\n")
    return count


def _write_csv(
    out: TextIO,
    exports: Exports,
    wanted: Wanted,
    names: bool,
    table: str,
    total: int,
    progress: Callable[[float], None],
) -> int:
    """A header, then a row each; the count of rows."""
    columns = SESSION_COLUMNS if table == "sessions" else REP_COLUMNS
    writer = csv.DictWriter(out, [*columns, *([NAME_COLUMN] if names else [])])
    writer.writeheader()
    count = 0
    if table == "sessions":
        for count, row in enumerate(exports.sessions(wanted, names), 1):
            writer.writerow(row)
            progress(count / total)
        return count
    for done, rows in enumerate(exports.reps(wanted, names), 1):
        writer.writerows(rows)
        count += len(rows)
        progress(done / total)
    return count


@contextmanager
def _written(file: Path) -> Iterator[TextIO]:
    """A file that is there whole or not at all, readable by its owner alone."""
    part = file.with_name(file.name + PART_SUFFIX)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            yield out
        part.replace(file)
    except OSError as error:
        raise StoreError(
            f"the export {file} cannot be written: {error.strerror}; choose a place with room "
            "where you may write."
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
