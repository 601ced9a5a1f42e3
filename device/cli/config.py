"""`pronemat config`: what is in force, where each value came from, and how to change one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from device.cli.options import config_option
from device.config import DEFAULT, Row, load_settings
from device.config.edit import change_setting

EXPLAINED_COLUMNS = 120


@click.group(
    invoke_without_command=True,
    epilog="Examples: pronemat config; pronemat config --config /etc/pronemat/pronemat.toml; "
    "pronemat config set session.set_pause_s 30",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.pass_context
def config(ctx: click.Context, config: Path | None, as_json: bool) -> None:
    """Check the settings and print each with its value, its origin, its range and its purpose."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = config
        return
    rows = list(load_settings(config).rows())
    if as_json:
        click.echo(
            json.dumps({name: _json(value, origin, row) for name, value, origin, row in rows})
        )
        return
    console = Console()
    explained = console.width >= EXPLAINED_COLUMNS
    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "allowed", "from", *(["what for"] if explained else [])):
        table.add_column(heading, overflow="fold", no_wrap=heading == "setting")
    for name, value, origin, row in rows:
        cells = [name, "" if value is None else _text(value), row.allowed, origin]
        table.add_row(*cells, *([row.words] if explained else []), style=_style(origin))
    console.print(table)
    if not explained:
        click.echo("(what each is for: a wider terminal, or --json)")


@config.command("set", epilog="Example: pronemat config set web.port 8080")
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


def _json(value: Any, origin: str, row: Row) -> dict[str, Any]:
    return {
        "value": str(value) if isinstance(value, Path) else value,
        "from": origin,
        "allowed": row.allowed,
        "words": row.words,
    }


def _text(value: Any) -> str:
    """As it is written in the file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _style(origin: str) -> str:
    """What was set by somebody stands out."""
    return "" if origin == DEFAULT else "bold"
