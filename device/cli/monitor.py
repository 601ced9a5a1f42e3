"""`pronemat monitor`: the mat live in the terminal."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from device.cli.options import FILE, config_option
from device.config import load_settings
from device.mat_file import load_mat


@click.command(
    epilog="Examples: pronemat monitor --marks marks.jsonl; pronemat monitor --source demo"
)
@config_option
@click.option(
    "--source",
    type=click.Choice(["mat", "demo"]),
    default="mat",
    show_default=True,
    help="The mat (through the daemon if it runs), or a simulated one.",
)
@click.option("--marks", type=FILE, help="Add each mark to this file, a JSON object a line.")
@click.option(
    "--recordings",
    type=FILE,
    default=".",
    show_default=True,
    help="The directory that recordings go into.",
)
def monitor(config: Path | None, source: str, marks: Path | None, recordings: Path) -> None:
    """Watch every strip, chip and phase live: a daemon that runs is not disturbed.

    Keys: n newtons, c counts, v volts, g conductance, f freeze, m mark, r record, q quit.
    """
    # The full screen is imported only here: no other command waits for it.
    from device.fullscreen import check_terminal
    from device.monitor.ear import open_ear
    from device.monitor.marks import Marks, Recorder
    from device.monitor.picture import Picture
    from device.monitor.screen import MonitorScreen
    from device.monitor.view import COLUMNS, least_lines

    settings = load_settings(config)
    mat = load_mat(settings.mat.file)
    check_terminal(COLUMNS, least_lines(mat), "the monitor", "use `pronemat status`")
    kept, recorder = Marks(marks), Recorder(mat, recordings)
    with open_ear(settings, mat, demo=source == "demo") as ear:
        MonitorScreen(ear, Picture(mat), kept, recorder).run()
    recorder.close()
    # The terminal may have gone, and nobody reads this then.
    with suppress(OSError):
        for line in kept.lines:
            click.echo(line)
        for file in recorder.files:
            click.echo(f"recorded {file}", err=True)
