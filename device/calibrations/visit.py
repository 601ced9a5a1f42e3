"""A visit to the mat with weights: the procedure, its readings on the disk, and its end.

It draws nothing and waits for nothing: whoever shows it calls `tick` and passes answers on.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from device.calibrations.feed import Feed
from device.calibrations.history import (
    History,
    new_id,
    now_utc,
    stamp,
)
from device.calibrations.look import Step
from device.calibrations.merge import merged
from device.calibrations.procedure import READ_S, SETTLE_S, WEIGHTS_N, Procedure
from device.calibrations.record import Record
from device.calibrations.strip_fit import StripFit, fit_strip
from device.calibrations.unfinished import (
    Unfinished,
    discard_unfinished,
    load_unfinished,
    save_unfinished,
)
from device.config import Settings
from device.core.mat import Mat
from device.errors import CalibrationError


@dataclass(frozen=True)
class Plan:
    """What a visit is to do: the strips in this order, the weights, and who does it."""

    strips: tuple[str, ...]
    person: str
    weights_n: tuple[float, ...] = WEIGHTS_N
    settle_s: float = SETTLE_S
    read_s: float = READ_S
    conditions: Mapping[str, str] = field(default_factory=dict)


def history_of(settings: Settings, mat: Mat, *, simulated: bool) -> History:
    """The calibrations of the mat, or those of the demonstration's, which are kept apart."""
    folder = settings.calibrations_folder
    if simulated:
        current = settings.simulated_calibration_path
        return History(current.parent, current, mat)
    history = History(folder, settings.calibration_path, mat)
    with suppress(CalibrationError):  # who may only read sees the rest; the daemon tells of it
        history.adopt_old()
    return history


class Visit:
    """One person's visit. Hold the lock of `history.folder` for as long as it lives."""

    def __init__(self, mat: Mat, history: History, feed: Feed, plan: Plan) -> None:
        self.mat = mat
        self.history = history
        self.feed = feed
        self.plan = plan
        self.made: Record | None = None
        """What the visit has put in force."""
        self._kept: Unfinished | None = None
        self.procedure = self._begin(None)

    @property
    def folder(self) -> Path:
        """Where the readings are kept while it is not finished."""
        return self.history.folder

    def left_before(self) -> Unfinished | None:
        """The readings of a visit that was left, if there are any."""
        return load_unfinished(self.folder, self.mat)

    def resume(self, left: Unfinished) -> None:
        """Go on where that visit was left, with its weights, its strips and then one's own."""
        strips = (*left.strips, *(one for one in self.plan.strips if one not in left.strips))
        self.plan = replace(self.plan, strips=strips, weights_n=left.weights_n)
        self._kept = left
        self.procedure = self._begin(left)

    def begin_anew(self) -> None:
        """Set what was left aside and begin from the first strip."""
        discard_unfinished(self.folder, new_id(self.plan.person, now_utc()))

    def tick(self) -> bool:
        """Take in what the mat has said; True when a reading was taken or dropped.

        Raises a `PronematError` when no more can come, or the disk takes no more readings.
        """
        changed = False
        for frame in self.feed.poll():
            if self.procedure.take(frame):
                changed = True
        if changed:
            self._save()
        return changed

    def accept(self) -> bool:
        """Agree to the strip's curve."""
        done = self.procedure.accept()
        if done:
            self._save()
        return done

    def ask_hand(self) -> None:
        """On the simulated mat: let its hand do what is asked for."""
        look = self.procedure.look
        if look.strip is None:
            return
        if look.step is Step.EMPTY:
            self.feed.order("get_up")
            for strip in self.mat.names:
                self.feed.order(f"press {strip} 0")
        else:
            self.feed.order(f"press {look.strip} {look.weight_n:g}")

    def proposal(self) -> Record | None:
        """The calibration that the accepted strips would make; None while there is none."""
        return propose(
            self.mat, self.history, self._kept, self.feed.simulated, self.procedure.course.fits
        )

    def finish(self, record: Record) -> str:
        """Keep it, put it in force, and tell the daemon; what became of it, in words."""
        self.history.put_in_force(record)
        discard_unfinished(self.folder, record.id)
        self.made = record
        return self.feed.in_force()

    def _begin(self, left: Unfinished | None) -> Procedure:
        plan = self.plan
        return Procedure(
            self.mat,
            plan.strips,
            plan.weights_n,
            settle_s=plan.settle_s,
            read_s=plan.read_s,
            readings={} if left is None else left.readings,
            accepted=() if left is None else left.accepted,
        )

    def _save(self) -> None:
        at_utc = stamp(now_utc())
        plan = self.plan
        kept = self._kept or Unfinished(
            at_utc, plan.person, plan.conditions, plan.strips, plan.weights_n
        )
        for strip, rows in self.procedure.course.readings.items():
            accepted = strip in self.procedure.course.accepted
            if kept.readings.get(strip) != rows or accepted != (strip in kept.accepted):
                kept = kept.with_readings(strip, rows, at_utc, accepted=accepted)
        self._kept = replace(kept, weights_n=self.procedure.course.weights_n)
        save_unfinished(self.folder, self._kept)


def propose(
    mat: Mat,
    history: History,
    visit: Unfinished | None,
    simulated: bool,
    fits: Mapping[str, StripFit] | None = None,
) -> Record | None:
    """What an unfinished visit's accepted strips make of the calibration in force.

    Without `fits` they are fitted from its readings. None while nothing is accepted.
    """
    if visit is None:
        return None
    chosen: dict[str, StripFit] = {}
    for strip in visit.accepted:
        fitted = (fits or {}).get(strip) or fit_strip(mat, strip, visit.readings.get(strip, ()))
        if isinstance(fitted, str):
            raise CalibrationError(fitted)
        chosen[strip] = fitted
    if not chosen:
        return None
    at = now_utc()
    return merged(
        mat,
        base_of(history),
        chosen,
        new_id=new_id(visit.person, at),
        made_utc=stamp(at),
        person=visit.person,
        conditions=visit.conditions,
        taken=visit.taken,
        simulated=simulated,
    )


def base_of(history: History) -> Record | None:
    """What a new calibration starts from: the one in force; a damaged one is no start."""
    try:
        return history.in_force()
    except CalibrationError:
        return None
