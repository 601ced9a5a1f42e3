"""The demonstration on another mat: fewer chips, other positions, other parts, by its file alone.

Simulated member, emulated chips, the real driver's scan and the whole core, in virtual time.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from device.athlete import SimulatedMat, TrueRep, dead_weight_points
from device.config import PanelSettings
from device.core.calibration import fit_calibration
from device.core.mat import Mat
from device.core.mat_reader import parse_mat
from device.core.pipeline import Pipeline
from device.core.types import Rep, Side
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.model_file import load_model
from device.sources.scan import ScanSource
from device.workshop.bill import bill_of
from device.workshop.circuit import draw_up
from device.workshop.pdf import to_pdf
from device.workshop.rules import broken_rules
from device.workshop.schematic import draw_schematic
from device.workshop.svg import to_svg
from device.workshop.tiles import draw_tiles
from device.workshop.wiring import wiring_text

TEXT = (Path(__file__).parents[2] / "hardware" / "mat.toml").read_text(encoding="utf-8")
HEAD, *SENSORS = re.split(r"(?=^\[\[sensor\]\])", TEXT[: TEXT.index("# Half the")], flags=re.M)
REFERENCE = TEXT[TEXT.index("[reference]") :]
SEED = 5
SECONDS = 36.0
"""A member comes, lies down and lifts each leg."""

EIGHT = (
    "abdomen_left",
    "abdomen_right",
    "asis_left",
    "asis_right",
    "thigh_left",
    "thigh_right",
    "foot_left",
    "foot_right",
)


def with_keys(sensor: str, **keys: object) -> str:
    """A sensor's table with other values."""
    for key, value in keys.items():
        sensor = re.sub(rf"^{key} = .*$", f"{key} = {value}", sensor, flags=re.M)
    return sensor


def eight_strips_on_two_chips() -> str:
    """All eight inputs of two chips have a strip: none is left for the reference."""
    chosen = [next(s for s in SENSORS if f'"{name}"' in s) for name in EIGHT]
    tables = [
        with_keys(sensor, address=hex(0x48 + place % 2), channel=place // 2)
        for place, sensor in enumerate(chosen)
    ]
    without = 'without = ["chest", "ribs", "pubis", "knee", "head", "reference"]'
    return HEAD.replace("[mat]", f"[mat]\n{without}") + "".join(tables)


def other_places_parts_and_resistors() -> str:
    """A shorter mat for smaller members: feet nearer, thinner foam, square parts, 470 ohms."""
    text = TEXT.replace("length = 2000", "length = 1900").replace(
        "pulldown = 1000", "pulldown = 470"
    )
    text = text.replace("foam_thickness = 10", "foam_thickness = 8")
    text = text.replace("[[-150, -880], [-150, -990]]", "[[-150, -840], [-150, -950]]")
    text = text.replace("[[150, -880], [150, -990]]", "[[150, -840], [150, -950]]")
    thigh = "bars = [[-150, -255]]\nwidth = 260\nheight = 20"
    assert thigh in text
    for side in ("-150", "150"):
        place = f"bars = [[{side}, -255]]\nwidth = 260\nheight = 20"
        text = text.replace(f'part = "FSR 408"\n{place}', f'part = "FSR 406"\n{place}')
    return text


MATS = {
    "eight strips on two chips": eight_strips_on_two_chips(),
    "other places, parts and resistors": other_places_parts_and_resistors(),
}


def a_visit(mat: Mat) -> tuple[list[Rep], tuple[TrueRep, ...], Pipeline]:
    """What the core makes of it, and what the member really did."""
    member = SimulatedMat(mat, SEED)
    clock = VirtualClock()
    bus = EmulatedBus(clock, member.volts, mat.electronics, mat.addresses, seed=SEED)
    source = ScanSource(mat, bus, clock, name="demo", frames_per_s=50.0)
    calibration = fit_calibration(mat, dead_weight_points(mat, SEED), "other")
    pipeline = Pipeline(calibration, load_model())
    reps: list[Rep] = []
    for frame in source.frames():
        assert not np.isnan(frame.counts[: len(mat.names)]).any()
        assert np.isnan(frame.counts[-1]) == (not mat.reference.fitted)
        reps += [e for e in pipeline.step(frame.t_s, frame.counts) if isinstance(e, Rep)]
        if frame.t_s > SECONDS:
            source.close()
    reps += [event for event in pipeline.finish() if isinstance(event, Rep)]
    counters = source.counters()
    assert counters.failed_reads == 0
    assert set(counters.chips) == set(mat.addresses)
    return reps, member.truth, pipeline


@pytest.mark.parametrize("name", MATS)
def test_a_visit_is_counted_on_another_mat(name: str) -> None:
    mat = parse_mat(MATS[name])
    reps, truth, pipeline = a_visit(mat)
    done = [rep for rep in truth if rep.end_s < SECONDS - 2]
    assert {rep.side for rep in done} == {Side.LEFT, Side.RIGHT}
    assert [rep.side for rep in reps[: len(done)]] == [rep.side for rep in done]
    assert pipeline.live().forces_n.shape == (len(mat.names),)
    assert not pipeline.live().bad_sensors


def test_two_chips_are_all_that_eight_strips_need() -> None:
    mat = parse_mat(eight_strips_on_two_chips())
    assert (len(mat.names), mat.addresses) == (8, (0x48, 0x49))


@pytest.mark.parametrize("name", MATS)
def test_its_template_wiring_bill_and_circuit_follow_its_file(name: str) -> None:
    mat, panel = parse_mat(MATS[name]), PanelSettings()
    netlist = draw_up(mat, panel)
    assert broken_rules(netlist, mat, panel) == []
    schematic = to_svg(draw_schematic(netlist, name))
    wiring = wiring_text(mat, panel)
    for sensor in mat.sensors:
        assert f">{sensor.name}: " in schematic
        assert f"| {sensor.name}" in wiring
    converters = [line for line in bill_of(mat, panel) if line.what.startswith("converter")]
    assert [line.quantity for line in converters] == [str(len(mat.addresses))]
    assert to_pdf(draw_tiles(mat)).startswith(b"%PDF")
