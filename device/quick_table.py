"""Reads a plain CSV of numbers at once, as nearly all recordings are: twice as fast as cell by
cell. What it does not take it leaves to the careful reader, who finds the line and its remedy."""

from __future__ import annotations

from typing import TextIO

import numpy as np
from numpy.typing import NDArray

CHUNK_CHARACTERS = 1 << 22
"""So much text is held at a time: an hour of frames is some nine times as long."""
NOT_NUMBERS = frozenset('nN"_')
"""In `nan` and `inf`, in quotes and in digit groups, which are no plain numbers."""


def quick_table(file: TextIO) -> tuple[list[str], NDArray[np.float64]] | None:
    """The header's cells and the numbers `(rows, columns)` with NaN for an empty cell; None where
    something is not as plain as that. Trouble with the file itself is the caller's."""
    header = [cell.strip() for cell in file.readline().split(",")]
    parts = []
    while lines := file.readlines(CHUNK_CHARACTERS):
        part = _numbers("".join(lines))
        if part is None or part.shape[1] != len(header):
            return None
        parts.append(part)
    return (header, np.concatenate(parts)) if parts and '"' not in "".join(header) else None


def _numbers(text: str) -> NDArray[np.float64] | None:
    if not text.strip() or any(character in text for character in NOT_NUMBERS):
        return None
    text = text.replace("\r\n", "\n").replace(",\n", ",nan\n")
    # Twice: of three commas in a row the second is the end of one empty cell and the start of the
    # next.
    text = text.replace(",,", ",nan,").replace(",,", ",nan,")
    if text.endswith(","):
        text += "nan"
    try:
        return np.loadtxt(text.split("\n"), delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None
