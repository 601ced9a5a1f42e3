"""`pronemat doctor`: everything that can be wrong, on one page."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
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
    State.OK: ("ok     ", "green"),
    State.WARN: ("WARN   ", "yellow"),
    State.BAD: ("BAD    ", "red"),
    State.UNKNOWN: ("unknown", "dim"),
}
VERDICTS = {
    State.OK: "Nothing is known to be wrong.",
    State.WARN: "The mat can be used; see to the lines marked WARN.",
    State.BAD: "The mat needs the maintainer; see to the lines marked BAD, from the top.",
}
TITLE_WIDTH = 17
MARGIN = 8 + TITLE_WIDTH


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
    console = Console(highlight=False)
    for key, title in CHECKS.items():
        rows = [finding for finding in findings if finding.key == key]
        for row in _gathered(rows):
            mark, colour = MARKS[row.state]
            figure = f"{row.subject} {row.figure}" if row.subject else row.figure
            line = Text.assemble((mark, colour), " ", title.ljust(TITLE_WIDTH), figure)
            console.print(line, overflow="fold")
            if row.remedy:
                remedy = Padding(Text(row.remedy, "italic"), (0, 0, 0, MARGIN), expand=False)
                console.print(remedy)
    console.print(Text(VERDICTS[worst(findings)], "bold"))


def _gathered(rows: list[Finding]) -> list[Finding]:
    """Of a check with many subjects one line for each state and figure that needs no line alone."""
    gathered: list[Finding] = []
    for state in (State.OK, State.UNKNOWN):
        same = [row for row in rows if row.state is state]
        if len(same) > 1:
            what = "are sound" if state is State.OK else f"cannot be told: {same[0].figure}"
            figure = f"{len(same)} of {len(rows)} {what}"
            gathered.append(Finding(same[0].key, state, figure, same[0].remedy))
        else:
            gathered += same
    return gathered + [row for row in rows if row.state not in (State.OK, State.UNKNOWN)]
