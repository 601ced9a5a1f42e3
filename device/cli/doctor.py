"""`pronemat doctor`: everything that can be wrong, on one page."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from device.cli.options import FILE, config_option
from device.config import load_settings
from device.doctor.bundle import findings_json, write_report
from device.doctor.examine import examine
from device.doctor.findings import CHECKS, Finding, State, exit_code, worst
from device.doctor.machine import Machine
from device.mat_file import load_mat
from device.sources.mat import open_mat

MARKS = {
    State.OK: ("ok", "green"),
    State.WARN: ("WARN", "yellow"),
    State.BAD: ("BAD", "red"),
    State.UNKNOWN: ("unknown", "dim"),
}
VERDICTS = {
    State.OK: "Nothing is known to be wrong.",
    State.WARN: "The mat can be used; see to the lines marked WARN.",
    State.BAD: "The mat needs the maintainer; see to the lines marked BAD, from the top.",
}
MARK_WIDTH, TITLE_WIDTH = 7, 16


@click.command(
    epilog="Examples: pronemat doctor; pronemat doctor --source demo; "
    "pronemat doctor --report report.tar.gz"
)
@config_option
@click.option(
    "--source",
    type=click.Choice(["mat", "demo"]),
    default="mat",
    show_default=True,
    help="The mat (through the daemon if it runs), or a simulated one.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(1.0, 60.0),
    default=2.0,
    show_default=True,
    help="How long the mat is looked at.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the page.")
@click.option("--report", type=FILE, help="Write an archive to send along with a question.")
def doctor(
    config: Path | None, source: str, seconds: float, as_json: bool, report: Path | None
) -> None:
    """Say what is wrong and what to do, from the wire to the screen; the mat should be empty.

    Exit code 0: nothing is known to be wrong; 3: something to see to; 4: the mat cannot be used.
    """
    settings = load_settings(config)
    mat = load_mat(settings.mat.file)
    machine = Machine()
    bus = settings.bus
    examination = examine(
        settings,
        mat,
        seconds,
        demo=source == "demo",
        open_source=partial(open_mat, mat, bus.number, bus.scl_hz),
        machine=machine,
    )
    if as_json:
        click.echo(json.dumps(findings_json(examination)))
    else:
        _print(examination.findings)
    if report is not None:
        write_report(report, examination, settings, mat, machine)
        click.echo(f"report written to {report}", err=True)
    sys.exit(exit_code(examination.findings))


def _print(findings: tuple[Finding, ...]) -> None:
    """The page; on a terminal that is too low for it, what is well is told in one line."""
    console = Console(highlight=False)
    page = _page(findings)
    if console.is_terminal and len(console.render_lines(page)) + 2 > console.height:
        troubled = {row.key for row in findings if row.state in (State.WARN, State.BAD)}
        page = _page(findings, {"strip", *troubled})
    console.print(page)
    console.print(Text(VERDICTS[worst(findings)], "bold"))


def _page(findings: tuple[Finding, ...], alone: Collection[str] = tuple(CHECKS)) -> Table:
    """A line for each of the checks that stand alone; the others together by their state."""
    page = Table.grid(padding=(0, 1))
    page.add_column(width=MARK_WIDTH)
    page.add_column(width=TITLE_WIDTH)
    page.add_column(overflow="fold")
    for key in CHECKS:
        if key in alone:
            for row in _gathered([finding for finding in findings if finding.key == key]):
                _add(page, row, CHECKS[key])
    for state in (State.OK, State.UNKNOWN):
        keys = [row.key for row in findings if row.state is state and row.key not in alone]
        if keys:
            titles = ", ".join(CHECKS[key] for key in dict.fromkeys(keys))
            _add(page, Finding("", state, titles), "the others" if alone else "")
    return page


def _add(page: Table, row: Finding, title: str) -> None:
    mark, colour = MARKS[row.state]
    named = row.figure if row.subject in row.figure else f"{row.subject}: {row.figure}"
    said = Text(named)
    if row.remedy:
        said.append(f"\n{row.remedy}", "italic")
    page.add_row(Text(mark, colour), title, said)


def _gathered(rows: list[Finding]) -> list[Finding]:
    """Of a check with many subjects one line for all that are well, or unknown for one reason;
    the worst first."""
    alone = [row for state in (State.BAD, State.WARN) for row in rows if row.state is state]
    together: dict[tuple[State, str], list[Finding]] = {}
    for row in rows:
        if row.state in (State.OK, State.UNKNOWN):
            reason = row.figure if row.state is State.UNKNOWN else ""
            together.setdefault((row.state, reason), []).append(row)
    for (state, reason), same in together.items():
        if len(same) == 1:
            alone += same
            continue
        words = f"cannot be told: {reason}" if state is State.UNKNOWN else "are sound"
        figure = f"{len(same)} of {len(rows)} {words}"
        alone.append(Finding(same[0].key, state, figure, same[0].remedy))
    return alone
