"""The mat with a simulated member on it: voltages at the converters' inputs, moment by moment.

Everything between muscles and volts happens once a tick: tracks, equilibrium, bars, strips. Asking
for a voltage only adds the supply and the noise of that moment, so the emulated chips may ask as
often as they convert.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from device.athlete.body import GRAVITY_M_S2, Body, body_of
from device.athlete.collect import bar_sensors, shares
from device.athlete.crawl import Crawl
from device.athlete.divider import Divider
from device.athlete.fsr import FsrBank
from device.athlete.joints import Drive
from device.athlete.moves import TRACKS, GetUp, LieDown, Lift, Move, NextMember, Tracks, Turn
from device.athlete.script import SCRIPT, habits_of, ordered, visits
from device.athlete.statics import Statics
from device.athlete.tracks import Track
from device.athlete.truth import TrueRep, TruthKeeper
from device.athlete.weights import PRESS, DeadWeights
from device.core.mat import Mat
from device.core.types import FloatArray

TICK_S = 0.01
"""The body is worked out a hundred times a second; nothing it does is quicker than 10 Hz."""
LONGEST_GAP_S = 1.0
"""A longer silence than this (a halted process) passes without the body moving on."""
TREMOR_RAD = math.radians(0.12)
"""A held leg is never quite still: amplitude at about 3 Hz."""
RESTLESS_SHARE = 0.25
"""How far loads of single places stray while a body finds its place."""
RESTLESS_MEMORY_S = 0.25
QUIET_SHARE = 0.004
"""And while it lies still: heartbeat, swallowing, small muscles."""
MOST_TRUTH = 20_000
"""Reps remembered, two days of lifting without a pause: a demonstration may go on for a year."""


class SimulatedMat:
    """A mat, the strips built into it and the member on it; the same seed repeats it exactly.

    Times are those of the caller's clock and must not fall. `truth` has the reps really done.
    """

    def __init__(self, mat: Mat, seed: int) -> None:
        self.mat = mat
        self.seed = seed
        self._rng = np.random.default_rng([seed, 1])
        self._strips = FsrBank(mat, seed)
        self._divider = Divider(mat, seed)
        self._places = {slot: place for place, slot in enumerate(mat.slots)}
        self._bars = bar_sensors(mat)
        self._tracks: Tracks = {name: Track() for name in TRACKS}
        self._habits = habits_of(self._rng)
        self._script: Iterator[Move] = visits(self._rng, self._habits)
        self._orders: deque[Move] = deque()
        self._scripted = True
        self._move: Move | None = None
        self._move_end_s = 0.0
        self._body_s = 0.0
        self._lag_s: float | None = None
        self._reps: deque[TrueRep] = deque(maxlen=MOST_TRUTH)
        self._crawl = Crawl(mat, self._rng)
        self.weights = DeadWeights(mat)
        self._enter(body_of(self._rng))
        self._shares_v = self._divider.shares(self._strips.step(np.zeros(len(self._bars)), TICK_S))
        self.force_n = np.zeros(len(self._bars))

    # -- what others ask for -------------------------------------------------------------------

    @property
    def truth(self) -> tuple[TrueRep, ...]:
        """The reps done so far, in the caller's time; after `MOST_TRUTH` of them, the latest."""
        return tuple(self._reps)

    @property
    def body(self) -> Body:
        """The member whose turn it is."""
        return self._statics.body

    @property
    def doing(self) -> Move | None:
        """The move in progress."""
        return self._move

    def volts(self, address: int, channel: int, t_s: float) -> float:
        """The voltage at an input of the chip of that address; an input with no wire is at 0 V."""
        self.advance(t_s)
        place = self._places.get((address, channel))
        if place is None:
            return 0.0
        return self._divider.volts(place, self._shares_v[place], t_s)

    def counts(self, t_s: float) -> FloatArray:
        """What ideal converters read on all channels at once, in the order of `Mat.channels`."""
        self.advance(t_s)
        electronics = self.mat.electronics
        volts = np.array(self._divider.all_volts(self._shares_v, t_s))
        volts = np.minimum(volts, min(electronics.supply_v, electronics.full_scale_v))
        return np.asarray(np.round(volts / electronics.volts_per_count), dtype=np.float64)

    def command(self, name: str) -> None:
        """Order a move (`device.athlete.script.COMMANDS`) as soon as the present one is over.

        The first order stops the script until `script` is ordered. Someone who is not on the mat
        lies down first. `press STRIP NEWTONS` lays a dead weight at once, whoever lies there.
        Raises `MoveError` for a name that is none.
        """
        if name == SCRIPT:
            self._scripted = True
            return
        if name.startswith(PRESS):
            self.weights.order(name)
            return
        moves = ordered(name, self._rng, self._habits)
        self._scripted = False
        self._orders.extend(moves)

    def advance(self, t_s: float) -> None:
        """Let the body go on until that time of the caller's clock."""
        if self._lag_s is None:
            self._lag_s = t_s
        if t_s - self._lag_s - self._body_s > LONGEST_GAP_S:
            self._lag_s = t_s - self._body_s - TICK_S
        until_s = t_s - self._lag_s
        while self._body_s + TICK_S <= until_s:
            self._tick()

    # -- one tick ------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._body_s += TICK_S
        now_s = self._body_s
        while now_s >= self._move_end_s:
            if not self._begin(now_s):
                break
        lying = self._tracks["lying"].at(now_s)[0]
        kneeling = self._tracks["kneeling"].at(now_s)[0]
        force_n = np.zeros(len(self._bars))
        restless = self._restless(now_s)
        if lying > 0.0:
            drive = self._drive(now_s)
            loads_pct = self._statics.solve(drive)
            stray = (QUIET_SHARE + RESTLESS_SHARE * restless) * self._stray
            pressed = loads_pct * np.maximum(1.0 + stray, 0.0)
            force_n += self._collect @ pressed * (lying * self.body.weight_n / 100.0)
            if lying >= 1.0:
                heights_mm = self._statics.foot_heights_mm()
                pelvis_rad = self._statics.pelvis_rad()
                self._truth.watch(now_s + (self._lag_s or 0.0), heights_mm, pelvis_rad, drive)
                if self._truth.reps:
                    self._reps += self._truth.reps
                    self._truth.reps.clear()
        if kneeling > 0.0:
            force_n += self._crawl.forces_n(now_s) * (kneeling * self.body.weight_n)
        force_n += self.weights.forces_n(TICK_S)
        self.force_n = force_n
        self._shares_v = self._divider.shares(self._strips.step(force_n, TICK_S))

    def _restless(self, now_s: float) -> float:
        """Let the stray loads wander on; returns how much they matter now."""
        keep = math.exp(-TICK_S / RESTLESS_MEMORY_S)
        self._stray *= keep
        self._stray += self._rng.normal(0.0, math.sqrt(1.0 - keep * keep), len(self._stray))
        return self._tracks["restless"].at(now_s)[0]

    def _drive(self, now_s: float) -> Drive:
        value = {name: track.at(now_s) for name, track in self._tracks.items()}
        tremor = TREMOR_RAD * math.sin(19.0 * now_s) * math.sin(2.3 * now_s)
        lifting = value["driven_left"][0], value["driven_right"][0]
        hips = value["hip_left"], value["hip_right"]
        reach_m = self._statics.leg_mm / 1000.0
        body = self.body
        return Drive(
            tilt=value["tilt"][0],
            roll=value["roll"][0],
            hips=(
                hips[0][0] + tremor * min(hips[0][0] * 10.0, 1.0),
                hips[1][0] + tremor * min(hips[1][0] * 10.0, 1.0),
            ),
            lifting=lifting,
            knees=(value["knee_left"][0], value["knee_right"][0]),
            surges=(hips[0][1] * reach_m / GRAVITY_M_S2, hips[1][1] * reach_m / GRAVITY_M_S2),
            head=value["head"][0],
            brace=value["brace"][0],
            breath_mm=body.breath_mm * math.sin(math.tau * body.breath_rate_hz * now_s),
        )

    # -- moves ---------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> bool:
        """Take up the next move; False if there is none."""
        on_mat = self._tracks["lying"].at(now_s)[0] > 0.5
        move: Move | None
        if self._orders:
            if isinstance(self._orders[0], LieDown) and on_mat:
                self._orders.popleft()
                return bool(self._orders) or self._scripted
            if not on_mat and not isinstance(self._orders[0], LieDown | GetUp | Turn):
                move = LieDown()
            else:
                move = self._orders.popleft()
            if isinstance(move, GetUp) and not on_mat:
                return bool(self._orders) or self._scripted
        elif self._scripted:
            move = next(self._script)
            if isinstance(move, LieDown) and on_mat:
                return True
            if isinstance(move, Lift) and not on_mat:
                return True
        else:
            self._move = None
            return False
        if isinstance(move, NextMember):
            self._enter(move.body)
        elif isinstance(move, Turn):
            self._lie(replace(self.body, yaw_rad=math.radians(move.yaw_deg)))
        self._move = move
        self._move_end_s = move.begin(self._tracks, now_s)
        return True

    def _enter(self, body: Body) -> None:
        self._statics = Statics(body)
        self._lie(body)
        self._stray = np.zeros(len(self._statics.contacts.x_mm))
        self._truth = TruthKeeper()

    def _lie(self, body: Body) -> None:
        """Where on the mat the body that is here presses, lying as `body` says."""
        contacts = self._statics.contacts
        self._collect = shares(
            self.mat, contacts.x_mm, contacts.y_mm, contacts.spread_mm, body.offset_mm, body.yaw_rad
        )
