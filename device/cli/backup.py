"""`pronemat backup`: everything into one file, also while the daemon runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from device.backup.take import take_backup
from device.cli.options import FILE, config_option
from device.cli.progress import shown
from device.config import load_settings, settings_path


@click.command(epilog="Example: pronemat backup /media/stick/monday.pronemat")
@click.argument("file", type=FILE)
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a sentence.")
def backup(file: Path, config: Path | None, as_json: bool) -> None:
    """Write sessions, members, calibrations and settings to FILE, and check what was written.

    The kiosk may go on meanwhile. FILE holds members' names: keep it as you keep those.
    """
    settings = load_settings(config)
    source = settings_path(config)
    with shown("backup") as progress:
        manifest = take_backup(file, settings, source if source.exists() else None, progress)
    if as_json:
        size = file.stat().st_size
        click.echo(json.dumps({"file": str(file), "bytes": size, **asdict(manifest)}))
        return
    click.echo(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB, {len(manifest.parts)} parts, checked; put it "
        f"back with 'pronemat restore {file}'."
    )
