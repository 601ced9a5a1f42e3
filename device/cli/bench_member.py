"""`pronemat bench member`: whether simulated members' lifts are judged as they were done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from device.athlete.examined import LIFTS, Examined, examine
from device.cli.progress import shown, stoppable
from device.mat_file import load_mat
from device.model_file import load_model

FIRST_SEED = 1000
"""Members that neither the demonstration nor a test shows."""


@dataclass(frozen=True, slots=True)
class Kind:
    """All lifts of one kind: how many were done, counted on their side, judged as they were,
    called unsure, judged as what they were not; the time (s) the lift took and was read to."""

    lifts: int
    counted: int
    right: int
    unsure: int
    wrong: int
    lift_s_done: float
    lift_s_read: float


def kinds_of(lifts: Iterable[Examined]) -> dict[str, Kind]:
    """The lifts by kind: of one leg either side, of both legs apart."""
    by_kind: dict[str, list[Examined]] = {}
    for lift in lifts:
        kind, _, side = lift.order.partition("_")
        by_kind.setdefault(f"{kind}, both legs" if side == "both" else kind, []).append(lift)
    return {kind: _kind(of_kind) for kind, of_kind in by_kind.items()}


def _kind(lifts: list[Examined]) -> Kind:
    counted = [lift for lift in lifts if lift.said is not None]
    right = sum(lift.right for lift in lifts)
    unsure = sum(lift.unsure and not lift.right for lift in lifts)
    return Kind(
        lifts=len(lifts),
        counted=len(counted),
        right=right,
        unsure=unsure,
        wrong=len(counted) - right - unsure,
        lift_s_done=round(median(lift.done.lift_s for lift in lifts), 2),
        lift_s_read=round(median([lift.said.lift_s for lift in counted if lift.said] or [0.0]), 2),
    )


@click.command(epilog="Examples: pronemat bench member; pronemat bench member --bodies 24 --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="Another mat.toml.")
@click.option(
    "--bodies", type=click.IntRange(1, 1000), default=8, show_default=True, help="Members."
)
def member(as_json: bool, mat_path: Path | None, bodies: int) -> None:
    """Have simulated members lift in every way, and print how each way was judged.

    The judge was fitted to other bodies under other physics, to none of these.
    """
    mat, model = load_mat(mat_path), load_model()
    lifts: list[Examined] = []
    with stoppable("nothing was measured"), shown("lifting") as progress:
        for body in range(bodies):
            lifts += examine(mat, model, FIRST_SEED + body, LIFTS)
            progress((body + 1) / bodies)
    kinds = kinds_of(lifts)
    if as_json:
        click.echo(json.dumps({kind: asdict(row) for kind, row in kinds.items()}))
        return
    table = Table(title=f"{bodies} simulated members")
    for heading in (
        "kind of lift",
        "done",
        "counted",
        "right",
        "unsure",
        "wrong",
        "lift s",
        "read",
    ):
        table.add_column(heading, justify="left" if heading == "kind of lift" else "right")
    for kind, row in kinds.items():
        numbers = (row.lifts, row.counted, row.right, row.unsure, row.wrong)
        table.add_row(kind, *map(str, (*numbers, row.lift_s_done, row.lift_s_read)))
    Console().print(table)
