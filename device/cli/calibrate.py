"""`pronemat calibrate`: from dead weights on the strips to the curves in force."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.calibration_file import load_calibration, previous_path, save_calibration
from device.cli.options import FILE, config_option
from device.config import load_settings
from device.core.calibration import Calibration, fit_calibration
from device.mat_file import load_mat
from device.recording import read_points


@click.command(
    epilog="Examples: pronemat calibrate --from mat_2.points.csv; pronemat calibrate",
)
@config_option
@click.option("--from", "points", type=FILE, help="Points: a CSV of sensor,force_n,counts.")
@click.option("--mat", "mat_path", type=FILE, help="The mat's description (mat.toml).")
@click.option("--name", help="What to call it; else the name of the points' file.")
def calibrate(
    config: Path | None, points: Path | None, mat_path: Path | None, name: str | None
) -> None:
    """Fit the strips' curves through calibration points and keep them; without --from, show them.

    The daemon takes a new calibration when it is started again. The one before is kept beside it.
    """
    settings = load_settings(config, {"mat.file": mat_path})
    mat = load_mat(settings.mat.file)
    path = settings.calibration_path
    if points is None:
        calibration = load_calibration(path, mat)
        if calibration is None:
            click.echo(f"uncalibrated: there is no {path}; the data-sheet curves are in force")
            return
    else:
        calibration = fit_calibration(mat, read_points(points, mat), name or points.name)
        save_calibration(path, calibration)
        click.echo(f"saved as {path}; restart the daemon to use it")
        if previous_path(path).exists():
            click.echo(f"the one before is {previous_path(path)}")
    _show(calibration)


def _show(calibration: Calibration) -> None:
    table = Table(title=f"calibration {calibration.name}")
    for heading in ("sensor", "points", "up to (N)", "siemens there"):
        table.add_column(heading, justify="left" if heading == "sensor" else "right")
    for sensor in calibration.mat.names:
        curve = calibration.curves[sensor]
        table.add_row(
            sensor,
            str(len(curve.force_n)),
            f"{curve.force_n[-1]:.0f}",
            f"{curve.siemens[-1]:.2e}",
        )
    Console().print(table)
