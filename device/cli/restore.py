"""`pronemat restore`: a backup takes the place of what is there, which is kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from device.backup.archive import read_manifest
from device.backup.bring_back import owned, restore_backup
from device.backup.finish import finish_restore
from device.cli.options import FILE, config_option
from device.cli.progress import shown
from device.config import load_settings, settings_path


@click.command(epilog="Example: pronemat restore /media/stick/monday.pronemat")
@click.argument("file", type=FILE, required=False)
@config_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--without-settings", is_flag=True, help="Leave the settings file as it is, restore the rest."
)
@click.option("--finish", is_flag=True, help="Only finish a restore that was cut short.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; does not ask.")
def restore(
    file: Path | None,
    config: Path | None,
    yes: bool,
    without_settings: bool,
    finish: bool,
    as_json: bool,
) -> None:
    """Put back what `pronemat backup` wrote to FILE, on this machine or on a new one.

    Stop the daemon first. What is there now is kept as a backup of its own in the data directory.
    Members who were deleted since the backup was taken stay deleted.
    """
    settings = load_settings(config)
    if finish:
        with owned(settings.paths.data):
            done = finish_restore(settings.paths.data)
        click.echo("finished" if done else "there was nothing to finish")
        return
    if file is None:
        raise click.UsageError("Name the backup: pronemat restore FILE.")
    manifest = read_manifest(file)
    if not (yes or as_json):
        click.confirm(
            f"{file} was taken {manifest.made_utc} by pronemat {manifest.version}.\n"
            f"Let it replace what is in {settings.paths.data}?",
            abort=True,
            err=True,
        )
    with shown("restore") as progress:
        restored = restore_backup(
            file, settings, settings_path(config), progress, not without_settings
        )
    if as_json:
        click.echo(
            json.dumps(
                {
                    **asdict(restored.manifest),
                    "with_settings": restored.with_settings,
                    "kept": None if restored.kept is None else str(restored.kept),
                    "damaged": restored.damaged,
                }
            )
        )
        return
    settings_words = "with its settings" if restored.with_settings else "without settings"
    click.echo(f"restored {settings_words}; start the daemon again.")
    if restored.kept is not None:
        click.echo(f"What was here before: {restored.kept}")
    if restored.damaged:
        click.echo("The database that was here is damaged; it lies beside the new one.")
