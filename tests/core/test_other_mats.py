"""Another mat: rows left out, added, in another order. Only the mat file changes."""

from __future__ import annotations

import dataclasses

import pytest

from device.core.calibration import Calibration
from device.core.mat import Sensor
from device.core.pipeline import Pipeline
from device.core.types import FloatArray
from tests.core.excerpts import MAT, Excerpt, events_of, excerpt, run, sides


def on_another_mat(
    source: Excerpt, sensors: list[tuple[Sensor, str]]
) -> tuple[Calibration, FloatArray]:
    """The excerpt as a mat with these sensors would have felt it, each reading what the named
    strip of the reference mat read."""
    mat = dataclasses.replace(MAT, sensors=tuple(sensor for sensor, _ in sensors))
    curves = {sensor.name: source.calibration.curves[origin] for sensor, origin in sensors}
    columns = [MAT.names.index(origin) for _, origin in sensors]
    return Calibration(mat, "other", True, curves), source.counts[:, [*columns, len(MAT.names)]]


def reps_on(name: str, sensors: list[tuple[Sensor, str]]) -> list[str]:
    source = excerpt(name)
    calibration, counts = on_another_mat(source, sensors)
    return sides(run(calibration, source.t_s, counts))


def reference_sensors() -> list[tuple[Sensor, str]]:
    return [(sensor, sensor.name) for sensor in MAT.sensors]


@pytest.mark.parametrize("name", ["each_leg", "both_legs"])
def test_the_order_of_the_sensors_does_not_matter(name: str) -> None:
    assert reps_on(name, reference_sensors()[::-1]) == sides(events_of(name))


@pytest.mark.parametrize("row", ["chest", "ribs", "abdomen", "pubis", "head", "foot", "knee"])
def test_without_a_row_the_count_goes_on(row: str) -> None:
    found = reps_on("each_leg", [pair for pair in reference_sensors() if pair[0].row != row])
    assert abs(len(found) - len(sides(events_of("each_leg")))) <= 1


@pytest.mark.parametrize("row", ["thigh", "asis"])
def test_without_thigh_or_hips_it_still_runs(row: str) -> None:
    assert reps_on("both_legs", [pair for pair in reference_sensors() if pair[0].row != row])


def test_a_row_that_the_product_has_no_name_for_is_taken_along() -> None:
    added = [
        (
            dataclasses.replace(sensor, name=f"shin_{sensor.side}", bars_mm=((0.0, -650.0),)),
            sensor.name,
        )
        for sensor in MAT.sensors
        if sensor.row == "knee"
    ]
    assert reps_on("each_leg", reference_sensors() + added) == sides(events_of("each_leg"))


def test_a_mat_of_one_strip_raises_nothing() -> None:
    one = dataclasses.replace(MAT, sensors=(MAT.sensors[0],))
    curves = {one.names[0]: excerpt("each_leg").calibration.curves[one.names[0]]}
    pipeline = Pipeline(Calibration(one, "one", True, curves))
    for index, frame in enumerate(excerpt("each_leg").counts[:3000, [0, -1]]):
        pipeline.step(index * 0.01, frame)
    assert pipeline.live().forces_n.shape == (1,)
