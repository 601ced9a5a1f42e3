"""`pronemat fit`: fit the judge's model to labelled recordings."""

from __future__ import annotations

from pathlib import Path

import click

from device.cli.progress import shown, stoppable
from device.mat_file import load_mat
from device.model_file import save_model
from device.scoring.labels import read_folder
from device.scoring.left_out import model_of


@click.command(epilog="Example: pronemat fit recordings --out device/core/model/pelvis.json")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write it.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat recorded on.")
@click.option("--jobs", default=2, show_default=True, help="Processes that fit at the same time.")
def fit(folder: Path, out: Path, mat_path: Path | None, jobs: int) -> None:
    """Fit the judge to FOLDER's labelled recordings (NAME.csv.gz with NAME.labels.json).

    The core itself finds the reps, so the model learns from what it will see. Takes some minutes:
    a twelfth of the bodies is left out in turn to learn how sure an answer may be.
    """
    mat = load_mat(mat_path)
    labelled = read_folder(folder)
    with stoppable(f"{out} is as it was"), shown("fitting") as progress:
        model = model_of(labelled, mat, jobs, progress)
    save_model(model, out)
    click.echo(f"{out}: fitted on {model.fitted_on}.")
