"""`pronemat daemon`: the process that owns the mat, counts and stores."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import click

from device.cli.options import FILE, config_option, speed_option
from device.config import load_settings
from device.daemon import demo_feed, mat_feed, replay_feed, run_daemon


@click.command(
    epilog="Examples: pronemat daemon; pronemat daemon --source demo; "
    "pronemat daemon --source replay --file s01.csv.gz --points mat_2.points.csv"
)
@config_option
@click.option(
    "--source",
    type=click.Choice(["mat", "demo", "replay"]),
    default="mat",
    show_default=True,
    help="Where frames come from: the mat, a simulated member, a recording.",
)
@click.option("--file", type=FILE, help="The recording, with --source replay.")
@click.option("--points", type=FILE, help="Calibration points of the recording's mat.")
@click.option("--mat", "mat_path", type=FILE, help="The mat's description (mat.toml).")
@click.option("--seed", default=0, show_default=True, help="Which simulated member, with demo.")
@speed_option("Pace of demo and replay; 'max' replays without waiting.")
@click.option("--data", type=FILE, help="Where sessions are kept, instead of the settings'.")
@click.option("--run", type=FILE, help="Where the sockets are, instead of the settings'.")
def daemon(
    config: Path | None,
    source: str,
    file: Path | None,
    points: Path | None,
    mat_path: Path | None,
    seed: int,
    speed: float | None,
    data: Path | None,
    run: Path | None,
) -> None:
    """Read the mat, count and judge reps, publish them and store them, until it is stopped.

    SIGTERM stops it and leaves an open session for the next start to go on with; Ctrl-C ends the
    session as well.
    """
    if (source == "replay") != (file is not None):
        raise click.UsageError("--source replay and --file FILE go together.")
    if points is not None and source != "replay":
        raise click.UsageError("--points goes with --source replay; else use 'pronemat calibrate'.")
    if source == "mat" and speed != 1.0:
        raise click.UsageError("the mat has its own pace; --speed is for demo and replay.")
    if source == "demo" and speed is None:
        raise click.UsageError("the demonstration needs a pace: give --speed a number.")
    settings = load_settings(config, {"paths.data": data, "paths.run": run, "mat.file": mat_path})
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if file is not None:
        open_feed = partial(replay_feed, file=file, points=points, speed=speed)
    elif source == "demo":
        open_feed = partial(demo_feed, seed=seed, speed=speed or 1.0)
    else:
        open_feed = partial(mat_feed)
    run_daemon(settings, open_feed)
