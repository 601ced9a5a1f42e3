"""Where the events of the two stages go: the mat's to page, panel and store, a shown recording's to
the page alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from device.coach.events import CoachEvent
from device.core.types import Phase
from device.service.show import Show
from device.store.records import Moment, Record


class Hub(Protocol):
    """What the outlets need of the loop."""

    @property
    def show(self) -> Show | None: ...

    def publish(self, event: Mapping[str, Any], at: Moment) -> None: ...

    def hear(self, event: CoachEvent, phase: Phase, at: Moment) -> None: ...

    def write(self, record: Record) -> None: ...


class MatOutlet:
    """Onto the stream while the mat is on the page, to panel and store always."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def publish(self, event: Mapping[str, Any], at: Moment) -> None:
        """Onto the stream, at once."""
        if self._hub.show is None:
            self._hub.publish(event, at)

    def hear(self, event: CoachEvent, phase: Phase, at: Moment) -> None:
        """To whatever sounds."""
        self._hub.hear(event, phase, at)

    def write(self, record: Record) -> None:
        """To the store, when there is time."""
        self._hub.write(record)


class ShowOutlet:
    """Onto the stream and nowhere else."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def publish(self, event: Mapping[str, Any], at: Moment) -> None:
        """Onto the stream, at once."""
        self._hub.publish(event, at)

    def hear(self, event: CoachEvent, phase: Phase, at: Moment) -> None:
        """The page sounds it; the panel belongs to the mat."""

    def write(self, record: Record) -> None:
        """Nothing of a recording is stored as the gym's."""
