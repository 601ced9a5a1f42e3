"""`pronemat fit`: fit the judge's model to labelled recordings."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from device.mat_file import load_mat
from device.model_file import save_model
from device.scoring.fitting import Fitter, learn
from device.scoring.labels import read_folder
from device.scoring.replaying import examples_of, load_session


@click.command(epilog="Example: pronemat fit recordings --out device/core/model/pelvis.json")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write it.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat recorded on.")
def fit(folder: Path, out: Path, mat_path: Path | None) -> None:
    """Fit the judge to FOLDER's labelled recordings (NAME.csv.gz with NAME.labels.json).

    The core itself finds the reps, so the model learns from what it will see. Takes some ten
    minutes: every body is left out once to learn how sure an answer may be.
    """
    mat = load_mat(mat_path)
    labelled = read_folder(folder)
    examples = []
    with click.progressbar(labelled, label="finding reps", file=sys.stderr) as bar:
        for one in bar:
            examples += examples_of(load_session(one, mat))
    fitter = Fitter(mat, examples)
    with click.progressbar(length=len(fitter.bodies), label="leaving out ", file=sys.stderr) as bar:
        crossed = fitter.crossed(progress=lambda done: bar.update(1))
    model = fitter.model(crossed, learn(fitter.lesson(without=None)))
    model = replace(model, missing_error=fitter.missing_errors(crossed))
    save_model(model, out)
    click.echo(f"{out}: fitted on {model.fitted_on}.")
