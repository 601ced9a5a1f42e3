"""The tables of words: every fault and every number has its row."""

from __future__ import annotations

import pytest

from device.core.faults import FAULTS
from device.core.quantities import QUANTITIES
from device.core.types import Fault


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_words_a_meaning_and_an_advice(fault: Fault) -> None:
    row = FAULTS[fault]
    assert row.key is fault
    assert row.words == row.words.lower()
    assert row.meaning.endswith(".")
    assert row.advice.endswith(".")


def test_every_quantity_has_words_under_its_own_key() -> None:
    for key, row in QUANTITIES.items():
        assert row.key == key
        assert row.words
        assert row.meaning.endswith(".")
