"""Settings: strict, bounded, and every value knows where it came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.config import SYSTEM_FILE, Settings, load_settings, setting_rows
from device.errors import ConfigError


def load(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "pronemat.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ={})


def test_without_a_file_the_defaults_are_in_force_and_say_so(tmp_path: Path) -> None:
    settings = load_settings(environ={"HOME": str(tmp_path)}) if not SYSTEM_FILE.exists() else None
    if settings is None:
        pytest.skip("this machine has a system-wide settings file")
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8460)
    assert {origin for _, _, origin, _ in settings.rows()} == {"default"}


def test_a_value_from_the_file_knows_its_line(tmp_path: Path) -> None:
    settings = load(tmp_path, "# ours\n[web]\nport = 80\n[session]\nset_pause_s = 30\n")
    assert settings.web.port == 80
    assert settings.session.set_pause_s == 30.0
    assert settings.origins["web.port"] == f"{tmp_path}/pronemat.toml, line 3"
    assert "web.host" not in settings.origins


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[web]\nprot = 1",
            r"line 2: unknown key 'prot' in \[web\]; allowed are host, port, language\.",
        ),
        ("[wbe]\nport = 1", r"line 1: unknown table or key 'wbe'; allowed are the tables \[paths"),
        ("port = 1", r"line 1: unknown table or key 'port'"),
        ("web = 3", r"line 1: unknown table or key 'web'"),
        (
            "[web]\n\nport = 0",
            r"line 3: 'port' in \[web\] must be a whole number from 1 to 65535, but is 0",
        ),
        ("[web]\nport = 80.5", r"must be a whole number from 1 to 65535, but is 80\.5"),
        ("[web]\nport = true", r"must be a whole number from 1 to 65535, but is True"),
        ("[web]\nhost = 3", r"'host' in \[web\] must be a text in quotes, but is 3"),
        ("[panel]\nenabled = 1", r"must be true or false, but is 1"),
        ("[session]\nset_pause_s = nan", r"must be a number from 5 to 600, but is nan"),
        ("[panel]\nled_pin = 2", r"line 2: 'led_pin' in \[panel\] is pin 2, which the I2C bus has"),
        ("[panel]\nled_pin = 22", r"'button_pin' in \[panel\] is pin 22, which 'led_pin' has"),
        ("[web\nport = 1", r"pronemat\.toml is not valid TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_line_and_what_is_allowed(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load(tmp_path, text)


def test_a_settings_file_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_settings(environ={"PRONEMAT_CONFIG": str(tmp_path / "none.toml")})


def test_paths_in_the_file_start_at_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, '[mat]\nfile = "mine.toml"\n[paths]\ndata = "/srv/mat"\n')
    assert settings.mat.file == tmp_path / "mine.toml"
    assert settings.database == Path("/srv/mat/pronemat.db")
    assert settings.calibration_path == Path("/srv/mat/calibrations/current.json")


def test_systemd_and_the_login_give_the_directories_and_the_file_and_command_line_win(
    tmp_path: Path,
) -> None:
    environ = {"STATE_DIRECTORY": "/var/lib/pronemat", "RUNTIME_DIRECTORY": "/run/pronemat"}
    file = tmp_path / "pronemat.toml"
    file.write_text('[paths]\nrun = "/srv/run"\n')
    settings = load_settings(file, environ=environ)
    assert settings.paths.data == Path("/var/lib/pronemat")
    assert settings.origins["paths.data"] == "$STATE_DIRECTORY"
    assert settings.endpoint == "ipc:///srv/run/stream"
    settings = load_settings(file, {"paths.data": tmp_path, "web.port": None}, environ)
    assert settings.paths.data == tmp_path
    assert settings.origins["paths.data"] == "the command line"
    assert settings.web.port == 8460


def test_the_command_prints_what_is_in_force_and_where_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "pronemat.toml"
    file.write_text("[web]\nport = 8080\n")
    done = CliRunner().invoke(pronemat, ["config", "--json", "--config", str(file)])
    shown = json.loads(done.output)
    port = shown["web.port"]
    assert (port["value"], port["from"]) == (8080, f"{file}, line 2")
    assert (port["allowed"], port["words"]) == ("1 to 65535", "port the pages are served on")
    assert (shown["mat.file"]["value"], shown["mat.file"]["from"]) == (None, "default")
    done = CliRunner().invoke(pronemat, ["config", "--config", str(file)], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    for section, key, _, _ in setting_rows():
        assert f"{section}.{key}" in done.output


def test_every_setting_has_words_and_every_number_a_range() -> None:
    for section, key, kind, row in setting_rows():
        assert row.words, f"{section}.{key}"
        if kind in (int, float):
            assert row.low is not None, f"{section}.{key}"
            assert row.high is not None, f"{section}.{key}"
