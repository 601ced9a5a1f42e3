"""The `pronemat` command: a table of what it can do, each command in the file of its name."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import click

from device import __version__
from device.errors import PronematError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command lives and what `pronemat --help` says of it."""

    module: str
    help: str


COMMANDS: Mapping[str, Place] = MappingProxyType(
    {
        "demo": Place("device.cli.demo", "The whole product without hardware, on a simulated mat."),
        "daemon": Place("device.cli.daemon", "Own the mat: scan, count, coach, store, publish."),
        "safe": Place("device.cli.safe", "The daemon without what keeps it from starting."),
        "status": Place("device.cli.control", "What the running daemon sees and does."),
        "doctor": Place("device.cli.doctor", "Everything that can be wrong, on one page."),
        "monitor": Place("device.cli.monitor", "The mat live in the terminal."),
        "start": Place("device.cli.control", "Start a set."),
        "stop": Place("device.cli.control", "Stop the set."),
        "sound": Place("device.cli.sound", "Make the kiosk heard: its tones, or the buzzer."),
        "tare": Place("device.cli.tare", "Take the empty mat as zero."),
        "record": Place("device.cli.record", "Write what the mat measures to a file."),
        "replay": Place("device.cli.replay", "Print the reps of a recording as JSON lines."),
        "plot": Place("device.cli.plot", "Draw a recording: loads, phases, reps and verdicts."),
        "score": Place("device.cli.score", "How good the core is on labelled recordings."),
        "fit": Place("device.cli.fit", "Fit the judge's model to labelled recordings."),
        "bench": Place("device.cli.bench", "Measure speed."),
        "calibrate": Place("device.cli.calibrate", "Calibrate the strips with dead weights."),
        "check": Place("device.cli.check", "Which strip has drifted: one weight, five minutes."),
        "mat": Place("device.cli.mat", "Check a mat file and print its wiring."),
        "template": Place("device.cli.template", "Draw a mat at its true size, to print."),
        "drawings": Place("device.cli.drawings", "Write a mat's wiring, parts and schematic."),
        "divider": Place("device.cli.divider", "What the strips' divider makes of a load."),
        "backup": Place("device.cli.backup", "Everything into one file, also while it runs."),
        "restore": Place("device.cli.restore", "Put a backup in the place of what is there."),
        "export": Place("device.cli.export", "Sessions as CSV or JSON, for other programs."),
        "gym": Place("device.cli.gym", "Fill a database with ten made-up years, to measure."),
        "trainer": Place("device.cli.trainer", "Who may log in to the trainers' dashboard."),
        "config": Place("device.cli.config", "The settings in force and where each is from."),
    }
)
"""Every command, in the order of `--help`. A module is imported when its command is called, so that
`pronemat --help` and `replay` do not wait for what only the daemon needs."""


DISK_REFUSES = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""Full, over its quota, read-only, broken: what no command can help, and none need foresee."""


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(importlib.import_module(place.module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples: pronemat demo; pronemat doctor --help. Exit codes: 0 done; 1 not done, and "
    "why in one sentence; 2 wrong options. A command that tells more says so in its help.",
)
@click.version_option(__version__, prog_name="pronemat")
def pronemat() -> None:
    """Coach the prone leg raise on a mat that feels where the load lies.

    Without hardware, begin with `pronemat demo`.
    """


def main() -> None:
    """Run the command line; an error a person can put right is one sentence, never a traceback."""
    try:
        try:
            pronemat(prog_name="pronemat")
        finally:
            getattr(sys.stdout, "flush", bool)()  # there may be none at all (`>&-`)
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); nothing more can be said to it.
        _forget_output()
        sys.exit(1)
    except OSError as error:
        if error.errno not in DISK_REFUSES:
            raise
        _forget_output()
        click.echo(
            f"pronemat: what it writes is refused ({error.strerror}); make room, or let it write "
            "elsewhere.",
            err=True,
        )
        sys.exit(1)


def _forget_output() -> None:
    """Let what is still to be written go nowhere, so that the interpreter's end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
