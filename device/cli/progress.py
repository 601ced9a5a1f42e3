"""How far a long command has come, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

STEPS = 1000

Shown = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""


@contextmanager
def shown(label: str) -> Iterator[Shown]:
    """A bar; what is yielded takes the share that is done, 0 to 1."""
    with click.progressbar(length=STEPS, label=label, file=sys.stderr) as bar:
        yield lambda share: bar.update(max(int(STEPS * share) - bar.pos, 0))
