"""`pronemat config set`: one setting changes, everything else stays, nonsense changes nothing."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from device.cli import pronemat
from device.config import load_settings, setting_rows
from device.config.edit import change_setting
from device.errors import ConfigError

BEFORE = """# our studio
[web]
host = "0.0.0.0"  # the whole network
port = 80

[session] # shorter
set_pause_s = 30
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "pronemat.toml"
    file.write_text(BEFORE, encoding="utf-8")
    return file


def changed(file: Path, name: str, value: str) -> str:
    change_setting(name, value, file, {})
    return file.read_text(encoding="utf-8")


def test_only_its_line_changes_and_comments_stay(file: Path) -> None:
    assert changed(file, "web.port", "8080") == BEFORE.replace("port = 80", "port = 8080")
    text = changed(file, "web.host", "127.0.0.1")
    assert 'host = "127.0.0.1"  # the whole network\n' in text


def test_a_key_that_was_not_there_goes_into_its_table(file: Path) -> None:
    text = changed(file, "session.end_after_empty_s", "90")
    assert "[session] # shorter\nend_after_empty_s = 90.0\nset_pause_s = 30\n" in text


def test_a_table_that_was_not_there_comes_to_the_end(file: Path) -> None:
    assert changed(file, "panel.enabled", "false") == BEFORE + "\n[panel]\nenabled = false\n"


def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "pronemat.toml"
    assert changed(file, "paths.data", "/srv/mat") == '[paths]\ndata = "/srv/mat"\n'
    assert load_settings(file, environ={}).paths.data == Path("/srv/mat")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("web.port", "0", r"line 4: 'port' in \[web\] must be a whole number from 1 to 65535"),
        ("web.port", "http", r"must be a whole number from 1 to 65535, but is 'http'"),
        ("web.language", "fr", r"'language' in \[web\] must be en or de, but is 'fr'"),
        ("bus.scl_hz", "9", r"from 10000 to 1000000, but is 9"),
        ("panel.enabled", "yes", r"must be true or false, but is 'yes'"),
        ("panel.led_pin", "22", r"is pin 22, which 'led_pin' has"),
        ("web.prot", "80", r"there is no setting 'web\.prot'; there are paths\.data, "),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    file: Path, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence) as refused:
        change_setting(name, value, file, {})
    assert ".new" not in str(refused.value)
    assert file.read_text(encoding="utf-8") == BEFORE
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_that_is_already_damaged_is_not_made_worse(file: Path) -> None:
    file.write_text("[web\nport = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        change_setting("web.port", "80", file, {})
    assert file.read_text(encoding="utf-8") == "[web\nport = 1\n"


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "etc").write_text("a file", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"cannot be written.*sudo"):
        change_setting("web.port", "80", tmp_path / "etc" / "pronemat.toml", {})


def test_the_mode_of_the_file_stays(file: Path) -> None:
    file.chmod(0o640)
    change_setting("web.port", "81", file, {})
    assert file.stat().st_mode & 0o777 == 0o640


@given(st.text(min_size=1, max_size=30))
def test_any_text_comes_back_as_it_was_or_is_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pronemat.toml"
        try:
            change_setting("web.host", text, file, {})
        except ConfigError:
            return
        assert tomllib.loads(file.read_text(encoding="utf-8")) == {"web": {"host": text}}


def test_every_setting_can_be_set_to_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "pronemat.toml"
    for name, value, _, _ in load_settings(environ={"PRONEMAT_CONFIG": os.devnull}).rows():
        if value is not None:
            change_setting(
                name, str(value).lower() if value in (True, False) else str(value), file, {}
            )
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(tables) <= {section for section, _, _, _ in setting_rows()}
    load_settings(file, environ={})


def test_as_a_person_types_it(file: Path) -> None:
    runner = CliRunner()
    arguments = ["config", "set", "web.port", "8080", "--config", str(file)]
    done = runner.invoke(pronemat, arguments)
    assert done.exit_code == 0, done.output
    assert "started again" in done.output
    shown = runner.invoke(pronemat, ["config", "--config", str(file), "--json"])
    assert '"web.port": {"value": 8080' in shown.output
