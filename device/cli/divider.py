"""`pronemat divider`: what the strips' divider makes of a load."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.core.mat import Electronics, Mat
from device.core.parts import Part
from device.mat_file import load_mat
from device.workshop.divider import (
    CURRENT_LIMIT_MA_CM2,
    FORCES_N,
    SENSITIVITY_LOSS_V,
    at_force,
    curves,
    density,
    force_at_strip_volts,
    most_current_ma,
    supply_current_ma,
)

HEADINGS = (
    "load N", "input V", "strip V", "mA", "counts", "counts/N", "noise N",
)  # fmt: skip


@click.command(epilog="Example: pronemat divider --supply 1.5")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat.toml.")
@click.option("--supply", type=click.FloatRange(0.1, 5.5), help="Volts, in place of the mat's.")
@click.option("--pulldown", type=click.FloatRange(10, 1e6), help="Ohms, in place of the mat's.")
def divider(mat_path: Path | None, supply: float | None, pulldown: float | None) -> None:
    """Work out volts, current and counts per newton over the range of loads.

    By the parts' data-sheet curves. --supply and --pulldown try other values; the mat's file stays.
    """
    mat = load_mat(mat_path)
    electronics = dataclasses.replace(
        mat.electronics,
        supply_v=supply or mat.electronics.supply_v,
        pulldown_ohm=pulldown or mat.electronics.pulldown_ohm,
    )
    console = Console(width=100, highlight=False)
    for part in curves(mat):
        console.print(_range_of(electronics, part))
        lost_n = force_at_strip_volts(electronics, part, SENSITIVITY_LOSS_V)
        console.print(f"The strip has {SENSITIVITY_LOSS_V:g} V or less from {lost_n:.1f} N on.\n")
    console.print(_densities(mat, electronics))
    console.print(
        f"A shorted strip draws {most_current_ma(electronics):.1f} mA, all of them together "
        f"{supply_current_ma(dataclasses.replace(mat, electronics=electronics)):.0f} mA."
    )


def _range_of(electronics: Electronics, part: Part) -> Table:
    title = f"{electronics.supply_v:g} V, {electronics.pulldown_ohm:g} ohms, "
    title += f"conductance {part.siemens_at_one_n:g} F^{part.exponent:g}"
    table = Table(title=title)
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for force_n in FORCES_N:
        point = at_force(electronics, part, force_n)
        table.add_row(
            f"{force_n:g}",
            f"{point.input_v:.3f}",
            f"{point.strip_v:.3f}",
            f"{point.current_ma:.2f}",
            f"{point.counts:.0f}",
            f"{point.counts_per_n:.1f}",
            f"{point.noise_n:.3f}",
        )
    return table


def _densities(mat: Mat, electronics: Electronics) -> Table:
    table = Table(title=f"Current density, limit {CURRENT_LIMIT_MA_CM2:g} mA/cm2")
    for heading in ("strips", "area cm2", "shorted mA/cm2", "limit reached below"):
        table.add_column(heading, justify="left" if heading == "strips" else "right")
    groups: dict[tuple[float, float, float], list[str]] = {}
    for sensor in mat.sensors:
        worst = density(electronics, sensor)
        key = worst.area_cm2, worst.shorted_ma_cm2, worst.least_length_mm
        groups.setdefault(key, []).append(sensor.name)
    for (area_cm2, density_ma_cm2, length_mm), names in groups.items():
        table.add_row(
            ", ".join(names), f"{area_cm2:.1f}", f"{density_ma_cm2:.2f}", f"{length_mm:.0f} mm"
        )
    return table
