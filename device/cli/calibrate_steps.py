"""`pronemat calibrate point`, `fit`, `keep`, `discard` and `press`: a visit's steps for scripts."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.calibrations.feed import Feed, open_feed
from device.calibrations.history import new_id, now_utc, stamp
from device.calibrations.lock import user_name, visit_lock
from device.calibrations.procedure import STILL_S
from device.calibrations.record import Reading
from device.calibrations.steadiness import Steadiness
from device.calibrations.strip_fit import StripFit, fit_strip, refusal
from device.calibrations.unfinished import (
    Unfinished,
    discard_unfinished,
    load_unfinished,
    save_unfinished,
)
from device.calibrations.visit import propose
from device.cli.calibrate_options import conditions_options, place_options, timing_options
from device.cli.calibrate_tools import Where, conditions_of, inner_where, strips_of
from device.core.mat import Mat
from device.errors import CalibrationError

LOOK_S = 0.05
PATIENCE_S = 60.0
"""A weight that has not come to rest by then rocks, or the strip is broken."""
NONE_LEFT = "there are no points; take some by 'pronemat calibrate point STRIP NEWTONS'."


@click.command(epilog="Example: pronemat calibrate point asis_left 20")
@click.argument("strip")
@click.argument("newtons", type=click.FloatRange(0.0, 500.0))
@place_options
@click.option("--down", is_flag=True, help="The weights before were heavier.")
@timing_options(0.0)
@conditions_options
@click.option("--json", "as_json", is_flag=True, help="The point as a JSON object.")
@click.pass_context
def point(
    ctx: click.Context,
    strip: str,
    newtons: float,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    down: bool,
    settle_s: float,
    read_s: float,
    person: str | None,
    note: str | None,
    temperature: float | None,
    as_json: bool,
) -> None:
    """Read one point: NEWTONS lie on STRIP now. 0 is the empty mat, which comes first.

    It waits until the strip is still, then reads; the point is kept until 'keep' or 'discard'.
    """
    place = inner_where(ctx, config, mat_path, source)
    strips_of(place.mat, (strip,), ())
    with open_feed(place.settings, place.mat, demo=place.demo) as feed:
        place = replace(place, simulated=feed.simulated)
        folder = place.history().folder
        with visit_lock(folder):
            visit = load_unfinished(folder, place.mat)
            rows = () if visit is None else visit.readings.get(strip, ())
            steady = _wait_still(feed, place.mat, strip, settle_s, read_s)
            index = place.mat.names.index(strip)
            new = Reading(newtons, float(steady.counts(read_s)[index]), not down)
            others = [r for r in rows if (r.force_n, r.rising) != (newtons, not down)]
            said = refusal(place.mat, strip, others, new, steady.nominal_of(index, new.counts))
            if said is not None:
                raise CalibrationError(said)
            at_utc = stamp(now_utc())
            visit = visit or Unfinished(
                at_utc, person or user_name(), conditions_of(place, note, temperature), (), ()
            )
            kept = (*others, new) if newtons > 0.0 or down else (new, *others)
            visit = visit.with_readings(strip, kept, at_utc)
            visit = replace(visit, weights_n=tuple(sorted({*visit.weights_n, newtons} - {0.0})))
            save_unfinished(folder, visit)
    if as_json:
        shown = {"strip": strip, "force_n": newtons, "counts": round(new.counts, 2)}
        click.echo(json.dumps({**shown, "way": "down" if down else "up", "points": len(kept)}))
        return
    click.echo(f"{strip}: {newtons:g} N reads {new.counts:.1f} counts; {len(kept)} points are kept")


@click.command(epilog="Example: pronemat calibrate fit --json")
@place_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.pass_context
def fit(
    ctx: click.Context,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    as_json: bool,
) -> None:
    """Fit curves to the points that are not yet kept, and show how well they fit."""
    place = inner_where(ctx, config, mat_path, source)
    fits = _fits(place.mat, _left(place))
    if as_json:
        click.echo(json.dumps({strip: _fit_json(one) for strip, one in fits.items()}))
        return
    table = Table()
    for heading in ("strip", "points", "exponent", "loop (%)", "worst residual (%)"):
        table.add_column(heading, justify="left" if heading == "strip" else "right")
    for strip, one in fits.items():
        table.add_row(
            strip,
            str(len(one.readings)),
            f"{one.exponent:.2f}",
            f"{one.hysteresis_pct:.0f}",
            f"{one.worst_pct:.0f}",
        )
    Console().print(table)


@click.command(epilog="Example: pronemat calibrate keep --yes")
@place_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def keep(
    ctx: click.Context, config: Path | None, mat_path: Path | None, source: str | None, yes: bool
) -> None:
    """Put the points that were taken in force, in place of those strips' older ones."""
    place = inner_where(ctx, config, mat_path, source)
    history = place.history()
    with visit_lock(history.folder):
        visit = _left(place)
        fits = _fits(place.mat, visit)
        simulated = history.folder != place.settings.calibrations_folder
        visit = replace(visit, accepted=tuple(fits))
        record = propose(place.mat, history, visit, simulated, fits)
        if record is None:
            raise CalibrationError(NONE_LEFT)
        if not yes:
            click.confirm(f"replace the curves of {', '.join(fits)}?", abort=True)
        history.put_in_force(record)
        discard_unfinished(history.folder, record.id)
    click.echo(f"{record.id} is in force; {place.announce(record)}")


@click.command(epilog="Example: pronemat calibrate discard")
@place_options
@click.pass_context
def discard(
    ctx: click.Context, config: Path | None, mat_path: Path | None, source: str | None
) -> None:
    """Set the points that are not yet kept aside; the calibration in force stays."""
    folder = inner_where(ctx, config, mat_path, source).history().folder
    with visit_lock(folder):
        aside = discard_unfinished(folder, new_id(user_name(), now_utc()))
    click.echo("there are no points" if aside is None else f"set aside as {aside}")


@click.command(epilog="Example: pronemat calibrate press asis_left 20")
@click.argument("strip")
@click.argument("newtons", type=click.FloatRange(0.0, 500.0))
@place_options
@click.pass_context
def press(
    ctx: click.Context,
    strip: str,
    newtons: float,
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
) -> None:
    """Lay a weight on the simulated mat of a running demonstration; 0 takes it off."""
    place = inner_where(ctx, config, mat_path, source)
    if place.demo:
        raise CalibrationError(
            "a mat that is simulated here ends with this command; start one by "
            "'pronemat daemon --source demo' and leave out --source."
        )
    strips_of(place.mat, (strip,), ())
    with open_feed(place.settings, place.mat) as feed:
        feed.order("get_up")
        feed.order(f"press {strip} {newtons:g}")
    click.echo(f"{newtons:g} N lie on {strip} (SIMULATED)")


def _wait_still(feed: Feed, mat: Mat, strip: str, settle_s: float, read_s: float) -> Steadiness:
    """The strip's last seconds, once it has been still for long enough."""
    steady = Steadiness(mat)
    index = mat.names.index(strip)
    begun_s: float | None = None
    deadline = time.monotonic() + settle_s + read_s + PATIENCE_S
    while True:
        for frame in feed.poll():
            begun_s = frame.t_s if begun_s is None else begun_s
            steady.take(frame)
        waited = begun_s is not None and steady.now_s - begun_s >= settle_s + read_s
        if waited and steady.is_still(index, max(read_s, STILL_S)):
            return steady
        if time.monotonic() > deadline:
            raise CalibrationError(
                f"{strip} does not come to rest; see that the weight does not rock, and what "
                "'pronemat doctor' says of the strip."
            )
        time.sleep(LOOK_S)


def _left(place: Where) -> Unfinished:
    visit = load_unfinished(place.history().folder, place.mat)
    if visit is None:
        raise CalibrationError(NONE_LEFT)
    return visit


def _fits(mat: Mat, visit: Unfinished) -> dict[str, StripFit]:
    """The curves of all strips with points; `CalibrationError` for points that make none."""
    fits = {}
    for strip, rows in visit.readings.items():
        if rows:
            fitted = fit_strip(mat, strip, rows)
            if isinstance(fitted, str):
                raise CalibrationError(fitted)
            fits[strip] = fitted
    return fits


def _fit_json(one: StripFit) -> dict[str, object]:
    return {
        "points": len(one.readings),
        "exponent": round(one.exponent, 3),
        "hysteresis_pct": round(one.hysteresis_pct, 1),
        "worst_pct": round(one.worst_pct, 1),
        "residuals_n": [round(left, 2) for left in one.residuals_n],
    }
