"""`pronemat settings`: what is in force, where each value came from, and how to change one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from device.cli.options import config_option
from device.config import Row, load_settings
from device.config_edit import change_setting


@click.group(
    invoke_without_command=True,
    epilog="Examples: pronemat settings; pronemat settings --config /etc/pronemat/pronemat.toml; "
    "pronemat settings set session.set_pause_s 30",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.pass_context
def settings(ctx: click.Context, config: Path | None, as_json: bool) -> None:
    """Check the settings and print each with its value, its origin, its range and its purpose."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = config
        return
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


@settings.command("set", epilog="Example: pronemat settings set web.port 8080")
@click.argument("name", metavar="SECTION.KEY")
@click.argument("value")
@config_option
@click.pass_context
def set_one(ctx: click.Context, name: str, value: str, config: Path | None) -> None:
    """Change one setting in the settings file, once the whole file is known to stay sound.

    The rest of the file stays as it is, comments too. A relative path starts at the file.
    """
    changed = change_setting(name, value, config or ctx.obj)
    click.echo(f"{name} is {value} in {changed}; the daemon takes it when it is started again")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _range(row: Row) -> str:
    return "" if row.low is None else f"{row.low:g} to {row.high:g}"
