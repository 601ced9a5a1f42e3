"""The code that lets whoever stands at the machine make the first account, and nobody else.

It is shown once, on the console that started the pages. It is never stored, serves once, and is
worthless after a while or after a few wrong guesses; starting the pages anew makes another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look like others."""
GROUPS, GROUP = 3, 4
"""Twelve letters of 31: 59 bits."""
LASTS_S = 3600.0
MOST_GUESSES = 10


class FirstCode:
    """One code, good for one account."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._digest: bytes | None = None
        self._until_s = 0.0
        self._guesses = 0

    def new(self) -> str:
        """Make the code and return it, to be shown once."""
        groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
        code = "-".join(groups)
        with self._lock:
            self._digest = _digest(code)
            self._until_s, self._guesses = self._clock() + LASTS_S, 0
        return code

    @property
    def waits(self) -> bool:
        """Whether a code can still be used."""
        return self._digest is not None and self._clock() < self._until_s

    def matches(self, guess: str) -> bool:
        """Whether this is the code; each wrong guess brings its end nearer."""
        with self._lock:
            if self._digest is None or not self.waits:
                return False
            if hmac.compare_digest(self._digest, _digest(guess)):
                return True
            self._guesses += 1
            if self._guesses >= MOST_GUESSES:
                self._digest = None
            return False

    def spend(self) -> None:
        """The account was made: the code is worth nothing any more."""
        with self._lock:
            self._digest = None


def _digest(code: str) -> bytes:
    """Of the letters alone, however they are grouped and whatever their case."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).digest()
