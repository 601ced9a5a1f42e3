"""The core keeps up, and needs no more memory after a day than after a minute."""

from __future__ import annotations

import json
import tracemalloc

from click.testing import CliRunner

from device.cli.bench_core import core
from device.core.pipeline import Pipeline
from tests.core.excerpts import excerpt


def test_bench_core_ends_with_its_figures_as_json() -> None:
    result = CliRunner().invoke(core, ["--json", "--seconds", "20"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output.splitlines()[-1])
    assert set(figures) == {"step_us_median", "step_us_p99", "hour_replay_s"}
    # The bars are 40 us and 20 s on a free machine; a busy one may be many times slower.
    assert 0.0 < figures["step_us_median"] < 400.0
    assert figures["step_us_median"] < figures["step_us_p99"]
    assert figures["hour_replay_s"] > 0.0


def test_memory_stays_flat_from_visit_to_visit() -> None:
    source = excerpt("both_legs")
    # Somebody comes, lies down, and lifts one leg, then both.
    part = source.t_s < source.labels["reps"][1]["end"] + 2.0
    t_s, counts = source.t_s[part], source.counts[part]
    pipeline = Pipeline(source.calibration)
    span_s = float(t_s[-1] - t_s[0]) + 1.0
    after: list[int] = []
    tracemalloc.start()
    try:
        for turn in range(3):
            for now_s, frame in zip((t_s + turn * span_s).tolist(), counts, strict=True):
                pipeline.step(now_s, frame)
            after.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert after[-1] - after[-2] < 20_000
