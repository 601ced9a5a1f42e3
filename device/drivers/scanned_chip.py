"""One chip in the life of a scan: set up, started, collected, lost, tried again, found."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from device.core.mat import Electronics
from device.drivers.ads1115 import (
    ResetError,
    StartableAds1115,
    conversion_s,
    longest_conversion_s,
    shortest_conversion_s,
)
from device.drivers.clock import Clock
from device.drivers.i2c import I2C
from device.errors import ChipError

LATE_MARGIN = 0.25
"""A conversion is given up on when it takes this fraction longer than the slowest chip may."""
STEP_LATER, STEP_SOONER = 0.01, 0.001
"""How the expected conversion time follows a chip's own clock: up by the first fraction when it was
asked too soon, down by the second when it was ready, so one question in eleven comes too soon."""

IDLE_KNOWN_S = 0.0015
"""How long a chip that was seen idle is taken to be so still. Within a frame it is started sooner
than this; in the pause between frames a disturbance has the time to start something."""

FAILURES_UNTIL_LOST = 8
"""Transfers in a row that may fail, two frames of four, before a chip counts as lost: noise on the
cable costs a reading, not the chip."""
SLOW_FAILURE_S = 0.002
"""A transfer that fails slower than this (a stuck bus, a stretched clock) is not soon repeated."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.02, 0.5
"""A lost chip is tried after the first, then after twice as long each time, at most the second:
found again well within a second, at a cost of one short transfer each."""
BACK_AFTER_S = 1.0
"""A chip counts as back when it has answered this long, so that a loose plug, which comes and goes
many times a second, is not logged each time. Its readings count at once."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What became of a chip's readings since the scan began."""

    readings: int = 0
    failed_reads: int = 0
    late_conversions: int = 0
    resets: int = 0
    last_failure: str | None = None


class ScannedChip:
    """Starts and collects conversions of one chip; never raises for what the chip does.

    A reading is only to be believed when `confirm` was true after it.
    """

    def __init__(self, i2c: I2C, address: int, electronics: Electronics, clock: Clock) -> None:
        self.address = address
        self.tally = Tally()
        self.problem: str | None = None
        """One sentence with its remedy while the chip counts as lost (what the log says last)."""
        self._i2c = i2c
        self._electronics = electronics
        self._clock = clock
        rate_hz = electronics.data_rate_hz
        self._shortest_s = shortest_conversion_s(rate_hz)
        self._longest_s = longest_conversion_s(rate_hz)
        self._give_up_s = self._longest_s * (1 + LATE_MARGIN)
        self._expected_s = conversion_s(rate_hz)
        self._half_s = conversion_s(rate_hz) / 2
        self._driver: StartableAds1115 | None = None
        self._collected = False  # since the last `confirm`
        self._doubtful = False  # the chip was lost since the last `confirm`
        self._channel: int | None = None  # of the conversion that waits to be collected
        self._idle_s = -math.inf  # when it was last seen that no conversion was under way
        self._started_s = -math.inf
        self._failures = 0
        self._retry_s = -math.inf
        self._retry_after_s = FIRST_RETRY_S
        self._good_since_s: float | None = None

    @property
    def answering(self) -> bool:
        """Whether the chip counts as present."""
        return self.problem is None and self._good_since_s is not None

    def start(self, channel: int) -> None:
        """Order a conversion, if the chip is there and ready for one."""
        self._channel = None
        now_s = self._clock.now_s()
        driver = self._driver or self._set_up(now_s)
        if driver is None:
            return
        try:
            # A conversion that was given up on, or whose order failed, may be under way still. An
            # order now would be ignored and that one's result be taken for this channel's.
            if now_s > self._idle_s + IDLE_KNOWN_S and not driver.done():
                return
            self._idle_s = -math.inf
            self._started_s = self._clock.now_s()
            driver.start(channel)
        except ChipError as error:
            self._failed(error, now_s)
            return
        self._started_s = self._clock.now_s()
        self._channel = channel

    def collect(self) -> tuple[float, float]:
        """Counts and time of the conversion that was started; NaN where there is none.

        Waits for it, but no longer than any chip within the data sheet's limits may take. The time
        is the middle of the conversion, whose mean the counts are.
        """
        channel, self._channel = self._channel, None
        driver = self._driver
        if channel is None or driver is None:
            return math.nan, math.nan
        self._clock.sleep_until(self._started_s + self._expected_s)
        asked_s = self._clock.now_s()
        try:
            if driver.done(channel):
                self._expected_s = max(self._expected_s * (1 - STEP_SOONER), self._shortest_s)
            else:
                self._expected_s = min(self._expected_s * (1 + STEP_LATER), self._longest_s)
                self._wait_until_done(driver, channel)
            idle_s = self._clock.now_s()
            counts = driver.result()
        except ChipError as error:
            self._failed(error, asked_s)
            return math.nan, math.nan
        self._idle_s = idle_s
        self._failures = 0
        self._collected = True
        return counts, self._started_s + self._half_s

    def confirm(self) -> bool:
        """Whether all that was collected since the last call is true.

        It is if the chip is still the one that was set up before. One that was lost and set up anew
        meanwhile may have given the zero of its reset before that.
        """
        collected, self._collected = self._collected, False
        doubtful, self._doubtful = self._doubtful, False
        driver = self._driver
        if driver is None or not collected:
            return False
        asked_s = self._clock.now_s()
        try:
            driver.check_signature()
        except ChipError as error:
            self._failed(error, asked_s)
            return False
        self._found(asked_s)
        return not doubtful

    def _wait_until_done(self, driver: StartableAds1115, channel: int) -> None:
        give_up_s = self._started_s + self._give_up_s
        asked_s = -math.inf
        # The last question is asked after the deadline: if this process was held up, the chip
        # was not.
        while asked_s <= give_up_s:
            self._clock.sleep_until(self._clock.now_s() + self._expected_s * STEP_LATER)
            asked_s = self._clock.now_s()
            if driver.done(channel):
                return
        self.tally.late_conversions += 1
        raise ChipError(
            f"The chip {self.address:#x} does not finish its conversions in time: if this stays, "
            "replace it."
        )

    def _set_up(self, now_s: float) -> StartableAds1115 | None:
        if now_s < self._retry_s:
            return None
        try:
            self._driver = StartableAds1115(self._i2c, self.address, self._electronics)
        except ChipError as error:
            self._lose(error)
            return None
        self._failures = 0
        self._idle_s = -math.inf
        return self._driver

    def _failed(self, error: ChipError, began_s: float) -> None:
        """A transfer failed that began at `began_s`: noise, until it has happened too often."""
        self._channel = None
        self._failures += 1
        self.tally.last_failure = str(error)
        slow = self._clock.now_s() - began_s > SLOW_FAILURE_S
        if isinstance(error, ResetError):
            self.tally.resets += 1
            self._lose(error)
        elif slow or self._failures >= FAILURES_UNTIL_LOST:
            self._lose(error)

    def _lose(self, error: ChipError) -> None:
        now_s = self._clock.now_s()
        was_good = self._good_since_s is not None
        self._driver = None
        self._channel = None
        self._doubtful = True
        self._good_since_s = None
        if was_good and isinstance(error, ResetError):
            # It answers: set it up again at once, but only if that did any good the last time.
            self._retry_s = now_s
        else:
            self._retry_s = now_s + self._retry_after_s
            self._retry_after_s = min(2 * self._retry_after_s, LONGEST_RETRY_S)
        if self.problem is None:
            _log.warning("%s Its strips are missing until it is back.", error)
        self.problem = str(error)

    def _found(self, now_s: float) -> None:
        if self._good_since_s is None:
            self._good_since_s = now_s
        if self.problem is not None and now_s - self._good_since_s >= BACK_AFTER_S:
            self.problem = None
            self._retry_after_s = FIRST_RETRY_S
            _log.warning("The chip %#x is back.", self.address)
