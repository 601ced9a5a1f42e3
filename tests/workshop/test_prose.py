"""What the hardware's documents say can be done, can be done."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from device.cli import COMMANDS
from device.cli.divider import divider
from device.doctor.findings import CHECKS

HARDWARE = Path(__file__).parent.parent.parent / "hardware"
DOCUMENTS = sorted(HARDWARE.glob("*.md"))


def commands(text: str) -> list[list[str]]:
    """Every `pronemat ...` in backquotes or on an indented line."""
    found = re.findall(r"`pronemat ([^`]+)`", text)
    found += re.findall(r"^ {4}pronemat (.+)$", text, re.MULTILINE)
    return [line.split() for line in found]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_option_exists(document: Path) -> None:
    for name, *arguments in commands(document.read_text(encoding="utf-8")):
        assert name in COMMANDS, f"{document.name}: pronemat {name}"
        command: click.Command = getattr(importlib.import_module(COMMANDS[name].module), name)
        if isinstance(command, click.Group) and arguments and arguments[0] in command.commands:
            command = command.commands[arguments[0]]
        known = {option for param in command.params for option in param.opts}
        for argument in arguments:
            if argument.startswith("--"):
                assert argument in known, f"{document.name}: pronemat {name} {argument}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_picture_and_link_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_dividers_numbers_are_what_the_command_prints() -> None:
    text = (HARDWARE / "divider.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```text\n(.*?)\n```", text, re.DOTALL)
    shown = CliRunner().invoke(divider, [], catch_exceptions=False).output
    assert [line.rstrip() for line in block.splitlines()] == [
        line.rstrip() for line in shown.rstrip().splitlines()
    ]


def test_every_step_of_the_bring_up_is_seen_by_a_command() -> None:
    text = (HARDWARE / "bring-up.md").read_text(encoding="utf-8")
    steps = re.split(r"^## \d\. ", text, flags=re.MULTILINE)[1:]
    assert len(steps) == 8
    for step in steps:
        assert commands(step), step.splitlines()[0]
    said = " ".join(map(str, CHECKS.values()))
    for line in ("I2C bus", "bus clock", "supply", "frame rate", "power now", "temperature"):
        assert f"*{line}*" in text or f"*{line.capitalize()}*" in text
        assert line in said, f"the doctor has no line {line!r}"


def test_every_resistor_that_the_assembly_leaves_out_is_the_one_it_means() -> None:
    """References in the prose move when the circuit does."""
    netlist = (HARDWARE / "schematic" / "netlist.toml").read_text(encoding="utf-8")
    for ref in ("R6", "R7"):
        (item,) = re.findall(rf'ref = "{ref}"\nitem = "(\w+)"\n.*\nplace = "mat box"', netlist)
        assert item == "r10k"
    assert re.search(r'ref = "C1"\nitem = "c10u"', netlist)
