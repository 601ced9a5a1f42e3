"""Which strip answers when a bar is pressed: finds sides and rows that are plugged in crosswise.

No reading of an empty mat can tell them. So one bar after the other is asked for, and what moves is
written down; nothing here waits, prints or reads keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np

from device.core.calibration import Calibration
from device.core.mat import Mat, Sensor
from device.core.types import FloatArray, Frame
from device.doctor.findings import Finding, State

PRESS_N = 15.0
"""A thumb on a bar gives 30 N and more; a foot beside the mat, or a bar that settles, less."""
SHARE_OF_STRONGEST = 0.4
"""What else moves so much is bridged. Foam carries a tenth to the next bar, 80 mm away."""
HELD_S = 0.3
FREE_N = 6.0
"""Below this a strip counts as let go; it keeps a little of a press for some seconds."""
FREE_S = 0.3
BASELINE_S = 0.5
OCCUPIED_STRIPS = 4
"""A person loads at least so many at once; what is offset or lies there, fewer."""
PATIENCE_S = 30.0
"""As long a bar is waited for, and the mat to become empty."""

NOT_ASKED = Finding(
    "wiring", State.UNKNOWN, "which strip is where is not tested; `pronemat doctor --press` does"
)


class Turn(Enum):
    """What is waited for."""

    EMPTY = "empty"
    PRESS = "press"
    RELEASE = "release"
    DONE = "done"


class PressTest:
    """Asks for `strips` one after the other; `take` is fed with every frame."""

    def __init__(
        self,
        calibration: Calibration,
        strips: Sequence[str] = (),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.mat = calibration.mat
        self.turn = Turn.EMPTY
        self.answers: dict[str, tuple[str, ...]] = {}
        """For each strip that was pressed, what moved; nothing for one that nobody pressed."""
        self.silent: list[str] = []
        """Strips without readings: their chip does not answer."""
        self.occupied = False
        """Whether it was given up because somebody stayed on the mat."""
        self._calibration = calibration
        self._patience_s = patience_s
        self._left = [name for name in self.mat.names if not strips or name in strips]
        self._baseline_n: FloatArray | None = None
        self._first: list[tuple[float, FloatArray]] = []
        self._began_s: float | None = None
        self._since_s: float | None = None

    @property
    def asked(self) -> str | None:
        """The strip whose bar is to be pressed now, or is just being let go."""
        return self._left[0] if self._left and self.turn is not Turn.EMPTY else None

    def take(self, frame: Frame) -> bool:
        """One frame; True when the turn has changed."""
        before = self.turn, self.asked
        forces_n = self._calibration.forces_n(frame.counts)
        self._began_s = frame.t_s if self._began_s is None else self._began_s
        if self._baseline_n is None:
            self._settle(frame.t_s, forces_n)
        else:
            risen_n = np.nan_to_num(forces_n - self._baseline_n, nan=0.0)
            if self.turn is Turn.PRESS:
                self._watch(frame.t_s, risen_n)
            elif self.turn is Turn.RELEASE and self._lasts(
                frame.t_s, bool(risen_n.max() < FREE_N), FREE_S
            ):
                self._next(frame.t_s)
        return (self.turn, self.asked) != before

    def skip(self) -> bool:
        """Leave out the strip that is asked for; False if none is."""
        if self.turn is not Turn.PRESS:
            return False
        self._next(None)
        return True

    def stop(self) -> None:
        """Ask for no more."""
        self._left.clear()
        self.turn = Turn.DONE

    def _settle(self, t_s: float, forces_n: FloatArray) -> None:
        """The empty mat first: what every strip shows untouched, while nothing moves."""
        self._first.append((t_s, forces_n))
        if t_s - self._first[0][0] < BASELINE_S:
            return
        seen = np.array([forces for _, forces in self._first])
        self._first.clear()
        read = ~np.isnan(seen)
        low, high = (
            np.where(read, seen, np.inf).min(axis=0),
            np.where(read, seen, -np.inf).max(axis=0),
        )
        mean_n = np.where(read, seen, 0.0).sum(axis=0) / np.maximum(read.sum(axis=0), 1)
        loaded = int((mean_n > PRESS_N).sum())
        if float((high - low).max()) > FREE_N or loaded >= OCCUPIED_STRIPS:
            if t_s - (self._began_s or 0.0) > self._patience_s:
                self.occupied = True
                self.stop()
            return
        self._baseline_n = np.asarray(mean_n)
        self.silent = [self.mat.names[place] for place in np.flatnonzero(~read.any(axis=0))]
        self._left = [name for name in self._left if name not in self.silent]
        self._turn_to(Turn.PRESS if self._left else Turn.DONE, t_s)

    def _watch(self, t_s: float, risen_n: FloatArray) -> None:
        strongest = float(risen_n.max())
        if self._lasts(t_s, strongest > PRESS_N, HELD_S):
            moved = np.flatnonzero(risen_n > SHARE_OF_STRONGEST * strongest)
            by_force = sorted(moved.tolist(), key=lambda place: -risen_n[place])
            self.answers[self._left[0]] = tuple(self.mat.names[place] for place in by_force)
            self._turn_to(Turn.RELEASE, t_s)
        elif t_s - (self._began_s or 0.0) > self._patience_s:
            self.answers[self._left[0]] = ()
            self._next(t_s)

    def _lasts(self, t_s: float, now: bool, seconds: float) -> bool:
        """Whether it has been so for some time."""
        if not now:
            self._since_s = None
            return False
        self._since_s = t_s if self._since_s is None else self._since_s
        return t_s - self._since_s >= seconds

    def _next(self, t_s: float | None) -> None:
        self._left.pop(0)
        self._turn_to(Turn.PRESS if self._left else Turn.DONE, t_s)

    def _turn_to(self, turn: Turn, t_s: float | None) -> None:
        self.turn, self._began_s, self._since_s = turn, t_s, None


def place_words(sensor: Sensor) -> str:
    """Where to press, seen from the printed pelvic line: `left, 45 cm below the line`."""
    y_mm = sensor.centre_mm[1]
    if sensor.side is not None:
        side = sensor.side
    else:
        side = (
            "in the middle" if len({x_mm for x_mm, _ in sensor.bars_mm}) == 1 else "left or right"
        )
    if abs(y_mm) < sensor.height_mm:
        return f"{side}, on the pelvic line"
    where = "above" if y_mm > 0.0 else "below"
    return f"{side}, {abs(y_mm) / 10:.0f} cm {where} the line"


def press_findings(mat: Mat, answers: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """What the answers say of the wiring: a line for each pair and each strip that is not right,
    and one for all that are."""
    sensors = {sensor.name: sensor for sensor in mat.sensors}
    alone = {asked: moved[0] for asked, moved in answers.items() if len(moved) == 1}
    found: list[Finding] = []
    for asked, moved in answers.items():
        if moved == (asked,):
            continue
        if not moved:
            remedy = "press in the middle of its bar, harder; else see its line under strips."
            found.append(Finding("wiring", State.BAD, "did not answer", remedy, asked))
        elif len(moved) > 1:
            others = " and ".join(name for name in moved if name != asked)
            figure = f"pressing {asked} moves {others} too"
            remedy = "their wires touch: part them, in the plugs and in the mat box."
            found.append(Finding("wiring", State.BAD, figure, remedy, asked))
        elif alone.get(moved[0]) != asked:
            figure = f"pressing {asked} moves {moved[0]}"
            remedy = (
                f"its plug belongs in {socket(sensors[asked])}, not {socket(sensors[moved[0]])}."
            )
            found.append(Finding("wiring", State.BAD, figure, remedy, asked))
        elif asked < moved[0]:
            found.append(_crossed(sensors[asked], sensors[moved[0]]))
    right = sum(moved == (asked,) for asked, moved in answers.items())
    if not found and right:
        figure = f"{right} of {len(mat.names)} strips pressed, each answers in its place"
        found.append(Finding("wiring", State.OK, figure))
    return found or [NOT_ASKED]


def _crossed(one: Sensor, other: Sensor) -> Finding:
    """Two strips that answer for each other."""
    remedy = f"exchange their plugs, in {socket(one)} and {socket(other)}."
    if one.row == other.row:
        figure = f"left and right of the {one.row} row are exchanged"
    elif one.side == other.side:
        figure = f"rows {one.row} and {other.row} are crossed: {one.name}, {other.name}"
    else:
        figure = f"{one.name} and {other.name} are crossed"
    return Finding("wiring", State.BAD, figure, remedy, one.name)


def socket(sensor: Sensor) -> str:
    """The input that a strip belongs to: `0x4a A1`."""
    return f"{sensor.address:#x} A{sensor.channel}"
