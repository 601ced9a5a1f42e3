"""`pronemat calibrate list`, `show`, `diff` and `rollback`: the calibrations that are kept."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from device.calibrations.history import FACTORY, IN_FORCE, History
from device.calibrations.lock import visit_lock
from device.calibrations.merge import COMPARED_N, change_pct
from device.calibrations.plot import strip_plot
from device.calibrations.record import Record, Taken
from device.calibrations.strip_fit import StripFit, fit_strip
from device.cli.calibrate_options import place_options
from device.cli.calibrate_tools import inner_where
from device.core.mat import Mat
from device.errors import CalibrationError

PLOT_COLUMNS, PLOT_LINES = 78, 20
NEVER = "data sheet"


@click.command("list", epilog="Example: pronemat calibrate list --json")
@place_options
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of a table.")
@click.pass_context
def kept_list(
    ctx: click.Context,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    as_json: bool,
) -> None:
    """List every calibration, the oldest first, and say which one is in force."""
    history = inner_where(ctx, config, mat_path, source).history()
    try:
        in_force = history.in_force()
        trouble = None
    except CalibrationError as error:
        in_force, trouble = None, str(error)
    in_force_id = FACTORY if in_force is None and trouble is None else in_force and in_force.id
    rows: list[tuple[str, Record | None, str | None]] = [(FACTORY, history.factory(), None)]
    rows += [(entry.id, entry.record, entry.problem) for entry in history.entries()]
    if as_json:
        shown = [_entry_json(name, one, bad, name == in_force_id) for name, one, bad in rows]
        click.echo(json.dumps(shown))
    else:
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        table.add_column("calibration", no_wrap=True)
        for heading in ("made (UTC)", "strips", "conditions"):
            table.add_column(heading, overflow="fold")
        older: set[tuple[str, Taken]] = set()
        for name, one, bad in rows:
            mark = ">" if name == in_force_id else ""
            if one is None:
                table.add_row(mark, name, "", "", Text(f"CANNOT BE USED: {bad}", "red"))
                continue
            made = one.made_utc[:16].replace("T", " ")
            table.add_row(mark, name, made, _strips(one, older), _conditions(one))
            older |= set(one.taken.items())
        Console().print(table)
    if trouble is not None:
        raise CalibrationError(trouble)


@click.command(
    epilog="Examples: pronemat calibrate show; pronemat calibrate show --strip asis_left"
)
@click.argument("name", default=IN_FORCE, metavar="[ID]")
@place_options
@click.option("--strip", help="Draw the points and the curve of this strip.")
@click.option("--json", "as_json", is_flag=True, help="The whole document instead of a table.")
@click.pass_context
def show(
    ctx: click.Context,
    name: str,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    strip: str | None,
    as_json: bool,
) -> None:
    """Show a calibration, the one in force by default: every strip with its curve's fit."""
    place = inner_where(ctx, config, mat_path, source)
    record = (
        _in_force_or_factory(place.history()) if name == IN_FORCE else place.history().get(name)
    )
    if as_json:
        click.echo(json.dumps(record.to_json()))
        return
    if strip is not None:
        _show_strip(place.mat, record, strip)
        return
    Console(highlight=False).print(f"{record.id}  by {record.person}  {record.made_utc}")
    Console(highlight=False).print(_conditions(record), style="dim")
    table = Table()
    for heading in ("strip", "points", "up to (N)", "loop (%)", "worst (%)", "taken (UTC)"):
        left = heading in ("strip", "taken (UTC)")
        table.add_column(heading, justify="left" if left else "right")
    for sensor in place.mat.names:
        curve = record.calibration.curves[sensor]
        taken = record.taken.get(sensor)
        fitted = _fit_of(place.mat, record, sensor)
        table.add_row(
            sensor,
            str(len(record.readings.get(sensor, ())) or len(curve.force_n)),
            f"{curve.force_n[-1]:.0f}",
            "" if fitted is None else f"{fitted.hysteresis_pct:.0f}",
            "" if fitted is None else f"{fitted.worst_pct:.0f}",
            NEVER if taken is None else f"{taken.at_utc[:16]} {taken.person}",
        )
    Console().print(table)
    if not record.calibration.calibrated:
        click.echo("UNCALIBRATED: strips without points have their data sheet's curve.")


@click.command(epilog="Example: pronemat calibrate diff factory")
@click.argument("before", metavar="ID")
@click.argument("after", default=IN_FORCE, metavar="[ID]")
@place_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.pass_context
def diff(
    ctx: click.Context,
    before: str,
    after: str,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    as_json: bool,
) -> None:
    """Compare two calibrations: how much more the second makes of the same weight, in per cent."""
    place = inner_where(ctx, config, mat_path, source)
    history = place.history()
    old = history.get(before)
    new = _in_force_or_factory(history) if after == IN_FORCE else history.get(after)
    changes = {
        strip: [
            change_pct(old.calibration.curves[strip], new.calibration.curves[strip], force_n)
            for force_n in COMPARED_N
        ]
        for strip in place.mat.names
    }
    if as_json:
        rows = {
            strip: {f"{f:g}": round(one, 2) for f, one in zip(COMPARED_N, row, strict=True)}
            for strip, row in changes.items()
        }
        click.echo(json.dumps({"before": old.id, "after": new.id, "change_pct": rows}))
        return
    table = Table(title=f"{new.id} against {old.id}")
    table.add_column("strip")
    for force_n in COMPARED_N:
        table.add_column(f"at {force_n:g} N (%)", justify="right")
    for strip, row in changes.items():
        table.add_row(strip, *(f"{one:+.1f}" if abs(one) >= 0.05 else "same" for one in row))
    Console().print(table)


@click.command(epilog="Examples: pronemat calibrate rollback; pronemat calibrate rollback factory")
@click.argument("name", default="", metavar="[ID]")
@place_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def rollback(
    ctx: click.Context,
    name: str,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    yes: bool,
) -> None:
    """Put an earlier calibration in force again; without ID the one before, or the factory's.

    Nothing is deleted: the one that was in force stays in the list.
    """
    place = inner_where(ctx, config, mat_path, source)
    history = place.history()
    with visit_lock(history.folder):
        record = history.get(name) if name else history.before()
        if not yes:
            click.confirm(f"put {record.id} ({_conditions(record)}) in force?", abort=True)
        history.put_in_force(record)
    click.echo(f"{record.id} is in force; {place.announce(record)}")


def _in_force_or_factory(history: History) -> Record:
    return history.in_force() or history.factory()


def _show_strip(mat: Mat, record: Record, strip: str) -> None:
    if strip not in mat.names:
        raise CalibrationError(
            f"the mat has no strip '{strip}'; its strips are {', '.join(mat.names)}."
        )
    readings = record.readings.get(strip, ())
    if not readings:
        raise CalibrationError(
            f"{record.id} has no points of {strip}, only a curve; show it without --strip."
        )
    console = Console()
    coloured = console.color_system is not None
    fitted = _fit_of(mat, record, strip)
    columns = min(PLOT_COLUMNS, console.width)
    console.print(f"{strip} in {record.id}: x on the way up, o on the way down")
    console.print(strip_plot(mat, readings, fitted, columns, PLOT_LINES, coloured=coloured))


def _fit_of(mat: Mat, record: Record, strip: str) -> StripFit | None:
    fitted = fit_strip(mat, strip, record.readings.get(strip, ()))
    return fitted if isinstance(fitted, StripFit) else None


def _strips(record: Record, older: Set[tuple[str, Taken]]) -> str:
    """Which strips this one was made for; the others' curves came with it, from `older` ones."""
    new = [strip for strip, taken in record.taken.items() if (strip, taken) not in older]
    return "all" if len(new) == len(record.calibration.mat.names) else " ".join(new)


def _conditions(record: Record) -> str:
    shown = ", ".join(f"{key} {value}" for key, value in record.conditions.items())
    return f"{shown} SIMULATED".strip() if record.simulated else shown


def _entry_json(
    name: str, record: Record | None, problem: str | None, in_force: bool
) -> dict[str, object]:
    if record is None:
        return {"id": name, "in_force": in_force, "problem": problem}
    return {
        "id": name,
        "in_force": in_force,
        "made_utc": record.made_utc,
        "person": record.person,
        "conditions": dict(record.conditions),
        "simulated": record.simulated,
        "calibrated": record.calibration.calibrated,
        "strips": list(record.taken),
        "problem": problem,
    }
