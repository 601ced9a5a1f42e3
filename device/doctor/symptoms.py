"""The document "symptom, cause, cure" that ships with the program, by check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple


class Symptom(NamedTuple):
    """One row: what is seen, what it comes from, what helps."""

    symptom: str
    cause: str
    cure: str


def symptoms() -> Mapping[str, tuple[Symptom, ...]]:
    """The rows of `hardware/symptoms.md` under the heading of each check."""
    text = resources.files("hardware").joinpath("symptoms.md").read_text(encoding="utf-8")
    found: dict[str, tuple[Symptom, ...]] = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        key, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        plain = [line.strip("|").replace("`", "") for line in lines[2:]]
        cells = [[cell.strip() for cell in line.split("|")] for line in plain]
        found[key.strip()] = tuple(Symptom(*row) for row in cells)
    return found
