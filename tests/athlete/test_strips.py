"""The simulated strips have the vices of real ones, in the sizes measured on a real one."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from device.athlete.divider import Divider
from device.athlete.fsr import FsrBank
from device.athlete.record import dead_weight_points, record
from device.core.calibration import fit_calibration
from device.mat_file import load_mat

EXCERPT = Path(__file__).parents[1] / "data" / "fsr408_bed_normal.txt.gz"
"""A real FSR 408 under a lying person, by TomVer99, CC BY 4.0 (the file's head says more)."""
RATE_HZ = 175.0
SUPPLY_MV, PULLDOWN_OHM = 3300.0, 10e3
LAY_DOWN_S = 4.5
"""From there on the person of the excerpt lies."""

MAT = load_mat()


@pytest.fixture(scope="module")
def millivolts() -> np.ndarray:
    with gzip.open(EXCERPT, "rt", encoding="ascii") as lines:
        return np.array([float(line) for line in lines if not line.startswith("#")])


def siemens(millivolts: np.ndarray) -> np.ndarray:
    return millivolts / (SUPPLY_MV - millivolts) / PULLDOWN_OHM


def creep_per_decade(times_s: np.ndarray, conductance: np.ndarray) -> float:
    """Growth per tenfold of time, as a share of the conductance at one second."""
    slope, at_one = np.polyfit(np.log10(times_s), conductance, 1)
    return float(slope / at_one)


def band(values: np.ndarray, rate_hz: float, low_hz: float, high_hz: float) -> float:
    """Root mean square of what lies between two frequencies."""
    window = np.hanning(len(values))
    power = np.abs(np.fft.rfft((values - values.mean()) * window)) ** 2
    frequencies = np.fft.rfftfreq(len(values), 1.0 / rate_hz)
    chosen = power[(frequencies >= low_hz) & (frequencies < high_hz)].sum()
    return float(np.sqrt(2.0 * chosen / (window**2).sum() / len(values)))


def simulated_step(force_n: float, seconds: float, seed: int = 3) -> np.ndarray:
    bank = FsrBank(MAT, seed)
    force = np.full(bank.n_bars, force_n)
    return np.array([bank.step(force, 0.05) for _ in range(round(seconds / 0.05))])


def test_creep_is_that_of_a_real_strip_under_a_person(millivolts: np.ndarray) -> None:
    lying = siemens(millivolts[round(LAY_DOWN_S * RATE_HZ) :])
    times_s = 1.0 / RATE_HZ + np.arange(len(lying)) / RATE_HZ
    late = times_s > 3.0
    real = creep_per_decade(times_s[late], lying[late])
    assert 0.08 < real < 0.25
    conductance = simulated_step(20.0, 70.0)
    times_s = 0.05 * np.arange(1, len(conductance) + 1)
    late = times_s > 3.0
    for strip in conductance.T:
        simulated = creep_per_decade(times_s[late], strip[late])
        assert 0.4 * real < simulated < 2.5 * real


def test_noise_is_that_of_a_real_strip(millivolts: np.ndarray) -> None:
    lying = millivolts[-40 * round(RATE_HZ) :]
    real_mv = band(lying, RATE_HZ, 40.0, 80.0)
    divider = Divider(MAT, 5)
    shares = divider.shares(np.full(len(MAT.sensors), 1e-3))
    times_s = np.arange(4000) / RATE_HZ
    for place in range(len(MAT.sensors)):
        volts = np.array([divider.volts(place, shares[place], t) for t in times_s.tolist()])
        assert 0.2 * real_mv < 1000.0 * band(volts, RATE_HZ, 40.0, 80.0) < 2.0 * real_mv


def test_a_breath_moves_a_row_at_rest_by_one_to_four_per_cent(millivolts: np.ndarray) -> None:
    """Peak to peak about 2.8 times the root mean square; so it is on the real strip, too."""
    lying = siemens(millivolts[-40 * round(RATE_HZ) :])
    real = 2.8 * band(lying, RATE_HZ, 0.12, 0.5) / lying.mean()
    assert 0.005 < real < 0.04
    t_s, counts, truth = record(MAT, 4, 12.0)
    calibration = fit_calibration(MAT, dead_weight_points(MAT, 4), "dead weights")
    forces_n = calibration.forces_n(counts)
    still = (t_s > 7.5) & (t_s < min([10.0, *(rep.start_s - 0.5 for rep in truth)]))
    for row in ("ribs", "abdomen"):
        load = forces_n[still][:, list(MAT.indices(row))].sum(axis=1)
        swing = np.ptp(np.convolve(load, np.ones(20) / 20.0, "valid")) / load.mean()
        assert 0.005 < swing < 0.08


def test_less_is_felt_going_up_than_coming_down() -> None:
    bank = FsrBank(MAT, 6)
    ones = np.ones(bank.n_bars)
    rising = [bank.step(force * ones, 0.01) for force in np.linspace(0.0, 40.0, 400)]
    falling = [bank.step(force * ones, 0.01) for force in np.linspace(40.0, 0.0, 400)]
    loop = (falling[200] - rising[200]) / rising[200]
    assert np.all(loop > 0.04)
    assert np.all(loop < 0.40)
    assert 0.08 < loop.mean() < 0.30


def test_an_unloaded_strip_returns_to_its_zero_but_not_at_once() -> None:
    bank = FsrBank(MAT, 7)
    empty = bank.step(np.zeros(bank.n_bars), 0.01)
    for _ in range(600):
        loaded = bank.step(np.full(bank.n_bars, 25.0), 0.1)
    at_once = bank.step(np.zeros(bank.n_bars), 0.01)
    for _ in range(600):
        later = bank.step(np.zeros(bank.n_bars), 0.1)
    assert np.all(at_once - empty > 0.003 * (loaded - empty))
    assert np.all(at_once - empty < 0.04 * (loaded - empty))
    assert np.all(later - empty < at_once - empty)


def test_parts_of_one_mat_differ_and_seeds_repeat() -> None:
    one, again, other = (simulated_step(20.0, 1.0, seed)[-1] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.allclose(one, other, rtol=0.02)
    alike = [i for i, s in enumerate(MAT.sensors) if s.part == "FSR 408" and len(s.bars_mm) == 1]
    assert 0.05 < np.std(one[alike]) / np.mean(one[alike]) < 0.3


def test_dead_weights_calibrate_this_mat() -> None:
    """Within hysteresis and creep the calibrated mat reads the weight that lies on a strip."""
    points = dead_weight_points(MAT, 8)
    assert set(points) == set(MAT.names)
    calibration = fit_calibration(MAT, points, "dead weights")
    divider, bank = Divider(MAT, 8), FsrBank(MAT, 8)
    of_bar = np.array([1.0 / len(s.bars_mm) for s in MAT.sensors for _ in s.bars_mm])
    for _ in range(80):
        siemens_now = bank.step(15.0 * of_bar, 0.1)
    shares = divider.shares(siemens_now)
    per_count = MAT.electronics.volts_per_count
    counts = np.array([divider.volts(i, s, 9.0) / per_count for i, s in enumerate(shares)])
    assert calibration.forces_n(counts) == pytest.approx(np.full(len(MAT.sensors), 15.0), rel=0.15)


def test_a_sagging_supply_moves_reference_and_strips_alike() -> None:
    divider = Divider(MAT, 9)
    shares = divider.shares(np.full(len(MAT.sensors), 1e-3))
    times = (3.0, 20.0, 45.0)
    ratios = [
        divider.volts(0, shares[0], t) / divider.volts(len(shares) - 1, shares[-1], t)
        for t in times
    ]
    assert ratios == pytest.approx([1.0, 1.0, 1.0], abs=3e-3)
