"""One tree of errors. Each message says what is wrong, where, and what to do about it.

The command line prints the message alone and exits with `exit_code`; a traceback is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping


class PronematError(Exception):
    """Anything a person can put right. The text is one sentence with its remedy."""

    exit_code = 1


class MatError(PronematError):
    """The mat's description (`mat.toml`) contradicts itself or the hardware."""


class ConfigError(PronematError):
    """A setting that does not exist, or whose value is outside its range."""


class RecordingError(PronematError):
    """A recording that cannot be read as one."""


class CalibrationError(PronematError):
    """Calibration points or a calibration file that make no sense."""


class ModelError(PronematError):
    """The fitted numbers of the judge are damaged, or too little was given to fit them to."""


class BusError(PronematError):
    """The I2C bus itself cannot be used."""


class ChipError(BusError):
    """One ADS1115 does not answer, or answers with another configuration than it was given."""


class StoreError(PronematError):
    """The database cannot be opened, read or written."""


class FieldError(StoreError):
    """What was typed into a form cannot be: `fields` has a sentence for each wrong field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class LoginError(StoreError):
    """A name and a password that do not open the dashboard, or not yet again."""


class RefusedError(PronematError):
    """Something that may not be done just now, with the reason."""


class BackupError(PronematError):
    """A backup that cannot be made, read or put back."""


class StreamError(PronematError):
    """The daemon cannot be reached, or its socket cannot be opened."""


class AlreadyRunningError(PronematError):
    """Another process owns what this one needs: the bus, a port, the socket."""
