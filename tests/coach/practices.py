"""Sessions as the rule of progression sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from device.coach.programme import Strictness, Variation
from device.coach.progression import STEPS, Judged, Practice
from device.core.types import Rep

SINGLE, HOLD, BOTH, _ = Variation


def turns(left: tuple[int, int], right: tuple[int, int], of: Variation = SINGLE) -> Practice:
    """Clean of all, by leg."""
    return Practice(of, Judged(left[1], left[0]), Judged(right[1], right[0]))


def practice_of(
    variation: Variation, reps: Iterable[Rep], strictness: Strictness = Strictness.NORMAL
) -> Practice:
    practice = Practice(variation)
    for rep in reps:
        practice = practice.with_lift(rep, strictness)
    return practice


def both(clean: int, count: int, of: Variation = BOTH) -> Practice:
    return Practice(of, both=Judged(count, clean))


GOOD = turns((7, 8), (7, 8))
BAD = turns((3, 8), (4, 8))
GOOD_HOLD = replace(GOOD, variation=HOLD)
BAD_HOLD = replace(BAD, variation=HOLD)

TALLIES = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
    lambda pair: Judged(max(pair), min(pair))
)
PRACTICES = st.builds(Practice, st.sampled_from(STEPS), TALLIES, TALLIES, TALLIES)
