"""`pronemat settings`: what is in force, and where each value came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from device.cli.options import config_option
from device.config import Row, load_settings


@click.command(epilog="Example: pronemat settings --config /etc/pronemat/pronemat.toml")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def settings(config: Path | None, as_json: bool) -> None:
    """Check the settings and print each with its value, its origin, its range and its purpose."""
    rows = list(load_settings(config).rows())
    if as_json:
        shown = {name: {"value": _plain(value), "from": origin} for name, value, origin, _ in rows}
        click.echo(json.dumps(shown))
        return
    table = Table()
    for heading in ("setting", "value", "from", "range", "what for"):
        table.add_column(heading, overflow="fold")
    for name, value, origin, row in rows:
        shown_value = "" if value is None else str(_plain(value))
        table.add_row(name, shown_value, origin, _range(row), row.words)
    Console().print(table)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _range(row: Row) -> str:
    return "" if row.low is None else f"{row.low:g} to {row.high:g}"
