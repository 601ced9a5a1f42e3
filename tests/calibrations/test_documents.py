"""The page of the procedure is true: its commands, its pictures and its sentences exist."""

from __future__ import annotations

import re
from pathlib import Path

from device.calibrations import procedure, strip_fit
from device.cli.calibrate import calibrate
from device.cli.check import check

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "hardware" / "calibration.md").read_text(encoding="utf-8")


def test_every_command_and_option_it_shows_exists() -> None:
    known = {option for one in (calibrate, check) for part in one.params for option in part.opts}
    for name in re.findall(r"pronemat calibrate ([a-z]+)", PAGE):
        assert name in calibrate.commands, name
    for command in calibrate.commands.values():
        known |= {option for part in command.params for option in part.opts}
    for option in re.findall(r"(--[a-z]+)", PAGE):
        assert option in known, option


def test_every_picture_is_there_and_asks_for_nothing_from_elsewhere() -> None:
    pictures = re.findall(r"\]\((pictures/[a-z-]+\.svg)\)", PAGE)
    assert len(pictures) == 5
    for picture in pictures:
        drawn = (ROOT / "hardware" / picture).read_text(encoding="utf-8")
        assert "@font-face" not in drawn


def test_every_refusal_that_it_explains_is_one_that_is_said() -> None:
    code = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8") for module in (procedure, strip_fit)
    )
    words = (
        "the weight lies on",
        "is not monotone",
        "hysteresis is too large",
        "is saturated at",
        "with nothing on it",
        "nothing is felt",
        "where nothing should lie",
        "should lie",
    )
    for said in words:
        assert said in code
        assert said.removesuffix(" at") in PAGE
