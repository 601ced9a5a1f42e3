"""The faults a rep can have, with the words for people. A new fault is one row and one test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from device.core.types import Fault


@dataclass(frozen=True, slots=True)
class FaultRow:
    """`key` as in recordings and events; `words` name it, `meaning` says what the mat saw, and
    `advice` is what the member can do about it."""

    key: Fault
    words: str
    meaning: str
    advice: str


_ROWS = (
    FaultRow(
        Fault.TILT,
        "pelvis tipped",
        "The pelvis tipped forward by more than 8 degrees: the low back made the height.",
        "Draw the belly in, press the pubic bone into the mat and lift less high.",
    ),
    FaultRow(
        Fault.ROTATION,
        "pelvis rolled",
        "The pelvis rolled by more than 7 degrees: the hip on the lifting side left the mat.",
        "Keep both hip bones heavy on the line while the leg goes up.",
    ),
    FaultRow(
        Fault.FAST_LIFT,
        "lifted too fast",
        "The leg was up in less than about half a second: swing, not muscle.",
        "Take two slow counts to lift.",
    ),
    FaultRow(
        Fault.FAST_LOWER,
        "lowered too fast",
        "The leg came down in less than about a third of a second: it was dropped.",
        "Take two slow counts to lower.",
    ),
    FaultRow(
        Fault.HEAD,
        "head came up",
        "The forehead rose off the hands: the neck and back joined in.",
        "Leave the forehead resting on the hands.",
    ),
    FaultRow(
        Fault.TOO_HIGH,
        "lifted too high",
        "The hip made the first half of the height; then the pelvis began to tip.",
        "Stop where the pelvis is still quiet: a hand's breadth is enough.",
    ),
)

FAULTS: Mapping[Fault, FaultRow] = MappingProxyType({row.key: row for row in _ROWS})
"""Every fault, in the order in which a trainer would name them."""
