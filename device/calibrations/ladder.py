"""The readings that a strip needs, in their order: empty, the weights up, down again, empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from device.calibrations.record import Reading

Rung = tuple[float, bool]
"""A weight in newtons, and whether it is on the way up."""


def rungs(weights_n: Sequence[float]) -> tuple[Rung, ...]:
    """Every reading for these weights, the lightest first. The heaviest is read once."""
    down = sorted(weights_n[:-1], reverse=True)
    return (
        (0.0, True),
        *((weight, True) for weight in weights_n),
        *((weight, False) for weight in down),
        (0.0, False),
    )


def next_rung(weights_n: Sequence[float], taken: Iterable[Reading]) -> Rung | None:
    """What is to be read next; None once all is."""
    done = {(reading.force_n, reading.rising) for reading in taken}
    return next((rung for rung in rungs(weights_n) if rung not in done), None)


def resumable(weights_n: Sequence[float], taken: Iterable[Reading]) -> list[Reading]:
    """What an earlier visit leaves to go on with; nothing without its zero."""
    wanted = set(rungs(weights_n))
    left = [reading for reading in taken if (reading.force_n, reading.rising) in wanted]
    if any(not reading.rising for reading in left):
        # The way down has to come from the top, which nobody knows to lie there still.
        top_n = weights_n[-1]
        left = [reading for reading in left if reading.rising and reading.force_n != top_n]
    return left if left and left[0].force_n == 0.0 else []
