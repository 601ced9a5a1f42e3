"""Changes one setting in the settings file: checked as a whole before anything is written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from device.config.loading import load_settings, settings_path
from device.config.settings import setting_rows
from device.core.mat_lines import LineFinder
from device.errors import ConfigError

FRESH_SUFFIX = ".new"
PUBLIC_MODE = 0o644
_COMMENT = re.compile(r"""^[^"'#]*(?:"[^"]*"|'[^']*')?[^"'#]*(#.*)$""")


def change_setting(
    name: str, value: str, path: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Path:
    """Let `section.key` be `value` in the settings file, and return which file that is.

    Everything else in the file stays, comments too. The file is replaced as a whole, and only if
    the settings that it would give are sound: else `ConfigError`, and it is as it was.
    """
    kinds = {f"{section}.{key}": kind for section, key, kind, _ in setting_rows()}
    if name not in kinds:
        raise ConfigError(f"there is no setting '{name}'; there are {', '.join(kinds)}.")
    file = settings_path(path, environ)
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the settings file {file} cannot be read: {error}.") from None
    section, _, key = name.partition(".")
    after = _changed(before, section, key, _literal(value, kinds[name]))
    _replace(file, after, environ)
    return file


def _literal(value: str, kind: Any) -> str:
    """The value as TOML. What is no number or truth is left for the check to name."""
    if kind is bool and value in ("true", "false"):
        return value
    if kind in (int, float):
        with suppress(ValueError):
            return repr(kind(value))
    return json.dumps(value, ensure_ascii=False)


def _changed(text: str, section: str, key: str, literal: str) -> str:
    lines = text.splitlines()
    finder = LineFinder(text)
    # A line number from 1; the finder gives the header's, or the last, where it knows none.
    header = finder.header(section, 0)
    place = finder.key(section, 0, key)
    if place != header and _is_key(lines, place, key):
        comment = _COMMENT.match(lines[place - 1])
        kept = f"  {comment.group(1)}" if comment else ""
        lines[place - 1] = f"{key} = {literal}{kept}"
    elif header <= len(lines) and re.match(rf"\s*\[\s*{section}\s*\]", lines[header - 1]):
        lines.insert(header, f"{key} = {literal}")
    else:
        lines += [*([""] if lines else []), f"[{section}]", f"{key} = {literal}"]
    return "\n".join(lines) + "\n"


def _is_key(lines: list[str], place: int, key: str) -> bool:
    return bool(re.match(rf'\s*"?{key}"?\s*=', lines[place - 1]))


def _replace(file: Path, text: str, environ: Mapping[str, str]) -> None:
    """Check the text as the settings file, then let the file hold it, whole or not at all."""
    fresh = file.with_name(file.name + FRESH_SUFFIX)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = file.stat().st_mode if file.exists() else PUBLIC_MODE
        with fresh.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(mode)
        load_settings(fresh, environ=environ)
        fresh.replace(file)
    except ConfigError as error:
        fresh.unlink()
        said = str(error).replace(str(fresh), str(file)).rstrip(".")
        raise ConfigError(f"{said}; nothing was changed.") from None
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise ConfigError(
            f"the settings file {file} cannot be written: {error.strerror}; run the command as "
            "root (`sudo`), or name another by --config."
        ) from None
