"""`pronemat bench`: what is measured of the program's speed, each part in the file of its name."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType

import click

PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "scan": ("device.cli.bench_scan", "Frames a second of the mat's scan."),
        "core": ("device.cli.bench_core", "Time a frame takes from counts to events."),
        "member": ("device.cli.bench_member", "Is the simulated member judged right?"),
        "faults": ("device.cli.bench_faults", "Bus faults by the thousand: is any verdict turned?"),
        "store": ("device.cli.bench_store", "Time the pages' questions take the database."),
        "page": ("device.cli.bench_page", "Time from an event to the changed page."),
    }
)


class _Parts(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PARTS:
            return None
        command: click.Command = getattr(importlib.import_module(PARTS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in PARTS.items()])


@click.group(
    cls=_Parts, epilog="Examples: pronemat bench scan; pronemat bench core --seconds 120 --json"
)
def bench() -> None:
    """Measure how fast the program is here and now, and what faults do to it."""
