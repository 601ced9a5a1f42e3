"""The numbers that stand behind a verdict: key, unit and words, for pages, exports and the docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a finished rep. `meaning` is for the page that explains it."""

    key: str
    unit: str
    words: str
    meaning: str


BODY_PCT = "% of body weight"
"""Body weight as the strips feel it: the sum of all strips at rest."""

_ROWS = (
    Quantity(
        "tilt_deg",
        "deg",
        "pelvis tipped",
        "Estimated forward tip of the pelvis from rest, at its largest. Quiet is below 4.5, "
        "arched above 8.",
    ),
    Quantity(
        "rotation_deg",
        "deg",
        "pelvis rolled",
        "Estimated roll of the pelvis about its long axis, at its largest. Quiet is below 4, "
        "rolled above 7.",
    ),
    Quantity(
        "moved_s",
        "s",
        "pelvis moved after",
        "Time from the start of the rep to the moment at which the pelvis passed the limit.",
    ),
    Quantity(
        "tilt_pct",
        BODY_PCT,
        "belly gained over pubis",
        "Gain of the lower ribs and abdomen minus gain of the pubis while the leg was up.",
    ),
    Quantity(
        "roll_pct",
        BODY_PCT,
        "hip bone, lifting against resting side",
        "Gain of the hip bone (ASIS) on the lifting side minus that on the resting side.",
    ),
    Quantity("pubis_pct", BODY_PCT, "pubis", "Change of the pubis strip while the leg was up."),
    Quantity(
        "belly_pct",
        BODY_PCT,
        "lower ribs and belly",
        "Change of the lower ribs and abdomen while the leg was up.",
    ),
    Quantity("chest_pct", BODY_PCT, "chest", "Change of the chest while the leg was up."),
    Quantity("head_pct", BODY_PCT, "head pad", "Change of the head pad while the leg was up."),
    Quantity(
        "leg_pct", BODY_PCT, "lifted leg", "What thigh, knee and foot of the lifted leg gave up."
    ),
    Quantity(
        "brace_pct",
        BODY_PCT,
        "belly before the lift",
        "Change of the abdomen over the second before the lift: drawn in, it loses about 2.",
    ),
    Quantity(
        "unsteady_pct",
        BODY_PCT,
        "unsteadiness of the hold",
        "How much the hips' load trembled while the leg was held.",
    ),
    Quantity(
        "breath_per_min",
        "per minute",
        "breaths",
        "Breathing rate at rest before the lift, from the belly's load.",
    ),
    Quantity(
        "breath_out",
        "",
        "breathing out at lift-off",
        "1 breathing out, 0 breathing in; missing where it did not show.",
    ),
)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({row.key: row for row in _ROWS})
"""Every number a rep can carry; a key is missing where the strips did not allow it."""
