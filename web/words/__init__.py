"""Every word the pages say, one TOML file per language, all with the same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from device.errors import ConfigError

DEFAULT_LANGUAGE = "en"


def languages() -> tuple[str, ...]:
    """The languages there are words for, by their two-letter codes."""
    names = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


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
    file = resources.files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
