"""`pronemat replay`: a recording through the core, as JSON lines, or onto the running kiosk."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from device.cli.kiosk_replay import show_recording
from device.cli.options import FILE, config_option, speed_option
from device.cli.progress import Shown, shown
from device.config import load_settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.core.types import event_json
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import Recording, read_points, read_recording
from device.stream.client import StreamClient

BAR_EVERY = 500
"""Frames between two steps of the bar."""


@click.command(
    epilog="Examples: pronemat replay s01.csv.gz --points mat_2.points.csv; "
    "pronemat replay s01.csv.gz --points mat_2.points.csv --into-kiosk --speed 4",
)
@click.argument("file", type=FILE)
@click.option("--points", type=FILE, help="Calibration points of that mat.")
@click.option("--mat", "mat_path", type=FILE, help="Its mat.toml.")
@click.option("--into-kiosk", is_flag=True, help="Show it on the running kiosk, as REPLAY.")
@speed_option("Pace on the kiosk; 'max' shows it as fast as the daemon can.")
@click.option(
    "--from",
    "from_s",
    type=click.FloatRange(min=0.0),
    default=0.0,
    metavar="SECONDS",
    help="Begin so far into the recording.",
)
@config_option
def replay(
    file: Path,
    points: Path | None,
    mat_path: Path | None,
    into_kiosk: bool,
    speed: float | None,
    from_s: float,
    config: Path | None,
) -> None:
    """Print what a recording holds, one JSON object a line: reps, warnings, phases, strips.

    Without --points the strips' data-sheet curves are used, and standard error says so. `at` is
    the recording's time at which each line could first be said. With --into-kiosk the page shows
    the recording in place of the mat and nothing of it is stored; Ctrl-C, the mat's button, or
    somebody on the mat ends it.
    """
    mat = load_mat(mat_path)
    calibration = calibration_of(mat, points)
    if not calibration.calibrated:
        click.echo("pronemat: no --points, so the mat is uncalibrated.", err=True)
    recording = read_recording(file, mat).after(from_s)
    if into_kiosk:
        client = StreamClient(load_settings(config).endpoint)
        show_recording(client, recording, calibration, speed)
    else:
        _print_events(recording, Pipeline(calibration, load_model()))


def _print_events(recording: Recording, pipeline: Pipeline) -> None:
    with _bar() as step:
        count = len(recording.t_s)
        rows = zip(recording.t_s.tolist(), recording.counts, strict=True)
        for number, (t_s, counts) in enumerate(rows):
            for event in pipeline.step(t_s, counts):
                click.echo(json.dumps(event_json(event)))
            if number % BAR_EVERY == 0:
                step(number / count)
        for event in pipeline.finish():
            click.echo(json.dumps(event_json(event)))
        step(1.0)


@contextmanager
def _bar() -> Iterator[Shown]:
    """A bar, unless it would stand between the lines that it belongs to."""
    bar = nullcontext(lambda share: None) if sys.stdout.isatty() else shown("replaying")
    with bar as step:
        yield step


def calibration_of(mat: Mat, points: Path | None) -> Calibration:
    """The calibration from a points file, or the data sheet's without one."""
    if points is None:
        return datasheet_calibration(mat)
    return fit_calibration(mat, read_points(points, mat), points.name)
