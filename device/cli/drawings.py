"""`pronemat drawings`: everything on paper that a mat is built by, but the template."""

from __future__ import annotations

from pathlib import Path

import click

from device.config import load_settings
from device.errors import MatError
from device.mat_file import load_mat
from device.workshop.bill import bill_text
from device.workshop.circuit import draw_up
from device.workshop.schematic import draw_schematic
from device.workshop.sections import draw_plan, draw_section
from device.workshop.svg import to_svg
from device.workshop.wiring import wiring_text

NETLIST_HEADING = """The mat's circuit as parts and nets, made from the mat's file by
`pronemat drawings`; schematic.svg is drawn from it. `item` is a row of the bill of materials.
IO1 to IO4 of the ESD diodes are the four protected pins, in any order."""


@click.command(epilog="Example: pronemat drawings --mat my.toml --out my-mat")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat.toml.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path(), help="Directory; else this one."
)
def drawings(mat_path: Path | None, out: Path) -> None:
    """Write wiring, bill of materials, netlist, schematic and assembly pictures of a mat.

    Panel pins are the settings' own.
    """
    mat = load_mat(mat_path)
    panel = load_settings().panel
    netlist = draw_up(mat, panel)
    files = {
        "wiring.md": wiring_text(mat, panel),
        "bill-of-materials.md": bill_text(mat, panel),
        "schematic/netlist.toml": netlist.to_toml(NETLIST_HEADING),
        "schematic/schematic.svg": to_svg(draw_schematic(netlist, "pronemat: circuit of the mat")),
        "pictures/section.svg": to_svg(draw_section(mat)),
        "pictures/plan.svg": to_svg(draw_plan(mat)),
    }
    for name, text in files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise MatError(
                f"{path} cannot be written: {error.strerror}; choose another --out."
            ) from None
        click.echo(str(path))
