"""Every word the pages say: a folder for each language, all with the same files and keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from device.errors import ConfigError

DEFAULT_LANGUAGE = "en"
FILES = ("page.toml", "spoken.toml")
"""What is read, and what is said aloud."""


def languages() -> tuple[str, ...]:
    """The languages there are words for, by their two-letter codes."""
    folders = resources.files(__package__).iterdir()
    return tuple(sorted(one.name for one in folders if one.joinpath(FILES[0]).is_file()))


@cache
def load_words(language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """The words of one language as nested tables of sentences.

    Raises `ConfigError` naming the languages there are.
    """
    if language not in languages():
        raise ConfigError(
            f"there are no words for the language '{language}'; "
            f"choose one of {', '.join(languages())}."
        )
    words: dict[str, Any] = {}
    for name in FILES:
        file = resources.files(__package__).joinpath(language, name)
        words |= tomllib.loads(file.read_text(encoding="utf-8"))
    return words
