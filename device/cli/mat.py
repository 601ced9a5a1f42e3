"""`pronemat mat`: check a mat description and print its wiring."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.config import load_settings
from device.mat_file import load_mat
from device.workshop.wiring import wiring_text


@click.command(epilog="Example: pronemat mat hardware/mat.toml")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--wiring", is_flag=True, help="The whole wiring document, as Markdown.")
def mat(path: Path | None, as_json: bool, wiring: bool) -> None:
    """Check a mat.toml (without one, the reference mat) and print which strip is wired where."""
    checked = load_mat(path)
    if wiring:
        click.echo(wiring_text(checked, load_settings().panel), nl=False)
        return
    rows = [
        (sensor.name, sensor.address, sensor.channel, sensor.part, sensor.bars_mm)
        for sensor in checked.sensors
    ]
    reference = checked.reference
    if as_json:
        keys = ("sensor", "address", "channel", "part", "bars_mm")
        click.echo(
            json.dumps(
                {
                    "sensors": [dict(zip(keys, row, strict=True)) for row in rows],
                    "chips": [hex(address) for address in checked.addresses],
                    "reference": reference.name if reference.fitted else None,
                }
            )
        )
        return
    table = Table(title=f"{len(rows)} strips on {len(checked.addresses)} converters")
    for heading in ("sensor", "chip", "input", "part", "bars at x, y (mm)"):
        table.add_column(heading)
    for name, address, channel, part, bars in rows:
        places = "  ".join(f"{x:g}, {y:g}" for x, y in bars)
        table.add_row(name, f"{address:#x}", f"A{channel}", part, places)
    if reference.fitted:
        place = f"{reference.address:#x}", f"A{reference.channel}"
        table.add_row(reference.name, *place, "divider", "")
    Console().print(table)
