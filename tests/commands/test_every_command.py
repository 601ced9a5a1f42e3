"""Every command explains itself by an example that works, and ends with a code that means it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from device.cli import COMMANDS, pronemat
from device.errors import PronematError
from tests.daemon.process import write_settings

WIDTH = 80

WITHOUT_JSON = {
    "demo": "runs until it is ended",
    "daemon": "runs until it is ended; its state is `status --json`",
    "safe": "runs until it is ended; its state is `status --json`",
    "monitor": "for eyes; marks are JSON lines",
    "start": "its exit code says it",
    "stop": "its exit code says it",
    "tare": "its exit code says it",
    "record": "what it makes is a CSV",
    "replay": "prints JSON lines anyway",
    "plot": "what it makes is a picture",
    "fit": "what it makes is JSON",
    "template": "what it makes are drawings",
    "drawings": "what it makes are drawings",
    "divider": "its numbers are worked out from the mat's file alone",
    "bench": "each of its parts has it",
    "calibrate": "for eyes; its parts have it",
    "calibrate discard": "its exit code says it",
    "calibrate keep": "its exit code says it",
    "calibrate press": "its exit code says it",
    "calibrate rollback": "its exit code says it; `show --json` shows what is in force",
    "trainer": "its parts have it",
    "trainer add": "asks for a secret",
    "trainer remove": "its exit code says it",
    "trainer reset": "asks for a secret",
    "config set": "its exit code says it; `config --json` shows what is in force",
    "export": "what it makes is CSV or JSON",
    "gym": "what it makes is a database",
}
"""A command has `--json`, or a reason why no script could want it."""


def walk(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        path = (*above, name)
        yield " ".join(path), command
        if isinstance(command, click.Group):
            yield from walk(command, path)


ALL = dict(walk(pronemat))


def options_of(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts}


def test_every_row_of_the_table_is_there() -> None:
    assert {name for name in ALL if " " not in name} == set(COMMANDS)


@pytest.mark.parametrize("name", ALL)
def test_its_help_has_words_an_example_and_fits_the_terminal(name: str) -> None:
    command = ALL[name]
    assert re.match(r"Examples?: pronemat ", command.epilog or ""), f"give {name} an example"
    assert command.help
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"say what {param.opts[0]} of {name} is for"
    shown = CliRunner().invoke(pronemat, [*name.split(), "--help"])
    assert shown.exit_code == 0, shown.output
    assert max(map(len, shown.output.splitlines())) <= WIDTH


@pytest.mark.parametrize("name", ALL)
def test_each_of_its_examples_is_understood(name: str) -> None:
    examples = (ALL[name].epilog or "").partition(": ")[2].split("; ")
    for example in examples:
        program, *words = shlex.split(example.split(". ")[0])
        assert program == "pronemat", example
        path: list[str] = []
        while words and " ".join([*path, words[0]]) in ALL:
            path.append(words.pop(0))
        assert " ".join(path).startswith(name), f"{example} is no example of {name}"
        # Raises for an option or a value that there is not.
        ALL[" ".join(path)].make_context(path[-1], words)


@pytest.mark.parametrize("name", ALL)
def test_a_script_gets_json_or_has_no_use_for_it(name: str) -> None:
    assert ("--json" in options_of(ALL[name])) != (name in WITHOUT_JSON)


@pytest.mark.parametrize("name", ALL)
def test_an_option_that_there_is_not_is_code_2(name: str) -> None:
    assert CliRunner().invoke(pronemat, [*name.split(), "--no-such-option"]).exit_code == 2


@pytest.mark.parametrize("name", ["status", "start", "stop", "sound"])
def test_what_needs_the_daemon_says_so_and_ends_with_code_1(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(pronemat, [name, "--config", str(write_settings(tmp_path))])
    assert done.exit_code == 1
    assert isinstance(done.exception, PronematError)
    assert done.exception.exit_code == 1
    assert "pronemat daemon" in str(done.exception)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "line",
    [
        "replay none.csv",
        "plot none.csv",
        "score none",
        "fit none --out model.json",
        "mat none.toml",
        "template --mat none.toml",
        "drawings --mat none.toml",
        "divider --mat none.toml",
        "bench core --mat none.toml",
        "bench scan --mat none.toml",
        "calibrate --from none.csv",
        "bench store none.db",
        "restore none.tar",
        "daemon --source replay --file none.csv",
        "config --config none.toml",
        "status --config none.toml",
        "doctor --config none.toml",
        "config set web.port 70000 --config none.toml",
    ],
)
def test_a_file_that_is_not_there_is_one_sentence_and_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    done = CliRunner().invoke(pronemat, line.split())
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, PronematError), repr(done.exception)
    assert "\n" not in str(done.exception)


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m device {line}"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_disk_is_one_sentence() -> None:
    done = shell("divider > /dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("pronemat: what it writes is refused (No space left on device)")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("line", ["--help | head -c 1", "divider >&-"])
def test_a_reader_that_goes_away_is_no_error_to_speak_of(line: str) -> None:
    assert "Traceback" not in shell(line).stderr
