"""When load shifts within a rep, from courses made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from device.core.evidence import EVIDENCE_NAMES, SIGNALS, evidence
from device.core.shifts import FOLLOWED, SHIFT_NAMES, shift_weights, shifts
from device.core.types import FloatArray
from tests.judge.lifts import MAT

AFTER_S = np.arange(-0.3, 3.0, 0.02)
WEIGHTS = shift_weights(MAT.names)
PUBIS = MAT.names.index("pubis")


def numbers_of(pubis_pct: FloatArray) -> dict[str, float]:
    changes = np.zeros((len(AFTER_S), len(MAT.names)))
    changes[:, PUBIS] = pubis_pct
    return dict(zip(SHIFT_NAMES, shifts(AFTER_S, 3.0, changes, WEIGHTS).tolist(), strict=True))


def swing(rise_s: float, overshoot_pct: float) -> FloatArray:
    """The pubis takes 5 % within `rise_s`, more for a moment when the leg is stopped there."""
    risen = 5.0 * np.clip(AFTER_S / rise_s, 0.0, 1.0)
    return np.asarray(risen + overshoot_pct * np.exp(-(((AFTER_S - rise_s) / 0.05) ** 2)))


def test_every_number_has_a_name_of_its_own() -> None:
    assert len(set(EVIDENCE_NAMES) | set(SHIFT_NAMES)) == len(EVIDENCE_NAMES) + len(SHIFT_NAMES)
    signals = np.zeros((len(AFTER_S), len(SIGNALS)))
    numbers = evidence(AFTER_S, 1.0, 3.0, signals, signals[0], both=False)
    assert len(numbers) == len(EVIDENCE_NAMES)


def test_a_swung_leg_shifts_its_load_sooner_and_overshoots() -> None:
    slow, fast = numbers_of(swing(1.0, 0.0)), numbers_of(swing(0.3, 6.0))
    for name in ("shift 0.9 done, first 1.2 s", "pubis: highest after"):
        assert fast[name] < slow[name] - 0.2
    assert fast["pubis: overshoot"] == pytest.approx(5.5, abs=0.6)
    assert slow["pubis: overshoot"] == pytest.approx(0.0, abs=0.3)
    assert fast["pubis: jolt"] > 3.0 * slow["pubis: jolt"]


def test_a_pubis_that_empties_at_the_top_has_fallen_back() -> None:
    late = swing(0.8, 0.0) - 4.0 * np.clip(AFTER_S - 1.2, 0.0, 1.0)
    assert numbers_of(late)["pubis: fallen back"] == pytest.approx(4.0, abs=0.1)
    assert numbers_of(swing(0.8, 0.0))["pubis: fallen back"] == pytest.approx(0.0, abs=0.1)
    assert numbers_of(late)["tilt: come up again"] == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("ticks", [2, 5])
def test_a_rep_of_few_ticks_still_has_finite_numbers(ticks: int) -> None:
    after_s = 0.02 * np.arange(ticks)
    changes = np.ones((ticks, len(MAT.names)))
    assert np.isfinite(shifts(after_s, 0.1, changes, WEIGHTS)).all()
    assert len(FOLLOWED) == WEIGHTS.shape[1]
