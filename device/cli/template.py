"""`pronemat template`: the mat at its true size, to print and build by."""

from __future__ import annotations

from pathlib import Path

import click

from device.errors import MatError
from device.mat_file import load_mat
from device.workshop.pdf import to_pdf
from device.workshop.svg import to_svg
from device.workshop.template import draw_template
from device.workshop.tiles import draw_tiles


@click.command(epilog="Example: pronemat template --out .")
@click.option("--mat", "mat_path", type=click.Path(path_type=Path), help="The mat.toml.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path(), help="Directory; else this one."
)
def template(mat_path: Path | None, out: Path) -> None:
    """Write the printing template of a mat: template.svg, one sheet for a plotter, and template.pdf
    on A4 tiles. Both are 1:1 and carry a line of 100 mm to measure."""
    mat = load_mat(mat_path)
    pages = draw_tiles(mat)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "template.svg").write_text(to_svg(draw_template(mat)), encoding="utf-8")
        (out / "template.pdf").write_bytes(to_pdf(pages))
    except OSError as error:
        raise MatError(
            f"the template cannot be written to {out}: {error.strerror}; choose another --out."
        ) from None
    click.echo(f"{out / 'template.svg'}: {mat.width_mm:g} x {mat.length_mm:g} mm on one sheet")
    click.echo(f"{out / 'template.pdf'}: {len(pages) - 1} A4 tiles and how to join them")
