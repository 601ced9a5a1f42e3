"""Options that several commands share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)


def config_option(command: _Command) -> _Command:
    """`--config`: the settings file."""
    return click.option(
        "--config",
        type=FILE,
        help="Settings file; else $PRONEMAT_CONFIG, else /etc/pronemat/pronemat.toml.",
    )(command)


def without_log() -> None:
    """For commands whose own words say what the drivers would log."""
    logging.getLogger("device").addHandler(logging.NullHandler())


FASTEST = "max"
FASTEST_FACTOR = 1000.0


def speed_option(words: str) -> Callable[[_Command], _Command]:
    """`--speed`: a factor; None for as fast as can be."""
    return click.option("--speed", callback=_speed, default="1", show_default=True, help=words)


def _speed(_ctx: click.Context, _param: click.Parameter, text: str) -> float | None:
    if text == FASTEST:
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.0 < factor <= FASTEST_FACTOR:
        raise click.BadParameter(
            f"{text!r} is not a factor above 0 and up to {FASTEST_FACTOR:g}, nor '{FASTEST}'."
        )
    return factor
