"""What was said, to be read back: every cue and count with its time and what the legs did then."""

from __future__ import annotations

from collections import deque
from typing import Any

from device.coach.events import CoachEvent, Said
from device.core.types import Phase

KEPT = 500
"""Some hundred lifts."""


class CueLog:
    """Hears every event of the coach."""

    def __init__(self) -> None:
        self._said: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def hear(self, event: CoachEvent, utc: str, phase: Phase) -> None:
        """Keep what is sounded or spoken because of the event."""
        if not isinstance(event, Said):
            return
        cue = event.cue
        said = {"cue": cue.key, "text": cue.words, "tone": cue.tone.value}
        self._said.append({"at": round(event.at_s, 3), "utc": utc, "phase": phase.value, **said})

    def json(self) -> list[dict[str, Any]]:
        """Everything that is kept, the oldest first."""
        return list(self._said)
