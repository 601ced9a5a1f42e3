"""`pronemat calibrate`: from dead weights on the strips to the curves in force."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from device.calibrations.feed import open_feed
from device.calibrations.history import new_id, now_utc, stamp
from device.calibrations.lock import user_name, visit_lock
from device.calibrations.merge import record_of_points
from device.calibrations.procedure import WEIGHTS_N
from device.calibrations.visit import Plan, Visit
from device.cli.calibrate_kept import diff, kept_list, rollback, show
from device.cli.calibrate_options import (
    conditions_options,
    place_options,
    strips_options,
    timing_options,
    weights_option,
)
from device.cli.calibrate_steps import discard, fit, keep, point, press
from device.cli.calibrate_tools import Where, conditions_of, strips_of, where
from device.cli.options import FILE
from device.errors import PronematError
from device.recording import read_points


@click.group(
    invoke_without_command=True,
    epilog="Examples: pronemat calibrate; pronemat calibrate --row asis --weights 5,20,60; "
    "pronemat calibrate --from mat_2.points.csv; pronemat calibrate list",
)
@place_options
@click.option(
    "--from", "points", type=FILE, help="Take the points of a CSV: sensor,force_n,counts."
)
@strips_options
@weights_option
@timing_options(0.5)
@conditions_options
@click.option("--resume/--fresh", default=None, help="Go on with an unfinished one, or begin anew.")
@click.option("--name", help="With --from: what to call it; else the name of the file.")
@click.pass_context
def calibrate(
    ctx: click.Context,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    points: Path | None,
    strips: tuple[str, ...],
    rows: tuple[str, ...],
    weights_n: tuple[float, ...] | None,
    settle_s: float,
    read_s: float,
    person: str | None,
    note: str | None,
    temperature: float | None,
    resume: bool | None,
    name: str | None,
) -> None:
    """Calibrate the strips with dead weights, guided on the full screen.

    It says which strip and which weight, notices by itself that the weight lies there and is still,
    and asks before anything is replaced. It can be left and gone on with: every point is on the
    disk at once. Each step is a command below too, for scripts.
    """
    place = where(config, mat_path, source)
    ctx.obj = place
    if ctx.invoked_subcommand is not None:
        return
    person = person or user_name()
    conditions = conditions_of(place, note, temperature)
    if points is not None:
        _from_file(place, points, person, conditions, name)
        return
    chosen = strips_of(place.mat, strips, rows)
    conditions = {**conditions, "settle_s": f"{settle_s:g}", "read_s": f"{read_s:g}"}
    plan = Plan(chosen, person, weights_n or WEIGHTS_N, settle_s, read_s, conditions)
    _guided(place, plan, resume)


def _from_file(
    place: Where, file: Path, person: str, conditions: dict[str, str], name: str | None
) -> None:
    at = now_utc()
    record = record_of_points(
        place.mat,
        read_points(file, place.mat),
        name or file.name,
        new_id=new_id(person, at),
        made_utc=stamp(at),
        person=person,
        conditions={**conditions, "points": file.name},
    )
    history = place.history()
    with visit_lock(history.folder):
        history.put_in_force(record)
    click.echo(f"{record.id} is in force; {place.announce(record)}")


def _guided(place: Where, plan: Plan, resume: bool | None) -> None:
    # The full screen is imported only here: no other command waits for it.
    from device.calibrations.screen import CalibrateScreen
    from device.fullscreen import LEAST, check_terminal

    check_terminal(
        *LEAST, "the guided calibration", "take the points by 'pronemat calibrate point'"
    )
    with open_feed(place.settings, place.mat, demo=place.demo, person=plan.person) as feed:
        place = replace(place, simulated=feed.simulated)
        history = place.history()
        with visit_lock(history.folder):
            visit = Visit(place.mat, history, feed, plan)
            left = visit.left_before()
            if left is not None and resume is True:
                visit.resume(left)
            elif left is not None and resume is False:
                visit.begin_anew()
            said = CalibrateScreen(visit, ask_resume=left if resume is None else None).run()
            if visit.made is not None:
                place.note(visit.made)
    if isinstance(said, PronematError):
        raise said
    click.echo(said or "it was left; go on with 'pronemat calibrate'.")
    sys.exit(0)


for command in (kept_list, show, diff, rollback, point, fit, keep, discard, press):
    calibrate.add_command(command)
