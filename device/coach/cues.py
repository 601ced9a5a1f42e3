"""Everything the coach can say: one row a cue. A new cue is one row and one test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

from device.core.types import Fault, Side


class Tone(StrEnum):
    """The sounds that need no words. The panel's buzzer plays them where no browser can."""

    NONE = "none"
    GOOD = "good"
    COUNT = "count"
    WARN = "warn"
    END = "end"


class Priority(IntEnum):
    """Which of several cues is said; `NOW` is sounded over a lift, all others wait for its end."""

    NOW = 3
    SAFETY = 2
    FORM = 1
    CHEER = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say: its key, the words (none for a tone alone), the tone and how urgent."""

    key: str
    words: str
    tone: Tone
    priority: Priority


_ROWS = (
    Cue("safety", "Please read the screen before you lift.", Tone.NONE, Priority.SAFETY),
    Cue("hurts", "Stop at once if anything hurts.", Tone.NONE, Priority.SAFETY),
    Cue("welcome", "Lie down, both hip bones on the line.", Tone.NONE, Priority.CHEER),
    Cue("ready", "Belly in, breathe out and lift.", Tone.NONE, Priority.FORM),
    Cue("other_leg", "Now the other leg.", Tone.COUNT, Priority.FORM),
    Cue("one_leg", "One leg at a time.", Tone.COUNT, Priority.FORM),
    Cue("both_legs", "Both legs together.", Tone.COUNT, Priority.FORM),
    Cue("set_done", "Set done. Rest.", Tone.END, Priority.FORM),
    Cue("next_set", "Rested? Then the next set.", Tone.NONE, Priority.FORM),
    Cue("all_done", "All sets done. Get up slowly.", Tone.END, Priority.FORM),
    Cue("goodbye", "Well done.", Tone.END, Priority.CHEER),
    Cue("warn_tilt", "", Tone.WARN, Priority.NOW),
    Cue("warn_rotation", "", Tone.WARN, Priority.NOW),
    Cue("clean", "", Tone.GOOD, Priority.CHEER),
    Cue("unsure", "", Tone.COUNT, Priority.CHEER),
    Cue("tilt", "Belly in, and not so high.", Tone.COUNT, Priority.SAFETY),
    Cue("rotation", "Both hips heavy.", Tone.COUNT, Priority.SAFETY),
    Cue("head", "Forehead down.", Tone.COUNT, Priority.SAFETY),
    Cue("too_high", "Lower, not so high.", Tone.COUNT, Priority.FORM),
    Cue("fast_lift", "Slower up.", Tone.COUNT, Priority.FORM),
    Cue("fast_lower", "Slower down.", Tone.COUNT, Priority.FORM),
)

CUES: Mapping[str, Cue] = MappingProxyType({cue.key: cue for cue in _ROWS})
"""Every cue by its key. Each fault has one of its own name; `warn_*` sound while the leg is up."""


def fault_cue(faults: tuple[Fault, ...]) -> Cue | None:
    """The most urgent cue of these faults, in the order of the table among equals."""
    cues = [CUES[fault.value] for fault in faults]
    if not cues:
        return None
    order = list(CUES)
    return min(cues, key=lambda cue: (-cue.priority, order.index(cue.key)))


def side_cue(wanted: Side | None, lifted: Side) -> Cue | None:
    """What to say to somebody who lifted another leg than was wanted; None if it was that one."""
    if wanted is None or wanted is lifted:
        return None
    if wanted is Side.BOTH:
        return CUES["both_legs"]
    return CUES["one_leg" if lifted is Side.BOTH else "other_leg"]
