"""The doctor's rows: every check as a key with its title, every finding as a frozen row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """What a check found. `UNKNOWN` says that it could not look, never that all is well."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "daemon": "daemon",
        "i2c": "I2C bus",
        "bus_clock": "bus clock",
        "chip": "chips",
        "supply": "supply",
        "rate": "frame rate",
        "strip": "strips",
        "wiring": "wiring",
        "calibration": "calibration",
        "panel": "panel pins",
        "disk": "disk",
        "card": "card wear",
        "memory": "memory",
        "temperature": "temperature",
        "power_now": "power now",
        "power_boot": "power since boot",
        "clock": "clock",
        "services": "services",
        "page": "page",
        "browser": "browser",
        "sound": "sound",
        "version": "version",
    }
)
"""Every check with its title, in the order one would look: from the wire to the screen. Each has
its lines in `hardware/symptoms.md`."""

EXIT_CODES: Mapping[State, int] = MappingProxyType({State.WARN: 3, State.BAD: 4})
"""1 is any other error and 2 a wrong option; 0 means that nothing is known to be wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: which check, on what (a chip's address, a strip, else empty), and what to do.

    `strain` says how near to trouble a subject is (1: there), so that of many the worst is shown.
    """

    key: str
    state: State
    figure: str
    remedy: str = ""
    subject: str = ""
    strain: float = 0.0


def worst(findings: Iterable[Finding]) -> State:
    """Bad before warn; else ok, for what is unknown is not known to be wrong."""
    states = {finding.state for finding in findings}
    for state in (State.BAD, State.WARN):
        if state in states:
            return state
    return State.OK


def exit_code(findings: Iterable[Finding]) -> int:
    """What a script learns."""
    return EXIT_CODES.get(worst(findings), 0)


def from_sentence(
    key: str, state: State, sentence: str, subject: str = "", parted: str = ": "
) -> Finding:
    """An error's sentence, "what is wrong: what to do", as a finding."""
    figure, _, remedy = sentence.partition(parted)
    return Finding(key, state, figure.rstrip("."), remedy, subject)
