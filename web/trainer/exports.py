"""Tables as CSV and JSON, sent row by row: the first come at once, however many follow."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, stream_with_context

from device.core.quantities import QUANTITIES
from device.store.accounts import Accounts
from device.store.gym import Gym
from device.store.people import People
from device.store.queries import History, SessionSummary
from web.trainer.access import Access, open_to, present_account
from web.trainer.members import MOST_LISTED
from web.trainer.plain import plain
from web.trainer.shown import Shown

Row = Mapping[str, Any]
AT_ONCE = 200
"""Sessions read at a time, so that no read of the database lasts long."""
SPREADSHEET_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be a formula in a spreadsheet (OWASP, CSV injection)."""
TYPES = {"csv": "text/csv", "json": "application/json"}


def exports_pages(
    *, people: People, history: History, gym: Shown[Gym], accounts: Accounts
) -> Blueprint:
    """The files to take along."""
    pages = Blueprint("exports", __name__)
    sources: dict[str, Callable[[], Iterable[Row]]] = {
        "members": lambda: map(plain, people.search("", MOST_LISTED)),
        "sessions": lambda: map(plain, _sessions(history)),
        "reps": lambda: _reps(history),
        "weeks": lambda: map(plain, gym().weeks()),
    }

    @pages.get("/export/<any(members, sessions, reps, weeks):name>.<any(csv, json):kind>")
    @open_to(Access.TRAINER)
    def table(name: str, kind: str) -> Response:
        accounts.audit(present_account().name, "export", details=f"{name}, {kind}")
        rows = sources[name]()
        chunks = _csv(rows) if kind == "csv" else _json(rows)
        answer = Response(stream_with_context(chunks), mimetype=TYPES[kind])
        answer.headers["Content-Disposition"] = f'attachment; filename="pronemat-{name}.{kind}"'
        return answer

    return pages


def _sessions(history: History) -> Iterator[SessionSummary]:
    """All of them, the newest first."""
    before: int | None = None
    while found := history.sessions(AT_ONCE, before=before):
        yield from found
        before = found[-1].position


def _reps(history: History) -> Iterator[Row]:
    for summary in _sessions(history):
        stored = history.session(summary.id)
        for one in () if stored is None else stored.sets:
            for rep in one.reps:
                values = plain(rep)
                numbers, faults = values.pop("numbers"), values.pop("faults")
                known = {f"number_{key}": numbers.get(key) for key in QUANTITIES}
                yield {
                    "session_id": str(summary.id),
                    "member_id": _text(summary.member_id),
                    "source": summary.source,
                    "set": one.number,
                    **values,
                    "faults": " ".join(faults),
                    **known,
                }


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    """The first row names the columns; every row of a table has the same."""
    buffer = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(buffer, list(row))
            writer.writeheader()
        writer.writerow({key: _cell(value) for key, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _json(rows: Iterable[Row]) -> Iterator[str]:
    lead = "[\n"
    for row in rows:
        yield lead + json.dumps(row, ensure_ascii=False)
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"


def _cell(value: Any) -> Any:
    """A value as a spreadsheet keeps it; nothing that somebody typed becomes a formula."""
    if isinstance(value, str) and value.startswith(SPREADSHEET_SIGNS):
        return f"'{value}"
    return value


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
