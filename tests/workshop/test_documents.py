"""Wiring table, bill of materials and divider, each counted or worked out here a second time."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from device.cli.divider import divider
from device.config import PanelSettings
from device.core.calibration import datasheet_calibration
from device.core.parts import PARTS
from device.mat_file import load_mat
from device.workshop.circuit import HEADER
from device.workshop.divider import FORCES_N, at_force, density, force_at_strip_volts

HARDWARE = Path(__file__).parent.parent.parent / "hardware"
PLAN: dict[str, Any] = tomllib.loads((HARDWARE / "mat.toml").read_text(encoding="utf-8"))
MAT = load_mat()


def rows(document: str) -> list[list[str]]:
    """The cells of every table's line."""
    text = (HARDWARE / document).read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_the_wiring_table_has_every_length_of_every_strip() -> None:
    table = rows("wiring.md")
    plugs = set()
    for sensor in PLAN["sensor"]:
        for x, y in sensor["bars"]:
            (row,) = [
                cells
                for cells in table
                if cells[0].split(" ")[0] == sensor["name"] and cells[1] == f"{x}, {y}"
            ]
            assert f"({sensor['address']:#x})" in row[3]
            assert row[4] == f"A{sensor['channel']}"
            plugs.add(row[2])
    assert len(plugs) == sum(len(sensor["bars"]) for sensor in PLAN["sensor"])


def test_the_wiring_table_straps_every_chip_and_names_the_panels_pins() -> None:
    table = rows("wiring.md")
    straps = {cells[1]: cells[2] for cells in table if cells[0].startswith("U")}
    assert straps == {"0x48": "GND", "0x49": "3V3_MAT", "0x4a": "SDA", "0x4b": "SCL"}
    panel = PanelSettings()
    pins = {
        int(cells[1]): int(cells[2]) for cells in table if len(cells) == 3 and cells[1].isdigit()
    }
    assert set(pins) == {panel.led_pin, panel.buzzer_pin, panel.button_pin}
    assert pins == {17: 11, 27: 13, 22: 15}, "the header's pins, as printed on it"


def test_every_gpio_has_its_own_pin_of_the_header() -> None:
    supplies_and_grounds = {1, 2, 4, 6, 9, 14, 17, 20, 25, 30, 34, 39}
    assert sorted(HEADER) == list(range(28))
    assert set(HEADER.values()) == set(range(1, 41)) - supplies_and_grounds


def quantity(pattern: str) -> int:
    found = [int(c[0]) for c in rows("bill-of-materials.md") if re.search(pattern, c[1])]
    assert found, pattern
    return sum(found)


def test_the_bill_buys_what_the_mats_file_needs() -> None:
    bars = [(s["part"], s["width"], s["height"]) for s in PLAN["sensor"] for _ in s["bars"]]
    assert quantity(r"FSR 408-200$") == sum(1 for p, w, _ in bars if p == "FSR 408" and w >= 200)
    assert quantity(r"FSR 408-100$") == sum(
        1 for p, w, _ in bars if p == "FSR 408" and 100 <= w < 200
    )
    assert quantity(r"FSR 406$") == sum(1 for p, _, _ in bars if p == "FSR 406")
    assert quantity(r"aluminium.*, 260 x 20 mm") == sum(1 for _, w, _ in bars if w == 260)
    assert quantity(r"^puck") == quantity(r"^plug and socket") == len(bars)
    channels = len(PLAN["sensor"]) + 1
    chips = len({s["address"] for s in PLAN["sensor"]} | {PLAN["reference"]["address"]})
    assert quantity(r"^converter") == chips
    assert quantity(r"^resistor 1k, 0.1 %") == channels + 1, "the reference has two"
    assert quantity(r"^resistor 2.2k") == channels
    assert quantity(r"^capacitor 100 nF") == channels + chips
    for cells in rows("bill-of-materials.md")[2:]:
        assert len(cells) == 5
        assert all(cells), cells


@pytest.mark.parametrize("force_n", FORCES_N)
def test_the_core_reads_the_dividers_counts_back_as_the_load(force_n: float) -> None:
    """The worked-out counts are those that the product's own calibration understands."""
    point = at_force(MAT.electronics, PARTS["FSR 408"], force_n)
    counts = np.zeros(len(MAT.channels))
    counts[MAT.names.index("ribs_left")] = point.counts
    counts[-1] = MAT.reference.nominal_v / MAT.electronics.volts_per_count
    read = datasheet_calibration(MAT).forces_n(counts)[MAT.names.index("ribs_left")]
    assert read == pytest.approx(force_n, rel=0.02)


def test_counts_per_newton_are_the_slope_of_the_counts() -> None:
    for force_n in FORCES_N:
        step_n = force_n * 1e-4
        above = at_force(MAT.electronics, PARTS["FSR 408"], force_n + step_n).counts
        below = at_force(MAT.electronics, PARTS["FSR 408"], force_n - step_n).counts
        slope = (above - below) / (2 * step_n)
        point = at_force(MAT.electronics, PARTS["FSR 408"], force_n)
        assert point.counts_per_n == pytest.approx(slope, rel=1e-4)


def test_no_strip_exceeds_a_milliampere_a_square_centimetre_even_shorted() -> None:
    for sensor in MAT.sensors:
        worst = density(MAT.electronics, sensor)
        most_ma = PLAN["electronics"]["supply"] / PLAN["electronics"]["pulldown"] * 1000
        assert worst.shorted_ma_cm2 == pytest.approx(most_ma / worst.area_cm2)
        assert worst.shorted_ma_cm2 < 0.5, sensor.name


def test_a_strip_sees_less_than_one_and_a_half_volts_from_twelve_newtons_on() -> None:
    limit_n = force_at_strip_volts(MAT.electronics, PARTS["FSR 408"], 1.5)
    assert limit_n == pytest.approx(12.3, abs=0.1)
    assert at_force(MAT.electronics, PARTS["FSR 408"], limit_n).strip_v == pytest.approx(1.5)
    assert force_at_strip_volts(MAT.electronics, PARTS["FSR 408"], 3.3) == 0
    assert math.isfinite(limit_n)


def test_the_command_prints_the_range_and_tries_other_values() -> None:
    shown = CliRunner().invoke(divider, [], catch_exceptions=False).output
    assert "3.3 V, 1000 ohms" in shown
    assert re.search(r"│ +20 │ +2\.143 │ +1\.157 │ +2\.14 │ +17146 │ +270\.5 │", shown)
    assert "1.5 V or less from 12.3 N on" in shown
    other = CliRunner().invoke(divider, ["--supply", "1.5"], catch_exceptions=False).output
    assert "1.5 V or less from 0.0 N on" in other
