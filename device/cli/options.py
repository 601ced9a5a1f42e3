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
