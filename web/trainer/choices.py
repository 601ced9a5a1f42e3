"""The words for what can be chosen and for what was found, as lists and tables of the pages."""

from __future__ import annotations

from device.coach.programme import Strictness, Variation
from device.coach.progression import Reason
from device.core.faults import FAULTS
from device.core.types import Side, Verdict

VARIATION_WORDS = {
    Variation.SINGLE: "Single leg",
    Variation.LONG_HOLD: "Single leg, longer hold",
    Variation.BOTH: "Both legs",
    Variation.WEIGHT: "Both legs, ankle weights",
}
STRICTNESS_WORDS = {
    Strictness.GENTLE: "Gentle: lifts the mat is not sure of count as clean",
    Strictness.NORMAL: "Normal: the hip made the lift",
    Strictness.STRICT: "Strict: and the pelvis neither tipped nor rolled",
}
VERDICT_WORDS = {
    Verdict.GLUTE: "Hip",
    Verdict.ARCH: "Back arched",
    Verdict.UNSURE: "Not sure",
}
SIDE_WORDS = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.BOTH: "Both"}
REASON_WORDS = {
    Reason.TOO_FEW: "Too few lifts were judged to say more.",
    Reason.UNEVEN: "Good enough all in all, but not with each leg.",
    Reason.PRACTISE: "Not yet clean often enough.",
    Reason.NEARLY: "One more session like the last earns the next step.",
    Reason.EARNED: "Two good sessions in a row have earned the next step.",
    Reason.FELL: "In two sessions in a row fewer than half of the lifts were clean.",
    Reason.TOP: "There is no step above.",
    Reason.PROGRAMME: "A trainer has decided it.",
}
FAULT_WORDS = {row.key.value: row.words for row in FAULTS.values()}

VARIATIONS = [(key.value, words) for key, words in VARIATION_WORDS.items()]
STRICTNESSES = [(key.value, words) for key, words in STRICTNESS_WORDS.items()]
VERDICTS = [(key.value, words) for key, words in VERDICT_WORDS.items()]
"""As the options of a choice: value and words."""


def step_words(step: str) -> str:
    """A variation as it is stored, in words; what this program does not know stays as it is."""
    return next((words for key, words in VARIATION_WORDS.items() if key.value == step), step)
