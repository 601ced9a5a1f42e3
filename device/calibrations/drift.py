"""Has a strip drifted since its calibration? One weight on each, and the zero of all. Pure.

A strip is known by what is laid on it: the order does not matter, and nobody presses a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from device.calibrations.procedure import READ_S, SETTLE_S
from device.calibrations.record import Reading, Record
from device.calibrations.steadiness import Steadiness
from device.calibrations.strip_fit import saturation_counts, siemens_of
from device.core.calibration import Curve
from device.core.mat import Mat
from device.core.types import FloatArray, Frame

WEIGHT_N = 20.0
"""Two kilograms: what a strip in the middle of its work bears."""

REPEATS_PCT = 15.0
"""The same sound strip under the same weight differs by so much from day to day, most of it
hysteresis (data sheet: 10 %)."""
VERDICTS_LEAST_PCT, VERDICTS_MOST_PCT = -50.0, 100.0
"""With one strip of six reading half or twice as much, 54 reps of five simulated bodies all stayed
found and at most 2 in 54 changed their verdict: the judge compares a body with its own rest.
Beyond that nobody has tried."""
ZERO_MOST_N = 3.0
"""A zero so far off is tared away every day, but a bar that rubs or wires that touch begin so."""

EMPTY_MOST_N, EMPTY_STILL_N = 8.0, 0.6
EMPTY_STILL_S, STILL_S = 2.0, 1.0
FELT_SHARE = 0.25
"""Of the weight, by the data sheet: enough to know that it lies there, or that it is off again."""


class Step(Enum):
    """Where the check is."""

    EMPTY = "empty"
    PLACE = "place"
    SETTLE = "settle"
    READ = "read"
    LIFT = "lift"
    DONE = "done"


class Grade(Enum):
    """What a strip's drift means."""

    SOUND = "sound"
    DRIFTED = "drifted"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Drift:
    """One strip: what it makes of the weight, what of nothing, and what that means."""

    strip: str
    weight_n: float
    felt_n: float
    zero_n: float

    @property
    def drift_pct(self) -> float:
        """How much more it makes of the weight than it did when it was calibrated."""
        return 100.0 * (self.felt_n / self.weight_n - 1.0)

    @property
    def grade(self) -> Grade:
        """Whether that is more than repeats, and more than a verdict bears."""
        if not VERDICTS_LEAST_PCT <= self.drift_pct <= VERDICTS_MOST_PCT:
            return Grade.WRONG
        sound = abs(self.drift_pct) <= REPEATS_PCT and abs(self.zero_n) <= ZERO_MOST_N
        return Grade.SOUND if sound else Grade.DRIFTED

    @property
    def sentence(self) -> str:
        """For a person."""
        said = f"{self.strip} makes {self.felt_n:.1f} N of {self.weight_n:g} N"
        drift = f"{self.drift_pct:+.0f} %"
        match self.grade:
            case Grade.SOUND:
                return f"{said} ({drift}): sound"
            case Grade.DRIFTED if abs(self.zero_n) > ZERO_MOST_N:
                return f"{said} ({drift}), {self.zero_n:+.1f} N of nothing: tare, calibrate it soon"
            case Grade.DRIFTED:
                return f"{said} ({drift}): drifted; calibrate it soon"
            case _:
                return f"{said} ({drift}): wrong; calibrate it before anyone trains"


def verdict(drifts: Sequence[Drift]) -> str:
    """Whether the verdicts still hold, in one sentence."""
    wrong = [one.strip for one in drifts if one.grade is Grade.WRONG]
    drifted = [one.strip for one in drifts if one.grade is Grade.DRIFTED]
    if not drifts:
        return "Nothing was measured."
    if wrong:
        return f"The verdicts do not hold: {', '.join(wrong)} must be calibrated first."
    if drifted:
        return f"The verdicts still hold; {', '.join(drifted)} should be calibrated soon."
    return f"No strip of the {len(drifts)} has drifted; the verdicts hold."


@dataclass(frozen=True)
class Look:
    """What a person is to be shown now."""

    step: Step
    task: str
    notice: str | None
    share: float


class Check:
    """Takes frames, finds out which strip the weight lies on, and compares."""

    def __init__(
        self,
        mat: Mat,
        record: Record,
        *,
        weight_n: float = WEIGHT_N,
        strips: Sequence[str] | None = None,
        settle_s: float = SETTLE_S,
        read_s: float = READ_S,
    ) -> None:
        self._mat = mat
        self._record = record
        self.weight_n = weight_n
        self.strips = tuple(strips or mat.names)
        self._settle_s, self._read_s = settle_s, read_s
        self._steady = Steadiness(mat)
        self._zero: FloatArray | None = None
        self._floor_n = np.zeros(len(mat.names))
        self._place = 0
        self._step = Step.EMPTY
        self._since_s = np.inf
        self._notice: str | None = None
        self.drifts: dict[str, Drift] = {}

    @property
    def left(self) -> tuple[str, ...]:
        """Strips that were not yet measured."""
        return tuple(strip for strip in self.strips if strip not in self.drifts)

    @property
    def look(self) -> Look:
        """This moment."""
        whole_s = {
            Step.EMPTY: self._read_s, Step.SETTLE: self._settle_s, Step.READ: self._read_s,
        }.get(self._step)  # fmt: skip
        waited_s = self._steady.now_s - self._since_s
        share = 0.0
        if whole_s and np.isfinite(waited_s):
            share = min(max(waited_s / whole_s, 0.0), 1.0)
        return Look(self._step, self._task(), self._notice, share)

    def take(self, frame: Frame) -> bool:
        """One frame; True when a strip was measured."""
        if frame.t_s < self._steady.now_s:
            self._enter(Step.EMPTY)
        if not self._steady.take(frame):
            return False
        before = len(self.drifts)
        match self._step:
            case Step.EMPTY:
                self._await_empty()
            case Step.PLACE:
                self._await_weight()
            case Step.SETTLE | Step.READ:
                self._await_reading()
            case Step.LIFT:
                self._await_lift()
        return len(self.drifts) != before

    def _await_empty(self) -> None:
        felt = self._steady.nominal_n()
        heavy = int(np.nanargmax(felt)) if not np.isnan(felt).all() else 0
        if np.isnan(felt).all() or felt[heavy] > EMPTY_MOST_N:
            name = self._mat.names[heavy]
            self._notice = (
                "the mat gives no readings: see what 'pronemat doctor' says."
                if np.isnan(felt).all()
                else f"{name} reads {felt[heavy]:.0f} N: take everything off the mat."
            )
            self._since_s = np.inf
            return
        self._notice = None
        known = ~np.isnan(felt)
        if not (self._steady.spread_n(EMPTY_STILL_S)[known] < EMPTY_STILL_N).all():
            self._since_s = np.inf
            return
        self._since_s = min(self._since_s, self._steady.now_s)
        if self._steady.now_s - self._since_s >= self._read_s:
            self._zero = self._steady.counts(self._read_s)
            self._floor_n = felt
            self._enter(Step.PLACE)

    def _await_weight(self) -> None:
        risen_n = np.nan_to_num(self._steady.nominal_n() - self._floor_n)
        place = int(np.argmax(risen_n))
        if risen_n[place] > FELT_SHARE * self.weight_n:
            self._place = place
            self._enter(Step.SETTLE)

    def _await_reading(self) -> None:
        risen_n = np.nan_to_num(self._steady.nominal_n() - self._floor_n)
        if int(np.argmax(risen_n)) != self._place or risen_n[self._place] < (
            FELT_SHARE / 2.0 * self.weight_n
        ):
            self._enter(Step.PLACE)
            self._notice = "it was taken off before it was read: lay it on again."
            return
        if self._steady.is_jolted(self._place):
            self._enter(Step.SETTLE)
            return
        waited_s = self._steady.now_s - self._since_s
        if self._step is Step.SETTLE:
            if waited_s >= self._settle_s and self._steady.is_still(self._place, STILL_S):
                self._enter(Step.READ)
        elif waited_s >= self._read_s:
            self._measure()

    def _measure(self) -> None:
        strip = self._mat.names[self._place]
        counts = float(self._steady.counts(self._read_s)[self._place])
        if counts >= saturation_counts(self._mat):
            counts = saturation_counts(self._mat)
        zero = 0.0 if self._zero is None else float(self._zero[self._place])
        felt_n, zero_n = compared(self._mat, self._record, strip, counts, zero)
        self.drifts[strip] = Drift(strip, self.weight_n, felt_n, zero_n)
        self._enter(Step.DONE if not self.left else Step.LIFT)

    def _await_lift(self) -> None:
        risen_n = np.nan_to_num(self._steady.nominal_n() - self._floor_n)
        place = int(np.argmax(risen_n))
        moved_on = place != self._place and risen_n[place] > FELT_SHARE * self.weight_n
        if moved_on or risen_n[self._place] < FELT_SHARE / 2.0 * self.weight_n:
            self._enter(Step.PLACE)

    def _enter(self, step: Step) -> None:
        self._notice = None
        self._step = step
        self._since_s = np.inf if step is Step.EMPTY else self._steady.now_s

    def _task(self) -> str:
        strip = self._mat.names[self._place]
        match self._step:
            case Step.EMPTY:
                return "Take everything off the mat and stay off it."
            case Step.PLACE:
                return (
                    f"Lay {self.weight_n:g} N on any strip below; which one is known by itself. "
                    f"\nNext: {self.left[0] if self.left else 'none'}."
                )
            case Step.SETTLE | Step.READ:
                return f"{strip}: felt. Leave it alone."
            case Step.LIFT:
                return f"{strip}: measured. On to the next: {self.left[0]}."
            case _:
                return "Every strip is measured."


def compared(
    mat: Mat, record: Record, strip: str, counts: float, zero_counts: float
) -> tuple[float, float]:
    """What the calibration makes of the counts less their zero, and of the zero, in newtons.

    Where the readings behind the curve are known, the ones on the way up are compared with: a
    weight laid on an empty strip reads less than the curve, which lies between up and down.
    """
    curve = rising_curve(mat, record.readings.get(strip, ())) or record.calibration.curves[strip]
    siemens: list[float] = siemens_of(mat, np.array([counts, zero_counts])).tolist()
    loaded, empty = siemens
    zero_n = float(curve.newtons(np.array([empty]))[0])
    felt_n = float(curve.newtons(np.array([loaded - empty + float(curve.siemens[0])]))[0])
    return felt_n, zero_n


def rising_curve(mat: Mat, readings: Sequence[Reading]) -> Curve | None:
    """The curve through the readings on the way up alone; None where there are too few."""
    rows: Mapping[float, float] = {r.force_n: r.counts for r in readings if r.rising}
    if len(rows) < 2 or 0.0 not in rows:
        return None
    forces = sorted(rows)
    siemens = siemens_of(mat, np.array([rows[force_n] for force_n in forces]))
    return Curve(np.array(forces), siemens) if (np.diff(siemens) > 0.0).all() else None
