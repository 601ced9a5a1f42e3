"""What the examination at the start of the machine found red, for the page to say.

`pronemat doctor --boot` leaves its findings in the run directory; see `device.doctor.boot`.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

NAME = "findings.json"
LOOK_EVERY_S = 2.0
"""Soon enough for whoever stands at the mat with the doctor, and one look at a file."""
RED = "bad"

_log = logging.getLogger(__name__)


class BootFindings:
    """Looks for the file now and then, and reads it when it is another one."""

    def __init__(self, run: Path) -> None:
        self._path = run / NAME
        self._due_s = float("-inf")
        self._seen: tuple[int, int] | None = None
        self.sentences: tuple[str, ...] = ()

    def look(self, now_s: float) -> bool:
        """Look if it is time to; True if there is something else to say than before."""
        if now_s < self._due_s:
            return False
        self._due_s = now_s + LOOK_EVERY_S
        before = self.sentences
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
            if seen != self._seen:
                self._seen = seen
                self.sentences = _red(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            self._seen, self.sentences = None, ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("%s cannot be read: %s", self._path, error)
        return self.sentences != before


def _red(rows: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(
        f"{row['sentence']} {row['remedy']}".strip()
        for row in rows
        # Who reads this is the daemon: that it did not run is over.
        if row["state"] == RED and row.get("check") != "daemon"
    )
