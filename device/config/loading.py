"""From a file to the settings in force: strict, bounded, and each value knows where it came from.

One TOML file: the one given, else `$PRONEMAT_CONFIG`, else `/etc/pronemat/pronemat.toml` if it is
there, else the defaults.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from device.config.settings import DEFAULT, SECTIONS, Row, Settings, setting_rows
from device.core.mat_lines import LineFinder
from device.errors import ConfigError

SYSTEM_FILE = Path("/etc/pronemat/pronemat.toml")
FILE_VARIABLE = "PRONEMAT_CONFIG"


def load_settings(
    path: Path | None = None,
    overrides: Mapping[str, Any] = MappingProxyType({}),
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings in force; `ConfigError` names file, line, key and what is allowed.

    `overrides` (`section.key` to value) come from the command line and win; None is no override.
    """
    values = dict(_environment_defaults(environ))
    source = _file(path, environ)
    if source is not None:
        values.update(_read(source))
    for name, value in overrides.items():
        if value is not None:
            values[name] = (value, "the command line")
    sections = {}
    for section, section_class in SECTIONS.items():
        given = {}
        for item in fields(section_class):
            value, _ = values.get(f"{section}.{item.name}", (item.default, DEFAULT))
            given[item.name] = value.expanduser() if isinstance(value, Path) else value
        sections[section] = section_class(**given)
    origins = MappingProxyType({name: origin for name, (_, origin) in values.items()})
    settings = Settings(**sections, origins=origins)
    _check_pins(settings)
    return settings


def settings_path(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The file that settings are kept in, whether it exists or not."""
    return _file(path, environ) or SYSTEM_FILE


def _environment_defaults(environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[Any, str]]]:
    """systemd names the directories it made for the unit; a login has a runtime directory."""
    if state := environ.get("STATE_DIRECTORY"):
        yield "paths.data", (Path(state.split(":")[0]), "$STATE_DIRECTORY")
    elif share := environ.get("XDG_DATA_HOME"):
        yield "paths.data", (Path(share) / "pronemat", "$XDG_DATA_HOME")
    if run := environ.get("RUNTIME_DIRECTORY"):
        yield "paths.run", (Path(run.split(":")[0]), "$RUNTIME_DIRECTORY")
    elif run := environ.get("XDG_RUNTIME_DIR"):
        yield "paths.run", (Path(run) / "pronemat", "$XDG_RUNTIME_DIR")


def _file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if named := environ.get(FILE_VARIABLE):
        return Path(named)
    return SYSTEM_FILE if SYSTEM_FILE.exists() else None


def _read(path: Path) -> Iterator[tuple[str, tuple[Any, str]]]:
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(
            f"the settings file {path} cannot be read: {error.strerror}; check its name."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the settings file {path} is not valid TOML: {error}.") from None
    lines = LineFinder(text)
    known = {(section, key): (kind, row) for section, key, kind, row in setting_rows()}
    for section, table in tables.items():
        if section not in SECTIONS or not isinstance(table, dict):
            allowed = ", ".join(f"[{name}]" for name in SECTIONS)
            raise ConfigError(
                f"{path}, line {lines.top(section)}: unknown table or key '{section}'; allowed "
                f"are the tables {allowed}."
            )
        for key, value in table.items():
            line = lines.key(section, 0, key)
            if (section, key) not in known:
                allowed = ", ".join(name for table_, name in known if table_ == section)
                raise ConfigError(
                    f"{path}, line {line}: unknown key '{key}' in [{section}]; allowed are "
                    f"{allowed}."
                )
            try:
                checked = _checked(value, *known[section, key], path.parent)
            except ValueError as error:
                raise ConfigError(
                    f"{path}, line {line}: '{key}' in [{section}] must be {error}, but is "
                    f"{value!r}."
                ) from None
            yield f"{section}.{key}", (checked, f"{path}, line {line}")


def _checked(value: Any, kind: Any, row: Row, directory: Path) -> Any:
    """The value in its type; `ValueError` with what is allowed. Paths start at the file's own."""
    if kind is bool:
        if isinstance(value, bool):
            return value
        raise ValueError("true or false")
    if kind in (int, float):
        number = isinstance(value, int if kind is int else int | float)
        if number and not isinstance(value, bool):
            low = -float("inf") if row.low is None else row.low
            high = float("inf") if row.high is None else row.high
            if low <= value <= high:
                return kind(value)
        what = "a whole number" if kind is int else "a number"
        raise ValueError(f"{what} from {row.allowed}")
    if not isinstance(value, str) or not value:
        raise ValueError("a text in quotes")
    if row.choices and value not in row.choices:
        raise ValueError(row.allowed)
    return value if kind is str else directory / Path(value).expanduser()


def _check_pins(settings: Settings) -> None:
    panel = settings.panel
    pins = {"led_pin": panel.led_pin, "buzzer_pin": panel.buzzer_pin}
    pins["button_pin"] = panel.button_pin
    taken = {2: "the I2C bus", 3: "the I2C bus"}
    for key, pin in pins.items():
        if pin in taken:
            origin = settings.origins.get(f"panel.{key}", DEFAULT)
            raise ConfigError(
                f"{origin}: '{key}' in [panel] is pin {pin}, which {taken[pin]} has; give it "
                "another."
            )
        taken[pin] = f"'{key}'"
