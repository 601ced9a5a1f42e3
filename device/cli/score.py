"""`pronemat score`: how good the core is on labelled recordings of bodies it does not know."""

from __future__ import annotations

import json
import math
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.cli.progress import shown, stoppable
from device.mat_file import load_mat
from device.model_file import load_model
from device.scoring.labels import read_folder
from device.scoring.left_out import outcomes_left_out, outcomes_with
from device.scoring.table import Figure, figures


@click.command(epilog="Example: pronemat score recordings --json")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat recorded on.")
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path),
    help="Score this fitted model as it is. The bodies in FOLDER must not be those it was "
    "fitted to; 'shipped' is the one in use.",
)
@click.option("--jobs", default=2, show_default=True, help="Processes that fit at the same time.")
def score(
    folder: Path, as_json: bool, mat_path: Path | None, model_path: Path | None, jobs: int
) -> None:
    """Replay FOLDER's labelled recordings and print how well they were judged.

    Each body is judged by a model fitted anew without it, so this takes some minutes.
    """
    mat = load_mat(mat_path)
    labelled = read_folder(folder)
    with stoppable("nothing was scored"), shown("scoring") as progress:
        if model_path is None:
            outcomes = outcomes_left_out(labelled, mat, jobs, progress)
        else:
            model = load_model(None if str(model_path) == "shipped" else model_path)
            outcomes = outcomes_with(labelled, mat, model, progress)
    rows = figures(outcomes)
    if as_json:
        click.echo(json.dumps({row.key: _plain(row) for row in rows}))
        return
    Console().print(_table(rows, f"{len(outcomes)} recordings of {folder}"))


def _plain(row: Figure) -> dict[str, object]:
    value = None if math.isnan(row.value) else round(row.value, 4)
    return {"value": value, "unit": row.unit, "bar": row.bar, "met": row.met, "of": row.of}


def _table(rows: list[Figure], title: str) -> Table:
    table = Table(title=title)
    for heading in ("figure", "value", "bar", "met", "of"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in rows:
        digits = 1 if row.unit == "%" else 2
        value = "-" if math.isnan(row.value) else f"{row.value:.{digits}f} {row.unit}"
        bar = "" if row.bar is None else f"{'>=' if row.at_least else '<='} {row.bar:g}"
        met = {True: "yes", False: "NO", None: ""}[row.met]
        table.add_row(row.words, value, bar, met, str(row.of))
    return table
