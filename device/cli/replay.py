"""`pronemat replay`: a recording through the core, its events as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import click

from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.core.types import event_json
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import read_points, read_recording


@click.command(
    epilog="Example: pronemat replay s01.csv.gz --points mat_2.points.csv",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--points", type=click.Path(path_type=Path), help="Calibration points of that mat.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="Its mat.toml.")
def replay(file: Path, points: Path | None, mat_path: Path | None) -> None:
    """Print what a recording holds, one JSON object a line: reps, warnings, phases, strips.

    Without --points the strips' data-sheet curves are used, and standard error says so. `at` is
    the recording's time at which each line could first be said.
    """
    mat = load_mat(mat_path)
    calibration = calibration_of(mat, points)
    if not calibration.calibrated:
        click.echo("pronemat: no --points, so the mat is uncalibrated.", err=True)
    recording = read_recording(file, mat)
    pipeline = Pipeline(calibration, load_model())
    for t_s, counts in zip(recording.t_s.tolist(), recording.counts, strict=True):
        for event in pipeline.step(t_s, counts):
            click.echo(json.dumps(event_json(event)))
    for event in pipeline.finish():
        click.echo(json.dumps(event_json(event)))


def calibration_of(mat: Mat, points: Path | None) -> Calibration:
    """The calibration from a points file, or the data sheet's without one."""
    if points is None:
        return datasheet_calibration(mat)
    return fit_calibration(mat, read_points(points, mat), points.name)
