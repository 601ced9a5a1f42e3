"""The page of what was found, on terminals of every kind."""

from __future__ import annotations

import io
import re
from functools import partial

import pytest
from rich.console import Console

from device.cli.doctor_page import print_page
from device.config import BusSettings, PathSettings, Settings
from device.core.mat import Mat
from device.doctor.examine import examine
from device.doctor.findings import Finding
from device.doctor.machine import Machine
from device.sources.mat import open_mat

COLOUR = re.compile(r"\x1b\[3[0-9]m")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
NO_BUS = 31


@pytest.fixture(scope="module")
def much(mat: Mat, tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    """Everything that is found where there is neither a daemon nor a bus."""
    folder = tmp_path_factory.mktemp("nothing")
    paths = PathSettings(data=folder / "data", run=folder / "run")
    settings = Settings(paths=paths, bus=BusSettings(number=NO_BUS))
    bus = partial(open_mat, mat, NO_BUS, 400_000)
    machine = Machine()
    return examine(settings, mat, 1.0, demo=False, open_source=bus, machine=machine).findings


def page(
    findings: tuple[Finding, ...],
    columns: int = 80,
    lines: int = 24,
    term: str = "xterm-256color",
    **env: str,
) -> str:
    """What is written on a terminal like that."""
    file = io.StringIO()
    print_page(
        findings,
        Console(
            file=file,
            force_terminal=True,
            width=columns,
            height=lines,
            highlight=False,
            _environ={"TERM": term, **env},
        ),
    )
    return file.getvalue()


def test_with_much_to_tell_it_is_still_one_page(much: tuple[Finding, ...]) -> None:
    drawn = page(much)
    assert COLOUR.search(drawn), "this terminal has colours"
    text = ESCAPES.sub("", drawn)
    # The prompt that comes back takes a line too.
    assert len(text.splitlines()) < 24, text
    assert max(map(len, text.splitlines())) <= 80
    assert "dtparam=i2c_arm=on" in text
    assert "version" in text
    *_, verdict, more = text.splitlines()
    assert verdict.startswith("The mat needs the maintainer")
    assert more.startswith("What else it may be: pronemat doctor --explain daemon i2c")


@pytest.mark.parametrize("kind", [{"term": "dumb"}, {"NO_COLOR": "1"}], ids=str)
def test_there_are_no_colours_where_the_terminal_has_none(much, kind: dict[str, str]) -> None:
    drawn = page(much, **kind)
    assert "BAD" in drawn
    assert COLOUR.search(drawn) is None


def test_on_a_tiny_terminal_it_is_longer_but_whole(much: tuple[Finding, ...]) -> None:
    text = ESCAPES.sub("", page(much, columns=40, lines=10))
    assert max(map(len, text.splitlines())) <= 40
    assert "The mat needs the maintainer" in text
