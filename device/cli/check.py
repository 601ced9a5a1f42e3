"""`pronemat check`: five minutes with one weight, and it is known which strip has drifted."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import click

from device.calibrations.drift import (
    WEIGHT_N,
    Check,
    Drift,
    Grade,
    Step,
    verdict,
)
from device.calibrations.feed import Feed, open_feed
from device.calibrations.history import History
from device.calibrations.lock import visit_lock
from device.calibrations.record import Record
from device.cli.calibrate_options import place_options, strips_options, timing_options
from device.cli.calibrate_tools import note, strips_of, where
from device.errors import CalibrationError

LOOK_S = 0.05
EXIT_CODES = {Grade.SOUND: 0, Grade.DRIFTED: 3, Grade.WRONG: 4}
"""As the doctor's: 3 is something to see to, 4 cannot be used."""


@click.command(
    epilog="Examples: pronemat check; pronemat check --weight 10 --row asis; "
    "pronemat check --plain --json"
)
@place_options
@click.option(
    "--weight",
    "weight_n",
    type=click.FloatRange(5.0, 200.0),
    default=WEIGHT_N,
    show_default=True,
    help="The weight, in newtons (2.04 kg weigh 20 N).",
)
@strips_options
@timing_options(0.5)
@click.option("--plain", is_flag=True, help="Lines in place of the full screen, for scripts.")
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(1.0, 3600.0),
    default=60.0,
    show_default=True,
    help="With --plain: seconds without a new strip after which it ends.",
)
@click.option("--json", "as_json", is_flag=True, help="At the end, one JSON object.")
def check(
    config: Path | None,
    mat_path: Path | None,
    source: str | None,
    weight_n: float,
    strips: tuple[str, ...],
    rows: tuple[str, ...],
    settle_s: float,
    read_s: float,
    plain: bool,
    patience_s: float,
    as_json: bool,
) -> None:
    """Lay one weight on strip after strip: which has drifted since its calibration, and how far?

    It knows by itself which strip the weight lies on. Exit code 0: none has drifted; 3: some have,
    the verdicts still hold; 4: the verdicts do not hold, or nothing was measured.
    """
    place = where(config, mat_path, source)
    chosen = strips_of(place.mat, strips, rows)
    if not plain:
        from device.fullscreen import LEAST, check_terminal

        check_terminal(*LEAST, "the check", "use 'pronemat check --plain'")
    with open_feed(place.settings, place.mat, demo=place.demo) as feed:
        place = replace(place, simulated=feed.simulated)
        history = place.history()
        with visit_lock(history.folder):
            record = _in_force(history, simulated=feed.simulated)
            one = Check(
                place.mat,
                record,
                weight_n=weight_n,
                strips=chosen,
                settle_s=settle_s,
                read_s=read_s,
            )
            if plain:
                _plain(one, feed, patience_s)
            else:
                from device.calibrations.check_screen import CheckScreen

                error = CheckScreen(one, feed, record.id).run()
                if error is not None:
                    raise error
    drifts = list(one.drifts.values())
    if drifts and not feed.simulated:
        note(place.settings, "drift", {"words": _words(drifts), **_json(drifts)})
    if as_json:
        click.echo(json.dumps({"against": record.id, **_json(drifts)}))
    else:
        for drift in drifts if not plain else []:
            click.echo(f"{drift.sentence}.")
        click.echo(verdict(drifts))
    codes = [EXIT_CODES[drift.grade] for drift in drifts]
    sys.exit(max(codes, default=EXIT_CODES[Grade.WRONG]))


def _in_force(history: History, *, simulated: bool) -> Record:
    record = history.in_force()
    if record is None and simulated:
        record = history.factory()
    if record is None or not (record.calibration.calibrated or record.taken or simulated):
        raise CalibrationError(
            "the mat was never calibrated, so nothing can have drifted; begin with 'pronemat "
            "calibrate'."
        )
    return record


def _plain(one: Check, feed: Feed, patience_s: float) -> None:
    """What the screen shows, as lines on the standard error; it ends by itself."""
    said = ""
    heard_s = time.monotonic()
    while one.look.step is not Step.DONE and time.monotonic() < heard_s + patience_s:
        for frame in feed.poll():
            if one.take(frame):
                heard_s = time.monotonic()
                click.echo(f"{list(one.drifts.values())[-1].sentence}.", err=True)
        look = one.look
        text = look.notice or look.task
        if text != said:
            said = text
            click.echo(text, err=True)
        time.sleep(LOOK_S)


def _words(drifts: list[Drift]) -> str:
    """The verdict, and a sentence for each strip that is not sound."""
    unsound = [f"{drift.sentence}." for drift in drifts if drift.grade is not Grade.SOUND]
    return " ".join([verdict(drifts), *unsound])


def _json(drifts: list[Drift]) -> dict[str, object]:
    return {
        "verdict": verdict(drifts),
        "strips": {
            drift.strip: {
                "grade": drift.grade.value,
                "weight_n": drift.weight_n,
                "felt_n": round(drift.felt_n, 2),
                "drift_pct": round(drift.drift_pct, 1),
                "zero_n": round(drift.zero_n, 2),
            }
            for drift in drifts
        },
    }
