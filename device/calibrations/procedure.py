"""The guided visit as a state machine, fed with frames: which strip, which weight, what next. Pure.

It finds out by itself that the mat is empty, that a weight lies where it should and that it is
still; a person only lays weights, and answers where something made no sense or a curve is ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from device.calibrations.course import Course
from device.calibrations.look import Look, Step, silence_of, task_of
from device.calibrations.record import Reading
from device.calibrations.steadiness import GAP_S, Steadiness
from device.calibrations.strip_fit import refusal
from device.calibrations.touch import Touch
from device.core.mat import Mat
from device.core.types import Frame

WEIGHTS_N = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0)
"""From what a foot leaves on a strip to the most that a hip bone puts on one."""
SETTLE_S, READ_S = 10.0, 2.0
"""A strip creeps by 11 to 22 % per tenfold of time: the clock is part of the measure."""

EMPTY_STILL_S, STILL_S = 2.0, 1.0
BACK_N = 3.0
"""How near its zero a strip has to come when the last weight is off."""
ZERO_MOVED_N = 1.5
"""Resumed with another zero than this, a strip begins anew."""
HINT_S = 30.0
"""Without a weight, or without rest, for so long, a hint is due."""


class Procedure:
    """Takes frames and answers; `look` says what to do, `course` what was measured."""

    def __init__(
        self,
        mat: Mat,
        strips: Sequence[str],
        weights_n: Sequence[float] = WEIGHTS_N,
        *,
        settle_s: float = SETTLE_S,
        read_s: float = READ_S,
        readings: Mapping[str, tuple[Reading, ...]] | None = None,
        accepted: Sequence[str] = (),
    ) -> None:
        """`readings` and `accepted` of an earlier visit are gone on with."""
        self._mat = mat
        self._settle_s, self._read_s = settle_s, read_s
        self._steady = Steadiness(mat)
        self._touch = Touch(mat, self._steady)
        self.course = Course(mat, strips, weights_n, readings or {}, accepted)
        self._notice: str | None = None
        self._step = Step.DONE
        self._since_s = -np.inf
        self._begin_strip()

    # -- what a person is shown ----------------------------------------------------------------

    @property
    def look(self) -> Look:
        """This moment."""
        course = self.course
        weight_n, rising = course.target
        strip = course.strip or None
        felt_n = float("nan") if strip is None else self._touch.now_n
        return Look(
            step=self._step,
            strip=strip,
            weight_n=weight_n,
            rising=rising,
            task=task_of(self._step, course.strip, weight_n, rising),
            notice=self._notice,
            felt_n=felt_n,
            share=self._share(),
            readings=tuple(course.rows),
            fit=course.fits.get(course.strip),
        )

    # -- what a person answers -----------------------------------------------------------------

    def again(self) -> None:
        """Take the refused reading, or the fitted strip, once more; else the strip from its start.

        A strip that begins anew loses its readings."""
        if self._step is Step.REFUSED and self.course.rows:
            self._notice = None
            self._enter(Step.PLACE)
        elif self._step is not Step.DONE:
            self.course.restart()
            self._notice = None
            self._enter(Step.EMPTY)

    def skip_weight(self) -> bool:
        """Leave out the weight that is asked for, up and down; False where that cannot be."""
        if self._step not in (Step.PLACE, Step.REFUSED) or not self.course.skip_weight():
            return False
        self._notice = None
        self._enter(Step.PLACE)
        return True

    def skip_strip(self) -> None:
        """Leave the strip as it was and go on with the next."""
        self.course.skip_strip()
        self._begin_strip()

    def accept(self) -> bool:
        """Agree to the fitted curve; the next strip follows. False where nothing is fitted."""
        if self._step is not Step.FITTED:
            return False
        self.course.accept()
        self._begin_strip()
        return True

    # -- frames --------------------------------------------------------------------------------

    def take(self, frame: Frame) -> bool:
        """One frame; True when a reading was taken or dropped, so that it can be kept."""
        if frame.t_s - self._steady.now_s > GAP_S or frame.t_s < self._steady.now_s:
            self._interrupt()
        if not self._steady.take(frame) or self._step is Step.DONE:
            return False
        before = tuple(self.course.rows)
        match self._step:
            case Step.EMPTY:
                self._await_empty()
            case Step.PLACE:
                self._await_weight()
            case Step.SETTLE:
                self._await_rest()
            case Step.READ:
                self._read()
        self.course.keep()
        return tuple(self.course.rows) != before

    def _interrupt(self) -> None:
        """Frames were lost: what was being waited for begins anew."""
        self._since_s = np.inf
        if self._step in (Step.SETTLE, Step.READ):
            self._enter(Step.PLACE if self.course.rows else Step.EMPTY)

    def _await_empty(self) -> None:
        if np.isnan(self._touch.now_n):
            self._notice = silence_of(self.course.strip)
            return
        heaviest = self._touch.heaviest()
        if heaviest is not None:
            name, force_n = heaviest
            self._notice = (
                f"{name} reads {force_n:.0f} N where nothing should lie: take everything off "
                "the mat; if nothing lies there, its bar rubs or its wires touch."
            )
            self._since_s = np.inf
            return
        self._notice = None
        if not self._steady.is_still(self._touch.place, EMPTY_STILL_S):
            self._since_s = np.inf
            return
        now_s = self._steady.now_s
        self._since_s = min(self._since_s, now_s)
        if now_s - self._since_s >= self._read_s:
            self._take_zero()

    def _take_zero(self) -> None:
        touch = self._touch
        course = self.course
        zero = Reading(0.0, touch.counts(self._read_s), True)
        touch.is_empty_now()
        if course.resumed:
            course.resumed = False
            moved_n = abs(touch.now_n - touch.nominal_n(course.rows[0].counts))
            if moved_n <= ZERO_MOVED_N:
                touch.is_read_now()
                self._enter(Step.PLACE)
                return
            self._notice = (
                f"the zero of {course.strip} has moved by {moved_n:.1f} N since it was left: "
                "it begins anew."
            )
        course.rows[:] = [zero]
        self._after_reading()

    def _await_weight(self) -> None:
        weight_n, rising = self.course.target
        touch = self._touch
        if np.isnan(touch.now_n):
            self._notice = silence_of(self.course.strip)
            return
        step_n = self.course.step_n
        all_taken = not rising and touch.is_all_taken(weight_n, self.course.rows)
        laid = touch.is_laid(step_n, rising=rising) and not all_taken
        if laid:
            self._notice = None
            self._enter(Step.SETTLE)
            return
        stranger = touch.stranger(step_n)
        if rising and stranger is not None:
            self._notice = f"the weight lies on {stranger}: lay it on {self.course.strip}."
        elif all_taken:
            self._notice = (
                f"too much was taken off: let {weight_n:g} N lie (lay them on again by themselves)."
            )
            self._enter(Step.PLACE, keep_notice=True)
        elif self._steady.now_s - self._since_s > HINT_S:
            self._notice = (
                f"nothing is felt on {self.course.strip} yet; if the weight lies there, see what "
                "'pronemat doctor' says of it."
            )

    def _await_rest(self) -> None:
        if self._gone():
            return
        now_s = self._steady.now_s
        if self._steady.is_jolted(self._touch.place):
            self._since_s = now_s
            return
        waited_s = now_s - self._since_s
        if waited_s >= self._settle_s and self._steady.is_still(self._touch.place, STILL_S):
            self._enter(Step.READ)
        elif waited_s > self._settle_s + HINT_S:
            self._notice = "it does not come to rest: does the weight rock, or somebody walk by?"

    def _read(self) -> None:
        if self._gone():
            return
        if self._steady.is_jolted(self._touch.place):
            self._notice = "the weight was moved while it was read; it is read again."
            self._enter(Step.SETTLE, keep_notice=True)
            return
        if self._steady.now_s - self._since_s < self._read_s:
            return
        said = self._taken()
        if said is not None:
            self._notice = said
            self._step = Step.REFUSED
            return
        self._notice = None
        self._after_reading()

    def _taken(self) -> str | None:
        """Add the reading of these last seconds to the strip's; the sentence why it is refused."""
        course, touch = self.course, self._touch
        weight_n, rising = course.target
        new = Reading(weight_n, touch.counts(self._read_s), rising)
        said = refusal(self._mat, course.strip, course.rows, new, touch.nominal_n(new.counts))
        if said is not None:
            return said
        left_n = touch.now_n - touch.nominal_n(course.rows[0].counts)
        if (weight_n, rising) == (0.0, False) and left_n > BACK_N:
            return (
                f"{course.strip} still reads {left_n:.1f} N with nothing on it: take the last "
                "weight off; if it is off, the bar rubs."
            )
        course.rows.append(new)
        return None

    def _after_reading(self) -> None:
        self._touch.is_read_now()
        if not self.course.complete:
            self._enter(Step.PLACE)
            return
        self._notice = self.course.fit()
        self._step = Step.FITTED if self._notice is None else Step.REFUSED

    def _gone(self) -> bool:
        """Whether the weight was taken off before it was read; then it is asked for again."""
        weight_n, rising = self.course.target
        gone = self._touch.is_gone(self.course.step_n, rising=rising) or (
            not rising and self._touch.is_all_taken(weight_n, self.course.rows)
        )
        if gone:
            self._notice = "it was taken off before it was read: lay it on again."
            self._enter(Step.PLACE, keep_notice=True)
        return gone

    def _enter(self, step: Step, *, keep_notice: bool = False) -> None:
        if not keep_notice and step is Step.PLACE:
            self._notice = None
        self._step = step
        self._since_s = np.inf if step is Step.EMPTY else self._steady.now_s

    def _begin_strip(self) -> None:
        self._notice = None
        if self.course.strip:
            self._touch.strip = self.course.strip
            self._enter(Step.EMPTY)
        else:
            self._step = Step.DONE

    def _share(self) -> float:
        waited_s = self._steady.now_s - self._since_s
        whole_s = {
            Step.EMPTY: self._read_s,
            Step.SETTLE: self._settle_s,
            Step.READ: self._read_s,
        }.get(self._step)
        if whole_s is None or not np.isfinite(waited_s):
            return 0.0
        return min(max(waited_s / max(whole_s, 1e-9), 0.0), 1.0)
