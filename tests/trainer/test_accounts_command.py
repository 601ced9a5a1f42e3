"""`pronemat trainer`: who may log in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat
from device.errors import PronematError
from tests.trainer.gym import PASSWORD


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "pronemat.toml"
    path.write_text(f'[paths]\ndata = "{tmp_path}"\nrun = "{tmp_path}"\n', encoding="utf-8")
    return path


def trainer(config: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(pronemat, ["trainer", *words, "--config", str(config)], input=typed)


def test_accounts_are_added_listed_reset_and_removed(config: Path) -> None:
    assert trainer(config, "add", "Olga", "--owner", typed=PASSWORD + "\n").exit_code == 0
    assert trainer(config, "add", "Tom", typed=PASSWORD + "\n").exit_code == 0
    listed = json.loads(trainer(config, "list", "--json").output)
    assert [(one["name"], one["role"]) for one in listed] == [("Olga", "owner"), ("Tom", "trainer")]
    assert "another password" in trainer(config, "reset", "tom", typed=PASSWORD + "!\n").output
    assert trainer(config, "remove", "Tom").output == "Tom may log in no more\n"
    assert [one["name"] for one in json.loads(trainer(config, "list", "--json").output)] == ["Olga"]


def test_a_script_hands_the_password_over_on_the_standard_input(config: Path) -> None:
    command = [sys.executable, "-m", "device", "trainer", "add", "Olga", "--owner"]
    command += ["--config", str(config)]
    for code, said in ((0, "Olga may log in, as owner\n"), (1, "")):
        done = subprocess.run(
            command, input=PASSWORD + "\n", capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (code, said), done.stderr
    assert done.stderr == "pronemat: There is an account of this name; choose another.\n"


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("add", "Tom"), "short\n", "10 letters or more"),
        (("remove", "Nobody"), "", "there is no account 'Nobody'; there are: none."),
    ],
    ids=["a short password", "nobody of that name"],
)
def test_what_cannot_be_is_one_sentence(
    config: Path, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    done = trainer(config, *words, typed=typed)
    assert isinstance(done.exception, PronematError)
    assert sentence in str(done.exception)
