"""`pronemat bench core`: the time a frame takes from counts to events."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from device.athlete.record import dead_weight_points, record
from device.core.calibration import fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.mat_file import load_mat
from device.model_file import load_model

SEED = 1
VISIT_S, LEAST_S = 120.0, 20.0
"""A visit of the simulated member, repeated over the hour: lying down, lifts, fidgets; and
the least of it that has a lift."""
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class CoreTimes:
    """Time of one `Pipeline.step` (the first call included) and of an hour of frames."""

    step_us_median: float
    step_us_p99: float
    hour_replay_s: float
    reps: int


def measure_core(mat: Mat, hour_s: float = HOUR_S) -> CoreTimes:
    """Run `hour_s` seconds of frames through the core; the times are scaled to a whole hour."""
    visit_s = min(VISIT_S, hour_s)
    times, counts, _ = record(mat, SEED, visit_s)
    calibration = fit_calibration(mat, dead_weight_points(mat, SEED), "bench")
    pipeline = Pipeline(calibration, load_model())
    rounds = round(hour_s / visit_s)
    steps_s = np.empty(rounds * len(times))
    index = reps = 0
    began_s = time.perf_counter()
    before_s = began_s
    for turn in range(rounds):
        for t_s, frame in zip((times + turn * visit_s).tolist(), counts, strict=True):
            events = pipeline.step(t_s, frame)
            now_s = time.perf_counter()
            steps_s[index] = now_s - before_s
            before_s = now_s
            index += 1
            if events:
                reps += sum(hasattr(event, "verdict") for event in events)
    whole_s = time.perf_counter() - began_s
    return CoreTimes(
        step_us_median=float(np.median(steps_s)) * 1e6,
        step_us_p99=float(np.percentile(steps_s, 99)) * 1e6,
        hour_replay_s=whole_s * HOUR_S / (rounds * visit_s),
        reps=reps,
    )


@click.command(epilog="Examples: pronemat bench core; pronemat bench core --seconds 120 --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the line.")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="Another mat.toml.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=LEAST_S),
    default=HOUR_S,
    show_default=True,
    help="How much of an hour to run; the figure is scaled up.",
)
def core(as_json: bool, mat_path: Path | None, seconds: float) -> None:
    """Time the core on a simulated visit, repeated for an hour of 100 frames a second."""
    times = measure_core(load_mat(mat_path), seconds)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "step_us_median": round(times.step_us_median, 2),
                    "step_us_p99": round(times.step_us_p99, 2),
                    "hour_replay_s": round(times.hour_replay_s, 2),
                }
            )
        )
        return
    click.echo(
        f"One step: {times.step_us_median:.1f} us median, {times.step_us_p99:.1f} us at the "
        f"99th percentile. An hour of frames: {times.hour_replay_s:.1f} s ({times.reps} reps)."
    )
