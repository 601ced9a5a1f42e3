"""`pronemat tare`: take the empty mat as zero, through the daemon or on the bus itself."""

from __future__ import annotations

from pathlib import Path

import click

from device.calibrations.tare import LOOK_S, tare_here
from device.cli.calibrate_options import place_options
from device.config import load_settings
from device.errors import CalibrationError, RefusedError, StreamError
from device.mat_file import load_mat
from device.stream.client import StreamClient
from device.tare_file import keep_tare, tare_path


@click.command(epilog="Examples: pronemat tare; pronemat tare --source demo")
@place_options
def tare(config: Path | None, mat_path: Path | None, source: str | None) -> None:
    """Take the empty mat's readings as zero, now and for every later start.

    It is refused while something lies on the mat or moves it, and in a session. Where no daemon
    runs, it opens the bus itself. It holds until the next tare or the next calibration.
    """
    settings = load_settings(config, {"mat.file": mat_path})
    demo = source == "demo"
    try:
        answer = None if demo else StreamClient(settings.endpoint).command({"command": "tare"})
    except StreamError:
        answer = None
    if answer is None:
        mat = load_mat(settings.mat.file)
        click.echo(f"no daemon is asked: looking at the mat itself for {LOOK_S:g} s", err=True)
        tare_here(settings, mat, demo=demo)
        simulated = " (SIMULATED)" if demo else ""
        click.echo(f"the empty mat is zero for a daemon that is started from now on{simulated}")
        return
    if not answer["ok"]:
        raise RefusedError(answer["error"])
    if answer["source"] != "replay":
        try:
            keep_tare(tare_path(settings, simulated=answer["source"] == "demo"), answer)
        except CalibrationError as error:
            raise CalibrationError(
                f"the empty mat is zero only until the daemon ends, for {error}"
            ) from None
    click.echo("the empty mat is zero")
