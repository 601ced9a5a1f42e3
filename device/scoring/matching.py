"""Which found rep is which labelled one."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_OVERLAP = 0.3
"""Shared time over the time that either lasts, from which on two spans are the same rep."""

Span = tuple[float, float]


def overlap(one: Span, other: Span) -> float:
    """Shared time as a share of the time from the first start to the last end; 0 if apart."""
    shared_s = min(one[1], other[1]) - max(one[0], other[0])
    whole_s = max(one[1], other[1]) - min(one[0], other[0])
    return max(shared_s, 0.0) / whole_s if whole_s > 0 else 0.0


def match(found: Sequence[Span], truth: Sequence[Span]) -> list[tuple[int, int]]:
    """Pairs `(found, truth)` of the same rep, each in one pair at most, best overlaps first."""
    pairs = sorted(
        (
            (overlap(one, other), mine, theirs)
            for mine, one in enumerate(found)
            for theirs, other in enumerate(truth)
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for share, mine, theirs in pairs:
        if share < LEAST_OVERLAP:
            break
        if mine not in matched and theirs not in taken:
            matched[mine] = theirs
            taken.add(theirs)
    return sorted(matched.items())
