"""What the core said of one labelled recording, laid beside what was so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from device.core.types import Event, Rep, WarningEvent
from device.scoring.labels import Labelled, LabelledRep
from device.scoring.matching import match

WARNING_SLACK_S = 0.3
"""A warning this long before the foot left or after it came back still belongs to the rep."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A rep that was found and is one; `warned_s` is the first warning within it."""

    found: Rep
    truth: LabelledRep
    sound: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """A labelled rep and the time of the first warning within it, None without one."""

    label: LabelledRep
    warned_s: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recording: pairs, what was missed and what was invented, warnings, minutes at rest."""

    name: str
    bad_strip: bool
    pairs: tuple[Pair, ...]
    missed: tuple[LabelledRep, ...]
    invented: tuple[Rep, ...]
    truths: tuple[Truth, ...]
    idle_minutes: float

    @property
    def counted(self) -> int:
        return len(self.pairs) + len(self.invented)

    @property
    def labelled(self) -> int:
        return len(self.truths)


def outcome_of(labelled: Labelled, events: Sequence[Event], duration_s: float) -> Outcome:
    """Match the reps of a replay to the labels by overlap in time."""
    found = [event for event in events if isinstance(event, Rep)]
    warned_s = [event.at_s for event in events if isinstance(event, WarningEvent)]
    matched = match(
        [(rep.start_s, rep.end_s) for rep in found],
        [(rep.start_s, rep.end_s) for rep in labelled.reps],
    )
    mine, theirs = {pair[0] for pair in matched}, {pair[1] for pair in matched}
    exercise_s = sum(rep.end_s - rep.start_s for rep in labelled.reps)
    return Outcome(
        name=labelled.name,
        bad_strip=labelled.bad_sensor is not None,
        pairs=tuple(
            Pair(found[one], labelled.reps[other], labelled.reps[other].end_s < labelled.bad_from_s)
            for one, other in matched
        ),
        missed=tuple(rep for index, rep in enumerate(labelled.reps) if index not in theirs),
        invented=tuple(rep for index, rep in enumerate(found) if index not in mine),
        truths=tuple(Truth(rep, _first_within(warned_s, rep)) for rep in labelled.reps),
        idle_minutes=max(duration_s - exercise_s, 0.0) / 60.0,
    )


def _first_within(warned_s: Sequence[float], rep: LabelledRep) -> float | None:
    within = [
        at_s
        for at_s in warned_s
        if rep.start_s - WARNING_SLACK_S <= at_s <= rep.end_s + WARNING_SLACK_S
    ]
    return min(within, default=None)
