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
    MISS = "miss"
    """A lift that did not count."""
    WARN = "warn"
    TICK = "tick"
    """A second of a lift has passed: the pulse of the tempo, soft."""
    HOLD = "hold"
    LOWER = "lower"
    """Up for long enough: now hold; held for long enough: now slowly down."""
    END = "end"


class Priority(IntEnum):
    """Which of several cues is said; `NOW` is sounded over a lift, all others wait for its end.
    `GUIDE` leads to the start."""

    NOW = 4
    SAFETY = 3
    FORM = 2
    GUIDE = 1
    CHEER = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say: its key, the words (none for a tone alone), the tone, how urgent, and how
    long it may wait for the end of a lift or of another phrase."""

    key: str
    words: str
    tone: Tone
    priority: Priority
    waits_s: float = 4.0
    """A phrase that could not be said for this long is about a rep that is forgotten."""


_NONE, _MISS, _COUNT = Tone.NONE, Tone.MISS, Tone.COUNT
_SAFETY, _FORM, _GUIDE = Priority.SAFETY, Priority.FORM, Priority.GUIDE

_LONG_S = 15.0
"""What leads to the first lift may wait for what is said before it."""

_ROWS = (
    Cue("safety", "Please read the screen before you lift.", _NONE, _SAFETY),
    Cue("hurts", "Stop at once if anything hurts.", _NONE, _SAFETY, _LONG_S),
    Cue("welcome", "Lie down, both hip bones on the line.", _NONE, _GUIDE, _LONG_S),
    Cue("tempo", "The first tone means hold, the second slowly down.", _NONE, _GUIDE, _LONG_S),
    Cue("settle", "Forehead on your hands, and lie still.", _NONE, _GUIDE, _LONG_S),
    Cue("pose_not_prone", "Lie face down, legs long.", _NONE, _GUIDE),
    Cue("pose_hips_off_line", "Both hip bones on the line.", _NONE, _GUIDE),
    Cue("pose_hips_low", "Move a hand's breadth towards the head.", _NONE, _GUIDE),
    Cue("pose_hips_high", "Move a hand's breadth towards the feet.", _NONE, _GUIDE),
    Cue("pose_head_up", "Forehead on your hands.", _NONE, _GUIDE),
    Cue("pose_askew_more", "Feet a little to the left.", _NONE, _GUIDE),
    Cue("pose_askew_less", "Feet a little to the right.", _NONE, _GUIDE),
    Cue("pose_one_side_more", "A little more weight on the left.", _NONE, _GUIDE),
    Cue("pose_one_side_less", "A little more weight on the right.", _NONE, _GUIDE),
    Cue("pose_off_centre_more", "Move a little to the left.", _NONE, _GUIDE),
    Cue("pose_off_centre_less", "Move a little to the right.", _NONE, _GUIDE),
    Cue("ready", "Belly in, breathe out and lift.", _NONE, _FORM),
    Cue("lift_left", "Belly in, breathe out, left leg.", _NONE, _FORM),
    Cue("lift_right", "Belly in, breathe out, right leg.", _NONE, _FORM),
    Cue("lift_both", "Belly in, breathe out, both legs.", _NONE, _FORM),
    Cue("pace_tick", "", Tone.TICK, Priority.NOW),
    Cue("pace_hold", "", Tone.HOLD, Priority.NOW),
    Cue("pace_lower", "", Tone.LOWER, Priority.NOW),
    Cue("other_leg", "Now the other leg.", _COUNT, _FORM),
    Cue("one_leg", "One leg at a time.", _COUNT, _FORM),
    Cue("both_legs", "Both legs together.", _COUNT, _FORM),
    Cue("half_lift", "Not counted. Thigh off the mat.", _MISS, _FORM),
    Cue("knee_bend", "Not counted. Long leg.", _MISS, _FORM),
    Cue("too_short", "Not counted. Slower, and hold.", _MISS, _FORM),
    Cue("set_done", "Set done. Rest.", Tone.END, _FORM),
    Cue("next_set", "Rested? Then the next set.", _NONE, _FORM),
    Cue("all_done", "All sets done. Get up slowly.", Tone.END, _FORM),
    Cue("goodbye", "Well done.", Tone.END, Priority.CHEER),
    Cue("warn_tilt", "", Tone.WARN, Priority.NOW),
    Cue("warn_rotation", "", Tone.WARN, Priority.NOW),
    Cue("clean", "", Tone.GOOD, Priority.CHEER),
    Cue("unsure", "", _COUNT, Priority.CHEER),
    Cue("tilt", "Belly in, and not so high.", _COUNT, _SAFETY),
    Cue("rotation", "Both hips heavy.", _COUNT, _SAFETY),
    Cue("head", "Forehead down.", _COUNT, _SAFETY),
    Cue("too_high", "Lower, not so high.", _COUNT, _FORM),
    Cue("fast_lift", "Slower up.", _COUNT, _FORM),
    Cue("fast_lower", "Slower down.", _COUNT, _FORM),
    Cue("slower", "Slower, with the tones.", _COUNT, _FORM),
)

CUES: Mapping[str, Cue] = MappingProxyType({cue.key: cue for cue in _ROWS})
"""Every cue by its key. Each fault and each reason not to count has one of its own name; `warn_*`
and `pace_*` sound while the leg is up; `pose_*` lead to the start position."""


def number_cue(number: int) -> Cue:
    """The count of a rep, spoken: no row of the table, for a page says it in its own words."""
    return Cue("count", str(number), Tone.NONE, Priority.CHEER)


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
