"""The fitted model as a file: read back as it was written, refused when it is not one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from device.core.pelvis_model import model_json, parse_model
from device.errors import ModelError
from device.model_file import load_model, save_model
from tests.judge.lifts import MAT, MODEL

WRITTEN = model_json(MODEL)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "pelvis.json"
    save_model(MODEL, path)
    again = load_model(path)
    assert model_json(again) == WRITTEN
    assert list(tmp_path.iterdir()) == [path]


def test_the_shipped_model_knows_every_strip_of_the_reference_mat() -> None:
    assert set(MODEL.sensors) == set(MAT.names)


def test_the_file_can_be_read_by_people() -> None:
    longest = max(len(line) for line in WRITTEN.splitlines())
    assert longest < 6000
    assert json.loads(WRITTEN)["fitted_on"].endswith("bodies")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "has format 99"),
        ({"sensors": None}, "is not a model"),
        ({"warn_at": [1.0]}, "sizes that do not fit together"),
        ({"load_mean": [1.0, float("nan")]}, "not finite"),
        ({"fault_at": {}}, "sizes that do not fit together"),
    ],
)
def test_a_damaged_model_is_one_sentence_with_the_remedy(
    change: dict[str, object], says: str
) -> None:
    data = {**json.loads(WRITTEN), **change}
    with pytest.raises(ModelError, match="fit it anew with 'pronemat fit'") as caught:
        parse_model(json.dumps(data), "other.json")
    assert says in str(caught.value)
    assert str(caught.value).startswith("other.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "3"])
def test_what_is_no_model_at_all_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="is not a model of the pelvis"):
        parse_model(text, "x.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.json cannot be read"):
        load_model(tmp_path / "none.json")


def test_answers_are_the_same_for_one_tick_and_for_many() -> None:
    rows = np.random.default_rng(1).normal(size=(7, 1, len(MODEL.pelvis.mean)))
    whole = MODEL.pelvis.answers(rows)
    for row, answer in zip(rows, whole, strict=True):
        np.testing.assert_allclose(MODEL.pelvis.answers(row), answer, atol=1e-9)
