"""The README is true: what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from device.cli import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_stage_of_the_picture_is_a_file_or_folder_of_that_name() -> None:
    places = re.findall(r'"[a-z]+<br>([a-z/_.]+)"\]', README)
    assert len(places) >= 10
    for named in places:
        assert (ROOT / named).exists(), named


def test_every_picture_and_link_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_it_shows_exists() -> None:
    for command in re.findall(r"`pronemat ([a-z]+)", README):
        assert command in COMMANDS, command


def test_there_is_one_line_for_the_demo_and_one_for_the_tests() -> None:
    for name in ("demo", "tests"):
        (block,) = re.findall(rf"^```sh {name}\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
        assert "\n" not in block
