"""`pronemat gym`: a made-up gym of ten years, to try the dashboard on and to measure with."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from device.cli.options import FILE
from device.cli.progress import shown
from device.store.gym import Gym
from device.store.made_up import make_gym


@click.command(epilog="Example: pronemat gym /tmp/big/pronemat.db --members 500 --reps 1000000")
@click.argument("file", type=FILE)
@click.option(
    "--members",
    type=click.IntRange(0, 9000),
    default=500,
    show_default=True,
    help="Members that train there.",
)
@click.option(
    "--reps",
    type=click.IntRange(1, 10_000_000),
    default=1_000_000,
    show_default=True,
    help="Reps in all.",
)
@click.option(
    "--years",
    type=click.FloatRange(0.01, 50),
    default=10.0,
    show_default=True,
    help="Over how long.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same gym.")
def gym(file: Path, members: int, reps: int, years: float, seed: int) -> None:
    """Fill the new database FILE with a made-up gym: members, sessions and reps over years.

    Its sessions are marked as simulated. Measure with it by `pronemat bench store FILE`.
    """
    with shown("made-up gym") as progress:
        make_gym(file, members, reps, years, progress, seed)
    with closing(Gym(file)) as made:
        size = made.size()
    click.echo(
        f"{file}: {size.file_bytes / 1e6:.0f} MB, {size.sessions} sessions, {size.reps} reps, all "
        "made up"
    )
