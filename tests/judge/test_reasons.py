"""The sentence under a verdict reads like one that a trainer would say."""

from __future__ import annotations

import pytest

from device.core.reasons import reason_of
from device.core.types import Fault, Side, Verdict

NUMBERS = {"rotation_deg": 0.2, "belly_pct": 0.0, "pubis_pct": 0.0}


@pytest.mark.parametrize(
    ("tilt_deg", "words"),
    [(0.3, "about 0 degrees"), (1.2, "about 1 degree and"), (2.0, "about 2 degrees")],
)
def test_one_degree_is_singular(tilt_deg: float, words: str) -> None:
    numbers = {**NUMBERS, "tilt_deg": tilt_deg}
    assert words in reason_of(Verdict.GLUTE, (), numbers, Side.LEFT, ())


def test_an_arch_names_tip_and_roll_with_their_size() -> None:
    numbers = {**NUMBERS, "tilt_deg": 12.3, "rotation_deg": 0.6}
    text = reason_of(Verdict.ARCH, (Fault.TILT, Fault.ROTATION), numbers, Side.LEFT, ())
    assert text == "The pelvis tipped forward about 12 degrees and rolled about 1 degree."
