"""Why the verdict is what it is, in one plain sentence made of the rep's own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from device.core.types import Fault, Side, Verdict

SURE = 0.7
"""A quiet pelvis that is less sure than this is "rather quiet"."""
NOTABLE_PCT = 1.5
"""A region's change below this, in % of body weight, is not worth a word."""


def reason_of(
    verdict: Verdict,
    faults: Sequence[Fault],
    numbers: Mapping[str, float],
    side: Side,
    missing: Sequence[str],
    confidence: float = 1.0,
) -> str:
    """The sentence for a verdict that was reached, with the strips that were missing for it."""
    tip, roll = degrees(numbers["tilt_deg"]), f"{numbers['rotation_deg']:.0f}"
    if verdict is Verdict.GLUTE:
        quiet = "quiet" if confidence >= SURE else "rather quiet"
        text = f"The pelvis stayed {quiet}: it tipped about {tip}"
        text += "" if side is Side.BOTH else f" and rolled about {roll}"
    elif verdict is Verdict.UNSURE:
        text = (
            f"The pelvis moved a little, too little to say that it arched: it tipped about "
            f"{tip} and rolled about {roll}"
        )
    else:
        text = _arched(faults, numbers)
    signs = _signs(verdict, faults, numbers)
    text += f": {signs}." if verdict is Verdict.ARCH and signs else "."
    if missing:
        text += f" Less sure, because {_strips(missing)} bad."
    return text


def degrees(angle_deg: float) -> str:
    """An angle in whole degrees, in words that go with the number."""
    whole = round(angle_deg)
    return f"{whole} degree" if whole == 1 else f"{whole} degrees"


def refusal(missing: Sequence[str], begun: bool = True) -> str:
    """The sentence for a rep that cannot be judged; `begun`: its beginning was seen."""
    if not begun:
        return "I cannot judge this rep, because its beginning was not seen."
    if not missing:
        return "I cannot judge this rep, because too little of it was measured."
    return f"I cannot judge this rep, because {_strips(missing)} bad."


def _arched(faults: Sequence[Fault], numbers: Mapping[str, float]) -> str:
    tip = f"tipped forward about {degrees(numbers['tilt_deg'])}"
    roll = f"rolled about {degrees(numbers['rotation_deg'])}"
    if Fault.TOO_HIGH in faults:
        when = f" {numbers['moved_s']:.1f} s into the lift" if "moved_s" in numbers else ""
        text = f"The leg went too high: the pelvis was quiet at first and{when} {tip}"
        return f"{text} and {roll}" if Fault.ROTATION in faults else text
    parts = []
    if Fault.TILT in faults:
        parts.append(tip)
    if Fault.ROTATION in faults:
        parts.append(roll)
    when = f", {numbers['moved_s']:.1f} s into the lift" if "moved_s" in numbers else ""
    return f"The pelvis {' and '.join(parts)}{when}"


def _signs(verdict: Verdict, faults: Sequence[Fault], numbers: Mapping[str, float]) -> str:
    """What on the mat shows it; only changes that point the way of the verdict are named."""
    if verdict is not Verdict.ARCH:
        return ""
    signs = []
    if Fault.TILT in faults or Fault.TOO_HIGH in faults:
        if numbers["belly_pct"] > NOTABLE_PCT:
            signs.append(
                f"the lower ribs and belly took {numbers['belly_pct']:.0f} % of body weight more"
            )
        if numbers["pubis_pct"] < -NOTABLE_PCT:
            signs.append(f"the pubis gave up {-numbers['pubis_pct']:.0f} %")
    if Fault.ROTATION in faults and numbers.get("roll_pct", 0.0) < -NOTABLE_PCT:
        signs.append(
            f"the resting side's hip bone bore {-numbers['roll_pct']:.0f} % more than the lifting "
            "side's"
        )
    return ", ".join(signs[:-1]) + " and " + signs[-1] if len(signs) > 1 else "".join(signs)


def _strips(missing: Sequence[str]) -> str:
    names = [name.replace("_", " ") for name in missing]
    if len(names) == 1:
        return f"the strip {names[0]} is"
    return f"the strips {', '.join(names[:-1])} and {names[-1]} are"
