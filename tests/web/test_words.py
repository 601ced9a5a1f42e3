"""The pages have words for everything the device can say, in every language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from device.coach.cues import CUES
from device.coach.programme import Variation
from device.coach.progression import Reason
from device.core.posture import PROBLEMS
from device.core.types import Fault, Phase, Side, Verdict
from device.errors import ConfigError
from device.mat_file import load_mat
from web.words import languages, load_words

STATIC = Path(__file__).parents[2] / "web" / "static"
LANGUAGES = languages()


def keys(table: dict[str, Any], path: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        name = f"{path}.{key}"
        found |= keys(value, name) if isinstance(value, dict) else {name}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    assert keys(load_words(language)) == keys(load_words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_all_that_can_happen(language: str) -> None:
    words = load_words(language)
    assert {phase.value for phase in Phase} <= set(words["phase"]) & set(words["hint"])
    assert {fault.value for fault in Fault} <= set(words["warning"]) & set(words["advice"])
    assert {side.value for side in Side} <= set(words["side"])
    assert {verdict.value for verdict in Verdict} <= set(words["verdict"])
    assert set(load_mat().names) <= set(words["strip"])
    assert {reason.value for reason in Reason} == set(words["advised"])
    assert {step.value for step in Variation} == set(words["step"])
    assert {cue.key for cue in CUES.values() if cue.words} == set(words["cue"])
    poses = {key.removeprefix("pose_") for key in CUES if key.startswith("pose_")}
    assert poses == set(words["posture"])
    assert set(PROBLEMS) <= {re.sub(r"_(more|less)$", "", key) for key in poses}
    assert {step.value for step in Variation} == set(words["variation"])
    for table in ("because", "locked"):
        assert {reason.value for reason in Reason} == set(words[table])


def test_cues_are_captioned_as_the_coach_words_them() -> None:
    words = load_words("en")
    assert words["cue"] == {cue.key: cue.words for cue in CUES.values() if cue.words}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_and_number_is_spoken(language: str) -> None:
    words = load_words(language)
    folder = STATIC / "speech" / words["page"]["language"]
    wanted = {f"cue-{cue}.ogg" for cue in words["cue"]}
    wanted |= {f"number-{number}.ogg" for number in words["number"]}
    assert {path.name for path in folder.iterdir()} == wanted
    assert all(path.stat().st_size > 2000 for path in folder.iterdir())


def test_scripts_use_only_words_that_exist() -> None:
    words = load_words("en")
    for path in (STATIC / "js").glob("*.js"):
        for table, key in re.findall(r"\bwords\.(\w+)\.(\w+)", path.read_text(encoding="utf-8")):
            assert key in words[table], f"{path.name} uses words.{table}.{key}"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="'xx'; choose one of de, en"):
        load_words("xx")
