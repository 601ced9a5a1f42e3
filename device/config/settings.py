"""The table of the settings: a row is a key, its default, its range and what it is for.

The file's check, `pronemat config` and the documentation all read these rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

DEFAULT = "default"
"""Where a value came from that nobody set."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the documentation and the checks know of one setting."""

    words: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The range in words, empty where any text is allowed."""
        if self.choices:
            return " or ".join(self.choices)
        return "" if self.low is None else f"{self.low:.10g} to {self.high:.10g}"


def _about(
    words: str,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> dict[str, Row]:
    return {"row": Row(words, low, high, choices)}


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Directories."""

    data: Path = field(
        default=Path("~/.local/share/pronemat"),
        metadata=_about(
            "sessions and calibration are kept here; under systemd its state directory by default"
        ),
    )
    run: Path = field(
        default=Path("~/.cache/pronemat"),
        metadata=_about(
            "the daemon's sockets and lock; by default the runtime directory of systemd or the user"
        ),
    )


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The pages."""

    host: str = field(
        default="127.0.0.1",
        metadata=_about("address the pages are served on; 0.0.0.0 for the whole network"),
    )
    port: int = field(default=8460, metadata=_about("port the pages are served on", 1, 65535))
    language: str = field(
        default="en", metadata=_about("what the pages speak", choices=("en", "de"))
    )


@dataclass(frozen=True, slots=True)
class MatSettings:
    """Which mat."""

    file: Path | None = field(
        default=None, metadata=_about("the mat's description; without one, the reference mat")
    )
    calibration: Path | None = field(
        default=None,
        metadata=_about(
            "the calibration in force; by default calibrations/current.json in the data directory"
        ),
    )


@dataclass(frozen=True, slots=True)
class BusSettings:
    """The I2C bus of the converters."""

    number: int = field(
        default=1,
        metadata=_about("the bus: 1 is /dev/i2c-1, pins 3 and 5 of a Raspberry Pi", 0, 31),
    )
    scl_hz: int = field(
        default=400_000,
        metadata=_about(
            "clock of the emulated bus; a Pi's own is set in config.txt", 10_000, 1_000_000
        ),
    )


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """Lamp, buzzer and button. Pins are BCM numbers; 2 and 3 belong to the I2C bus."""

    enabled: bool = field(default=True, metadata=_about("whether a panel is wired to the pins"))
    led_pin: int = field(default=17, metadata=_about("the status lamp", 0, 27))
    buzzer_pin: int = field(default=27, metadata=_about("the buzzer", 0, 27))
    button_pin: int = field(
        default=22, metadata=_about("the start and stop button, to ground", 0, 27)
    )


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """When sets and sessions end by themselves."""

    set_pause_s: float = field(
        default=45.0, metadata=_about("seconds without a rep after which a set is over", 5, 600)
    )
    end_after_empty_s: float = field(
        default=60.0, metadata=_about("seconds of an empty mat that end a session", 5, 3600)
    )
    end_after_still_s: float = field(
        default=300.0, metadata=_about("seconds without a rep that end a session", 30, 7200)
    )
    resume_within_s: float = field(
        default=120.0,
        metadata=_about(
            "seconds after the last rep within which a restarted daemon goes on", 0, 3600
        ),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in force. `origins` tells for each `section.key` where it came from."""

    paths: PathSettings = field(default_factory=PathSettings)
    web: WebSettings = field(default_factory=WebSettings)
    mat: MatSettings = field(default_factory=MatSettings)
    bus: BusSettings = field(default_factory=BusSettings)
    panel: PanelSettings = field(default_factory=PanelSettings)
    session: SessionSettings = field(default_factory=SessionSettings)
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def endpoint(self) -> str:
        """Where the daemon's stream is, for `StreamServer` and `StreamClient`."""
        return f"ipc://{self.paths.run / 'stream'}"

    @property
    def database(self) -> Path:
        """The file of the sessions."""
        return self.paths.data / "pronemat.db"

    @property
    def calibration_path(self) -> Path:
        """The file of the calibration in force, whether it exists or not."""
        return self.mat.calibration or self.calibrations_folder / "current.json"

    @property
    def calibrations_folder(self) -> Path:
        """Where every calibration is kept."""
        return self.paths.data / "calibrations"

    @property
    def simulated_calibration_path(self) -> Path:
        """The same of the demonstration, whose calibrations are kept apart from the mat's."""
        return self.calibrations_folder / "simulated" / "current.json"

    def rows(self) -> Iterator[tuple[str, Any, str, Row]]:
        """Every setting: `section.key`, its value, where that came from, and its row."""
        for section, key, _, row in setting_rows():
            name = f"{section}.{key}"
            yield name, getattr(getattr(self, section), key), self.origins.get(name, DEFAULT), row


SECTIONS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "paths": PathSettings,
        "web": WebSettings,
        "mat": MatSettings,
        "bus": BusSettings,
        "panel": PanelSettings,
        "session": SessionSettings,
    }
)


def setting_rows() -> Iterator[tuple[str, str, Any, Row]]:
    """Every setting that there is: section, key, type and row."""
    for section, section_class in SECTIONS.items():
        hints = get_type_hints(section_class)
        for item in fields(section_class):
            yield section, item.name, hints[item.name], item.metadata["row"]
