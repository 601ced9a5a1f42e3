"""`pronemat plot`: one recorded session as a picture, so that a person sees why."""

from __future__ import annotations

from pathlib import Path

import click

from device.cli.progress import shown, stoppable
from device.cli.replay import calibration_of
from device.core.pipeline import Pipeline
from device.errors import RecordingError
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import read_recording
from device.scoring.labels import LABELS_SUFFIX, read_labels
from device.scoring.session_plot import draw, told


@click.command(epilog="Example: pronemat plot s01.csv.gz --points mat_2.points.csv --out s01.svg")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--points", type=click.Path(path_type=Path), help="Calibration points of that mat.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="Its mat.toml.")
@click.option("--out", type=click.Path(path_type=Path), help="The SVG; without it FILE.svg here.")
def plot(file: Path, points: Path | None, mat_path: Path | None, out: Path | None) -> None:
    """Draw a recording: the load of every row, tilt and roll, phases, each rep with its verdict
    and the reason. Where the recording has labels beside it they are drawn above the reps."""
    mat = load_mat(mat_path)
    name = file.name.removesuffix(".gz").removesuffix(".csv")
    labels_path = file.with_name(name + LABELS_SUFFIX)
    labels = read_labels(labels_path).reps if labels_path.exists() else ()
    pipeline = Pipeline(calibration_of(mat, points), load_model())
    with stoppable("nothing was drawn"), shown("replaying") as progress:
        story = told(pipeline, read_recording(file, mat), progress)
    title = f"{name}: left blue, right orange; band: verdict; line: warning"
    title += "; bar on top: label" if labels else ""
    target = out if out is not None else Path(f"{name}.svg")
    try:
        target.write_text(draw(story, mat, title, labels), encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{target} cannot be written: {error.strerror}.") from None
    click.echo(str(target))
