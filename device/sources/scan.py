"""Scans the mat: every channel of every chip once a frame, over the real driver."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from device.core.mat import Mat
from device.core.types import FloatArray, Frame
from device.drivers.clock import Clock
from device.drivers.i2c import I2C, BoundedBus
from device.drivers.scanned_chip import ScannedChip
from device.sources.base import ChipCounters, Counters, FrameRate
from device.sources.plan import Slot, plan_scan

FRAMES_PER_S = 100.0
"""Twice the core's rhythm of 50 Hz, and what recordings have. The chips could give about 160; the
rest of the bus's and the processor's time is better left free."""
SHORTEST_FRAME_S = 0.001
"""No frame is shorter, also with no chip left to wait for: nothing may spin."""


class ScanSource:
    """Frames of the mat, the next one never before its time.

    In each slot every chip is started before any is collected; while a chip is collected the others
    convert, and it is started for the next slot at once. With `frames_per_s` None the last slot of
    a frame runs into the first of the next in the same way, as fast as the chips can.

    Chips that are lost and found are logged; who reads the frames sees their channels as NaN.
    """

    def __init__(
        self,
        mat: Mat,
        i2c: I2C,
        clock: Clock,
        *,
        name: str = "mat",
        frames_per_s: float | None = FRAMES_PER_S,
        release: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self._clock = clock
        self._plan = plan_scan(mat)
        self._count = len(mat.channels)
        bus = BoundedBus(i2c)
        self._chips = {
            address: ScannedChip(bus, address, mat.electronics, clock)
            for address in self._plan.addresses
        }
        self._places = {address: self._plan.places(address) for address in self._plan.addresses}
        self._nonstop = frames_per_s is None
        self._period_s = 1 / (frames_per_s or FRAMES_PER_S)
        self._due_s = -math.inf
        self._begun = 0
        self._late = 0
        self._rate = FrameRate()
        self._release = release
        self._closed = False

    def frames(self) -> Iterator[Frame]:
        """Frames until `close`; then what `release` stands for is given back."""
        first_channel, first_slot = self._plan.slots[0]
        started = False
        try:
            while not self._closed:
                self._wait_for_turn()
                if not started:
                    self._start(first_channel, first_slot)
                yield self._frame()
                started = self._nonstop
        finally:
            if self._release is not None:
                self._release()

    def counters(self) -> Counters:
        chips = {
            address: ChipCounters(
                answering=chip.answering,
                problem=chip.problem,
                readings=chip.tally.readings,
                failed_reads=chip.tally.failed_reads,
                late_conversions=chip.tally.late_conversions,
                resets=chip.tally.resets,
                last_failure=chip.tally.last_failure,
            )
            for address, chip in self._chips.items()
        }
        return Counters(
            frames=self._begun,
            frames_per_s=self._rate.per_second(self._clock.now_s()),
            late_frames=self._late,
            failed_reads=sum(chip.failed_reads for chip in chips.values()),
            chips=chips,
        )

    def close(self) -> None:
        self._closed = True

    def _wait_for_turn(self) -> None:
        """Return when the next frame is due; after a delay, start anew without catching up."""
        now_s = self._clock.now_s()
        if now_s > self._due_s + self._period_s / 2:
            self._late += self._begun > 0
            self._due_s = now_s
        elif not self._nonstop:
            self._clock.sleep_until(self._due_s)
        else:
            self._due_s = now_s
        self._due_s += self._period_s

    def _frame(self) -> Frame:
        counts = np.full(self._count, math.nan)
        times_s = np.full(self._count, math.nan)
        begun_s = self._clock.now_s()
        slots = self._plan.slots
        after_last = slots[:1] if self._nonstop else (None,)
        for (_, slot), following in zip(slots, (*slots[1:], *after_last), strict=True):
            for address, chip in self._chips.items():
                if address in slot:
                    place = slot[address]
                    counts[place], times_s[place] = chip.collect()
                if following is not None and address in following[1]:
                    chip.start(following[0])
                if slot is slots[-1][1]:
                    self._believe(chip, counts)
        end_s = self._clock.now_s()
        if end_s < begun_s + SHORTEST_FRAME_S:
            self._clock.sleep_until(begun_s + SHORTEST_FRAME_S)
        # Without a reading the frame is of when it began, which keeps the times of frames rising.
        t_s = float(np.nanmax(times_s)) if np.isfinite(times_s).any() else begun_s
        times_s[np.isnan(counts)] = t_s
        self._rate.add(end_s)
        self._begun += 1
        return Frame(self._begun - 1, t_s, counts, times_s)

    def _start(self, channel: int, slot: Slot) -> None:
        for address, chip in self._chips.items():
            if address in slot:
                chip.start(channel)

    def _believe(self, chip: ScannedChip, counts: FloatArray) -> None:
        """Keep a chip's readings if it is still the one that was set up; count them either way."""
        places = self._places[chip.address]
        read = [place for place in places if not math.isnan(counts[place])]
        if not chip.confirm():
            counts[read] = math.nan
            read = []
        chip.tally.readings += len(read)
        chip.tally.failed_reads += len(places) - len(read)
