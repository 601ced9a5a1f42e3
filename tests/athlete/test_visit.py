"""A simulated visit: who comes, what they do, what they are asked to do, and what it costs."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from device.athlete import COMMANDS, SimulatedMat, TrueRep, dead_weight_points, record
from device.athlete.moves import KINDS, LieDown, Lift, MoveError, NextMember
from device.athlete.script import ORDERS, habits_of, visits
from device.core.calibration import fit_calibration
from device.core.mat import Mat
from device.core.types import Fault, FloatArray, Side, Verdict
from device.mat_file import load_mat

MAT = load_mat()
STEP_S = 0.05


def play(mat: SimulatedMat, until_s: float, since_s: float = 0.0) -> FloatArray:
    """Counts of every `STEP_S` up to a time."""
    return np.array([mat.counts(t) for t in np.arange(since_s, until_s, STEP_S).tolist()])


def done(mat: SimulatedMat, *names: str, since_s: float) -> float:
    """Have these orders done one after the other from `since_s` on; returns when they are."""
    for name in names:
        mat.command(name)
    mat.advance(since_s)
    t_s = since_s + STEP_S
    mat.advance(t_s)
    while mat.doing is not None and t_s < since_s + 30.0:
        t_s += STEP_S
        mat.advance(t_s)
    return t_s


@pytest.fixture(scope="module")
def truths() -> dict[str, tuple[TrueRep, ...]]:
    """What a member who lies there really did on each order, and on nothing else."""
    mat = SimulatedMat(MAT, 5)
    t_s = done(mat, "lie_down", since_s=0.0)
    told: dict[str, tuple[TrueRep, ...]] = {}
    for name in ORDERS:
        before = len(mat.truth)
        t_s = done(mat, name, "brace", since_s=t_s)
        told[name] = mat.truth[before:]
    return told


def forces_n(counts: FloatArray, seed: int, mat: Mat = MAT) -> FloatArray:
    return fit_calibration(mat, dead_weight_points(mat, seed), "dead weights").forces_n(counts)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_visit_begins_empty_and_its_first_rep_comes_when_all_is_said(seed: int) -> None:
    mat = SimulatedMat(MAT, seed)
    loads = forces_n(play(mat, 9.5), seed).sum(axis=1)
    assert abs(loads[: round(1.0 / STEP_S)]).max() < 10.0
    weight_n = mat.body.weight_n
    assert 0.15 * weight_n < loads[round(9.0 / STEP_S)] < 0.45 * weight_n
    t_s = 9.5
    while not mat.truth and t_s < 25.0:
        t_s += STEP_S
        mat.advance(t_s)
    assert 12.0 < mat.truth[0].start_s < 16.0
    assert mat.truth[0].verdict is Verdict.GLUTE


def test_reps_alternate_mostly_clean_with_every_kind_of_fault_among_them() -> None:
    rng = np.random.default_rng(1)
    moves = list(itertools.islice(visits(rng, habits_of(rng)), 2000))
    lifts = [move for move in moves if isinstance(move, Lift)]
    clean = [lift for lift in lifts if lift.tilt_deg < 4.5 and lift.roll_deg < 4.0]
    assert 0.55 < len(clean) / len(lifts) < 0.85
    assert any(lift.tilt_deg > 8.0 and not lift.late for lift in lifts)
    assert any(lift.tilt_deg > 8.0 and lift.late for lift in lifts)
    assert any(lift.roll_deg > 7.0 for lift in lifts)
    assert any(lift.lower_s < 0.5 for lift in lifts)
    assert any(lift.head > 0.0 for lift in lifts)
    assert {lift.side for lift in lifts} == set(Side)
    single = [lift.side for lift in lifts[:6]]
    assert all(one is not two for one, two in itertools.pairwise(single))
    assert any(isinstance(move, NextMember) for move in moves)


def test_the_same_seed_repeats_the_visit_and_another_one_does_not() -> None:
    one, again, other = (record(MAT, seed, 6.0)[1] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("name", "side", "verdict", "faults"),
    [
        ("lift_left", Side.LEFT, Verdict.GLUTE, ()),
        ("lift_right", Side.RIGHT, Verdict.GLUTE, ()),
        ("lift_both", Side.BOTH, Verdict.GLUTE, ()),
        ("arch_left", Side.LEFT, Verdict.ARCH, (Fault.TILT,)),
        ("arch_both", Side.BOTH, Verdict.ARCH, (Fault.TILT,)),
        ("high_right", Side.RIGHT, Verdict.ARCH, (Fault.TOO_HIGH,)),
        ("roll_left", Side.LEFT, Verdict.ARCH, (Fault.ROTATION,)),
        ("fast_right", Side.RIGHT, Verdict.GLUTE, (Fault.FAST_LOWER,)),
        ("look_left", Side.LEFT, Verdict.GLUTE, (Fault.HEAD,)),
    ],
)
def test_an_ordered_lift_is_done_and_told_truly(
    name: str,
    side: Side,
    verdict: Verdict,
    faults: tuple[Fault, ...],
    truths: dict[str, tuple[TrueRep, ...]],
) -> None:
    (rep,) = truths[name]
    assert rep.side is side
    assert rep.verdict is verdict
    assert rep.faults == faults
    assert rep.start_s < rep.top_s < rep.end_s
    assert rep.height_mm > 60.0


@pytest.mark.parametrize(
    "name", ["head", "shift", "bend_left", "bend_right", "wriggle", "fidget", "brace", "relax"]
)
def test_what_is_no_lift_is_no_rep(name: str, truths: dict[str, tuple[TrueRep, ...]]) -> None:
    assert truths[name] == ()


def test_every_order_can_be_given(truths: dict[str, tuple[TrueRep, ...]]) -> None:
    """Each kind of lift is one rep on its side, all else is none."""
    assert {*truths, "script"} == set(COMMANDS)
    kinds = tuple(f"{kind}_" for kind in KINDS)
    lifts = [name for name in truths if name.startswith(kinds)]
    assert [len(truths[name]) for name in lifts] == [1] * len(lifts)
    assert sum(len(reps) for reps in truths.values()) == len(lifts)
    assert all(truths[name][0].side.value == name.split("_")[1] for name in lifts)


def test_an_order_that_is_none_is_refused_with_the_ones_there_are() -> None:
    mat = SimulatedMat(MAT, 1)
    with pytest.raises(MoveError, match=r"'jump'.*lift_left"):
        mat.command("jump")


def test_who_is_ordered_to_lift_before_lying_down_lies_down_first() -> None:
    mat = SimulatedMat(MAT, 2)
    mat.command("lift_left")
    moves = []
    for t_s in np.arange(0.0, 14.0, STEP_S).tolist():
        mat.advance(t_s)
        moves.append(type(mat.doing))
    assert moves.index(LieDown) < moves.index(Lift)
    assert len(mat.truth) == 1


def test_after_orders_the_script_goes_on_when_asked_to() -> None:
    mat = SimulatedMat(MAT, 4)
    mat.command("lie_down")
    play(mat, 16.0)
    assert mat.truth == ()
    mat.command("script")
    play(mat, 36.0, since_s=16.0)
    assert mat.truth


def test_getting_up_in_between_is_no_trap() -> None:
    mat = SimulatedMat(MAT, 4)
    for name in ("get_up", "lie_down", "lie_down", "lift_left", "get_up", "get_up"):
        mat.command(name)
    done(mat, since_s=0.0)
    assert mat.force_n.sum() == 0.0
    assert len(mat.truth) == 1


def test_a_mat_without_the_head_pad_or_with_strips_elsewhere_feels_what_lies_on_it() -> None:
    sensors = tuple(sensor for sensor in MAT.sensors if sensor.row != "head")
    bare = replace(MAT, sensors=sensors)
    counts = record(bare, 6, 10.5)[1]
    assert counts.shape[1] == len(sensors) + 1
    whole = record(MAT, 6, 10.5)[1]
    pubis = MAT.names.index("pubis")
    beside = replace(
        MAT,
        sensors=tuple(
            replace(sensor, bars_mm=((-240.0, 600.0),), width_mm=100.0)
            if sensor.row == "pubis"
            else sensor
            for sensor in MAT.sensors
        ),
    )
    moved = record(beside, 6, 10.5)[1]
    rest = slice(900, 1000)
    assert moved[rest, pubis].mean() < 0.6 * whole[rest, pubis].mean()
    others = [i for i in range(len(MAT.names)) if i != pubis]
    assert moved[rest][:, others] == pytest.approx(whole[rest][:, others], rel=0.05)


def test_an_input_without_a_wire_is_at_ground() -> None:
    sensors = MAT.sensors[:-1]
    free = (MAT.sensors[-1].address, MAT.sensors[-1].channel)
    mat = SimulatedMat(replace(MAT, sensors=sensors), 1)
    assert mat.volts(*free, 1.0) == 0.0
    assert mat.volts(0x48, 17, 1.0) == 0.0


def test_volts_stay_within_the_supply_and_the_reference_is_its_share() -> None:
    mat = SimulatedMat(MAT, 7)
    for t_s in np.arange(0.0, 20.0, 0.02).tolist():
        for slot in MAT.slots[::5]:
            assert 0.0 <= mat.volts(*slot, t_s) < 1.03 * MAT.electronics.supply_v
    assert mat.volts(*MAT.slots[-1], 20.0) == pytest.approx(MAT.reference.nominal_v, rel=0.03)


def test_time_may_begin_anywhere_and_a_halted_process_does_not_run_after_its_time() -> None:
    mat = SimulatedMat(MAT, 1)
    mat.advance(98765.0)
    for step in range(500):
        mat.advance(98765.0 + step * STEP_S)
    first = mat.truth[0]
    assert 98777.0 < first.start_s < 98781.0
    began = time.process_time()
    mat.advance(98765.0 + 1e6)
    assert time.process_time() - began < 1.0
    doing = mat.doing
    mat.advance(98765.0 + 1e6 + 0.02)
    assert mat.doing is doing


def test_simulating_costs_a_small_share_of_one_core() -> None:
    """2400 voltages a second with the body moving: under 15 % of a core, usually about 2."""
    mat = SimulatedMat(MAT, 2)
    seconds = 20
    began = time.process_time()
    for frame in range(150 * seconds):
        for address, channel in MAT.slots:
            mat.volts(address, channel, frame / 150.0)
    assert time.process_time() - began < 0.15 * seconds
