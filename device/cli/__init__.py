"""The `pronemat` command: a table of what it can do, each command in the file of its name."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

from device import __version__
from device.errors import PronematError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "device.cli.demo:demo",
        "daemon": "device.cli.daemon:daemon",
        "status": "device.cli.control:status",
        "start": "device.cli.control:start",
        "stop": "device.cli.control:stop",
        "tare": "device.cli.control:tare",
        "record": "device.cli.record:record",
        "replay": "device.cli.replay:replay",
        "plot": "device.cli.plot:plot",
        "score": "device.cli.score:score",
        "fit": "device.cli.fit:fit",
        "bench": "device.cli.bench:bench",
        "calibrate": "device.cli.calibrate:calibrate",
        "mat": "device.cli.mat:mat",
    }
)
"""Where each command lives; a module is imported when its command is called, not before, so that
`pronemat --help` and `replay` do not wait for what only the daemon needs."""


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pronemat")
def pronemat() -> None:
    """Coach the prone leg raise on a mat that feels where the load lies.

    Without hardware, begin with `pronemat demo`.
    """


def main() -> None:
    """Run the command line; an error a person can put right is one sentence, never a traceback."""
    try:
        pronemat(prog_name="pronemat")
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
