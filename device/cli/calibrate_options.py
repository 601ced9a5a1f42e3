"""The options that the commands of `pronemat calibrate` and `check` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from device.calibrations.procedure import READ_S, SETTLE_S
from device.cli.options import FILE, config_option

_Command = TypeVar("_Command", bound=Callable[..., Any])

HEAVIEST_N = 500.0
LONGEST_SETTLE_S = 120.0
SHORTEST_READ_S, LONGEST_READ_S = 0.3, 10.0


def place_options(command: _Command) -> _Command:
    """`--config`, `--mat` and `--source`."""
    command = click.option(
        "--source",
        type=click.Choice(["mat", "demo"]),
        help="The mat (through the daemon if it runs), or a simulated one.  [default: mat]",
    )(command)
    command = click.option(
        "--mat", "mat_path", type=FILE, help="The mat's description (mat.toml)."
    )(command)
    return config_option(command)


def weights_option(command: _Command) -> _Command:
    """`--weights`: newtons with commas between."""
    return click.option(
        "--weights",
        "weights_n",
        callback=_weights,
        help="The weights in newtons (1 kg weighs 9.81 N).  [default: 2,5,10,20,40,60,80]",
    )(command)


def _weights(
    _ctx: click.Context, _param: click.Parameter, text: str | None
) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        weights = tuple(sorted({float(one) for one in text.split(",")}))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not newtons with commas between.") from None
    if not all(0.0 < one <= HEAVIEST_N for one in weights):
        raise click.BadParameter(f"each weight must be above 0 and up to {HEAVIEST_N:g} N.")
    return weights


def strips_options(command: _Command) -> _Command:
    """`--strip` and `--row`, each as often as wanted."""
    command = click.option(
        "--row", "rows", multiple=True, help="The strips of this row; may be given again."
    )(command)
    return click.option(
        "--strip", "strips", multiple=True, help="This strip only; may be given again."
    )(command)


def timing_options(least_settle_s: float) -> Callable[[_Command], _Command]:
    """`--settle`, at least so long, and `--read`."""

    def add(command: _Command) -> _Command:
        command = click.option(
            "--read",
            "read_s",
            type=click.FloatRange(SHORTEST_READ_S, LONGEST_READ_S),
            default=READ_S,
            show_default=True,
            help="Seconds that it is read for.",
        )(command)
        return click.option(
            "--settle",
            "settle_s",
            type=click.FloatRange(least_settle_s, LONGEST_SETTLE_S),
            default=SETTLE_S,
            show_default=True,
            help="Seconds that a weight lies before it is read.",
        )(command)

    return add


def conditions_options(command: _Command) -> _Command:
    """`--person`, `--note` and `--temperature`."""
    command = click.option(
        "--temperature", type=click.FloatRange(-20.0, 60.0), help="Of the room, in °C."
    )(command)
    command = click.option("--note", help="What is worth knowing of the conditions.")(command)
    return click.option("--person", help="Who calibrates; else the user's name.")(command)
