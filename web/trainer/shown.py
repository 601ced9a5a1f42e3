"""Which sessions the pages add up: those of the mat, or in a demonstration also simulated ones."""

from __future__ import annotations

from typing import Generic, TypeVar

from web.hub import Hub

Reading = TypeVar("Reading")


class Shown(Generic[Reading]):
    """Two readings of the same store, and the choice between them by what the daemon feels."""

    def __init__(self, hub: Hub, of_the_mat: Reading, of_all: Reading) -> None:
        self._hub = hub
        self._of_the_mat, self._of_all = of_the_mat, of_all

    def __call__(self) -> Reading:
        """With simulated sessions only where the mat is simulated; each page then says so."""
        return self._of_all if self._hub.snapshot.get("simulated") else self._of_the_mat
