"""`pronemat doctor`: everything that can be wrong, on one page."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from device.cli.doctor_page import print_page
from device.cli.doctor_press import ask_for_presses
from device.cli.options import FILE, config_option, without_log
from device.cli.progress import shown
from device.config import Settings, load_settings
from device.doctor.boot import sentence, write_findings
from device.doctor.bundle import findings_json, write_report
from device.doctor.evidence import untold
from device.doctor.examine import Examination, examine
from device.doctor.findings import CHECKS, State, exit_code, worst
from device.doctor.machine import Machine
from device.doctor.symptoms import symptoms
from device.errors import StoreError
from device.mat_file import load_mat
from device.service.boot_findings import NAME
from device.sources.mat import open_mat
from device.store.equipment import keep_note

LOOK_AGAIN_S = 5.0
SOON_S = 3.0
"""A look that lasts no longer needs no bar."""


@click.command(
    epilog="Examples: pronemat doctor; pronemat doctor --source demo; pronemat doctor --press; "
    "pronemat doctor --report report.tar.gz; pronemat doctor --explain chip"
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
@click.option("--press", is_flag=True, help="Ask for a press of each bar: sides and rows crossed?")
@click.option("--strip", "strips", multiple=True, help="With --press: this strip only; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the page.")
@click.option(
    "--report",
    type=FILE,
    help="Write an archive for a question: findings, settings, log, frames.",
)
@click.option("--boot", is_flag=True, help="For the start: tell the kiosk, leave the bus alone.")
@click.option(
    "--patience",
    type=click.FloatRange(0.0, 90.0),
    default=30.0,
    show_default=True,
    help="With --boot: seconds in which what is bad may still become well.",
)
@click.option("--explain", is_flag=True, help="Symptom, cause and cure of the CHECKs, or of all.")
@click.argument("checks", nargs=-1, metavar="[CHECK]...", type=click.Choice(list(CHECKS)))
def doctor(
    config: Path | None,
    source: str,
    seconds: float,
    press: bool,
    strips: tuple[str, ...],
    as_json: bool,
    report: Path | None,
    boot: bool,
    patience: float,
    explain: bool,
    checks: tuple[str, ...],
) -> None:
    """Say what is wrong and what to do, from the wire to the screen; the mat should be empty.

    Exit code 0: nothing is known to be wrong; 3: something to see to; 4: the mat cannot be used;
    1: it could not be done. With --boot always 0 once the kiosk is told.
    """
    _check_options(press=press or bool(strips), boot=boot, demo=source == "demo")
    if bool(checks) and not explain:
        raise click.UsageError("a CHECK goes with --explain.")
    if explain:
        _explain(checks)
        return
    without_log()
    settings = load_settings(config)
    mat = load_mat(settings.mat.file)
    for name in strips:
        if name not in mat.names:
            raise click.BadParameter(f"{name!r} is none of {', '.join(mat.names)}.")
    demo = source == "demo"
    open_bus = partial(open_mat, mat, settings.bus.number, settings.bus.scl_hz)
    machine = Machine()
    look = partial(
        examine,
        settings,
        mat,
        seconds,
        demo=demo,
        open_source=None if boot else open_bus,
        machine=machine,
    )
    with shown("looking") if seconds > SOON_S and not boot else nullcontext(untold) as told:
        examination = look(told=told)
    if boot:
        examination = _patiently(examination, look, patience)
    if press or strips:
        evidence = examination.evidence
        if evidence is not None:
            found = ask_for_presses(
                settings,
                examination.calibration,
                strips,
                demo=demo,
                through_daemon=evidence.daemon is not None,
                open_source=open_bus,
            )
            examination = examination.with_findings("wiring", found)
    if as_json:
        click.echo(json.dumps(findings_json(examination)))
    elif not boot:
        print_page(examination.findings)
    if report is not None:
        write_report(report, examination, settings, mat, machine)
        click.echo(f"report written to {report}", err=True)
    if not demo:
        _keep(settings, examination)
    if boot:
        click.echo(f"{write_findings(settings.paths.run, examination.findings)} written", err=True)
        return
    if not demo:
        _renew(settings, examination)
    sys.exit(exit_code(examination.findings))


def _check_options(*, press: bool, boot: bool, demo: bool) -> None:
    if boot and (press or demo):
        raise click.UsageError("--boot is for the mat itself, and nobody is asked to press.")


def _patiently(
    examination: Examination, look: Callable[[], Examination], patience_s: float
) -> Examination:
    """While a machine starts, much is late: what is bad is looked at again before it is told."""
    end_s = time.monotonic() + patience_s
    while worst(examination.findings) is State.BAD and time.monotonic() < end_s:
        time.sleep(min(LOOK_AGAIN_S, max(end_s - time.monotonic(), 0.0)))
        examination = look()
    return examination


def _keep(settings: Settings, examination: Examination) -> None:
    """What is not as it should be, for the trainers' page of the gym."""
    wrong = [one for one in examination.findings if one.state in (State.BAD, State.WARN)]
    words = " ".join(sentence(one) for one in wrong) or "Nothing is known to be wrong."
    state = worst(examination.findings).value
    keep_note(settings.database, "doctor", {"words": words, "state": state})


def _renew(settings: Settings, examination: Examination) -> None:
    """What the kiosk says of the start is true no longer: tell it what was found now."""
    path = settings.paths.run / NAME
    if not path.exists():
        return
    try:
        write_findings(settings.paths.run, examination.findings)
    except StoreError:
        click.echo(
            "the kiosk still shows what was found at the start: renew it by `sudo -u pronemat "
            "pronemat doctor --boot`.",
            err=True,
        )


def _explain(checks: tuple[str, ...]) -> None:
    """The rows of the document, of these checks or of all."""
    console = Console(highlight=False)
    rows = symptoms()
    for key in checks or CHECKS:
        console.print(Text(CHECKS[key], "bold"))
        for row in rows[key]:
            for indent, word, text in (
                (2, "", row.symptom),
                (4, "cause", row.cause),
                (4, "cure ", row.cure),
            ):
                if text:
                    said = Text(f"{word}  {text}" if word else text)
                    console.print(Padding(said, (0, 0, 0, indent), expand=False))
