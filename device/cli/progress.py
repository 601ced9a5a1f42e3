"""How far a long command has come, on standard error, and its end by Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from device.errors import PronematError

STEPS = 1000

Shown = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""


class StoppedError(PronematError):
    """Ctrl-C."""

    exit_code = 130
    """As a shell has it: 128 and the signal's number."""


@contextmanager
def stoppable(left: str) -> Iterator[None]:
    """Ctrl-C inside is one sentence, which says what is `left` of the work."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"it was stopped; {left}.") from None


@contextmanager
def shown(label: str) -> Iterator[Shown]:
    """A bar; what is yielded takes the share that is done, 0 to 1."""
    with click.progressbar(length=STEPS, label=label, file=sys.stderr) as bar:
        yield lambda share: bar.update(max(int(STEPS * share) - bar.pos, 0))
