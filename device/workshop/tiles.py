"""The template cut into A4 sheets that anybody can print, with marks to join them by.

Every sheet shows its part of the mat and, around it, as much of the neighbours as the overlap: two
sheets that lie right have the same lines on top of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from device.core.mat import Mat
from device.workshop.drawing import BLUE, GREY, Drawing, Window, part_of
from device.workshop.template import draw_template

SHEET_MM = (210.0, 297.0)
"""ISO 216 A4, upright."""
MARGIN_MM = 10.0
"""No printer prints to the edge; 5 mm is what the poorest leave."""
OVERLAP_MM = 10.0
MAP_SCALE = 0.08
"""Size of the overview on the first sheet."""
MARK_MM = 3.0


@dataclass(frozen=True, slots=True)
class Tile:
    """One sheet: the part of the mat that it shows, measured from the head end's left corner."""

    column: int
    row: int
    number: int
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float

    @property
    def name(self) -> str:
        """A1 is the head end's left corner; letters run across, numbers towards the feet."""
        return f"{chr(ord('A') + self.column)}{self.row + 1}"


def plan_tiles(mat: Mat) -> tuple[Tile, ...]:
    """The sheets in the order of joining: row by row from the head end, left to right."""
    width, height = SHEET_MM[0] - 2 * MARGIN_MM, SHEET_MM[1] - 2 * MARGIN_MM
    lefts, tops = _starts(mat.width_mm, width), _starts(mat.length_mm, height)
    return tuple(
        Tile(column, row, row * len(lefts) + column + 1, left, top, width, height)
        for row, top in enumerate(tops)
        for column, left in enumerate(lefts)
    )


def _starts(length: float, sheet: float) -> list[float]:
    """Where sheets begin so that they cover a length with the overlap; the rest is shared out."""
    step = sheet - OVERLAP_MM
    count = max(1, math.ceil((length - OVERLAP_MM) / step))
    spare = count * step + OVERLAP_MM - length
    return [number * step - spare / 2 for number in range(count)]


def draw_tiles(mat: Mat) -> tuple[Drawing, ...]:
    """The pages to print: the first tells how, then one for each sheet."""
    template = draw_template(mat)
    tiles = plan_tiles(mat)
    return (_first_page(mat, tiles), *(_page(template, tile, tiles) for tile in tiles))


def _page(template: Drawing, tile: Tile, tiles: tuple[Tile, ...]) -> Drawing:
    page = Drawing(*SHEET_MM, title=f"Tile {tile.name}")
    left, top = MARGIN_MM, MARGIN_MM
    shown = part_of(template, tile.left_mm, tile.top_mm, tile.width_mm, tile.height_mm)
    page.marks.append(
        Window(shown, tile.left_mm, tile.top_mm, tile.width_mm, tile.height_mm, left, top)
    )
    page.box(left, top, tile.width_mm, tile.height_mm, GREY, 0.1)
    _join_marks(page, tile, tiles)
    right, bottom = left + tile.width_mm, top + tile.height_mm
    page.words(left, 7, f"{tile.name}", 5, BLUE, bold=True)
    last = len(tiles)
    page.words(left + 14, 7, f"sheet {tile.number} of {last}; {_joins(tile, tiles)}", 3, BLUE)
    page.words(right, 7, "head end up", 3, BLUE, "end")
    page.check_line((left + right - 100) / 2, bottom + 3.5)
    return page


def _neighbour(tile: Tile, tiles: tuple[Tile, ...], columns: int, rows: int) -> Tile | None:
    wanted = tile.column + columns, tile.row + rows
    return next((other for other in tiles if (other.column, other.row) == wanted), None)


def _joins(tile: Tile, tiles: tuple[Tile, ...]) -> str:
    sides = [
        ("on its left", _neighbour(tile, tiles, -1, 0)),
        ("above", _neighbour(tile, tiles, 0, -1)),
    ]
    found = [f"{other.name} {side}" for side, other in sides if other is not None]
    return "lay it over " + " and ".join(found) if found else "begin with it"


def _join_marks(page: Drawing, tile: Tile, tiles: tuple[Tile, ...]) -> None:
    """Blue lines where the neighbour's frame comes to lie, and crosses where its corners do."""
    left, top = MARGIN_MM, MARGIN_MM
    right, bottom = left + tile.width_mm, top + tile.height_mm
    across = [
        at
        for at, side in ((left + OVERLAP_MM, -1), (right - OVERLAP_MM, 1))
        if _neighbour(tile, tiles, side, 0)
    ]
    down = [
        at
        for at, side in ((top + OVERLAP_MM, -1), (bottom - OVERLAP_MM, 1))
        if _neighbour(tile, tiles, 0, side)
    ]
    for at in across:
        page.line((at, top), (at, bottom), colour=BLUE, width_mm=0.1, dash_mm=4)
    for at in down:
        page.line((left, at), (right, at), colour=BLUE, width_mm=0.1, dash_mm=4)
    for x in across:
        for y in down:
            page.cross(x, y, MARK_MM, BLUE)


HOW = (
    '1  Print all sheets on A4 at 100 % ("actual size", never "fit to page").',
    "2  Measure the red line of every sheet: 100 mm, 0.5 mm at most off. Else print it again.",
    "3  Cut each sheet along its grey frame, on the left and above only; the right and lower",
    "    edges stay, the next sheet lies over them.",
    "4  Join row by row in the order of the numbers, beginning with A1. The frame's cut edge lies",
    "    on the dashed blue line of the sheet below, cross on cross; lines run on. Tape on top.",
    "5  Measure the whole before gluing anything: its length and width, and both diagonals, are",
    "    below. Paper moves with damp air: 3 mm over the length do no harm, so long as each bar",
    "    lies on its cross.",
    "6  Lay it on the backing, head end to head end; prick each bar's cross and corners through.",
)


def _first_page(mat: Mat, tiles: tuple[Tile, ...]) -> Drawing:
    page = Drawing(*SHEET_MM, title="How to join the template")
    page.words(MARGIN_MM, 20, "pronemat: template of the mat, 1:1", 7, bold=True)
    y = page.lines_of_words(MARGIN_MM, 32, HOW, 3.6)
    diagonal = math.hypot(mat.width_mm, mat.length_mm)
    page.words(
        MARGIN_MM,
        y + 2,
        f"Length {mat.length_mm:g} mm, width {mat.width_mm:g} mm, each diagonal {diagonal:.0f} mm.",
        3.6,
        bold=True,
    )
    page.check_line(MARGIN_MM, y + 14)
    _map(page, mat, tiles, 60.0, y + 28)
    return page


def _map(page: Drawing, mat: Mat, tiles: tuple[Tile, ...], x: float, y: float) -> None:
    scale = MAP_SCALE
    page.box(x, y, mat.width_mm * scale, mat.length_mm * scale, width_mm=0.4)
    middle = x + mat.width_mm * scale / 2
    for sensor in mat.sensors:
        for bar_x, bar_y in sensor.bars_mm:
            left = middle + (bar_x - sensor.width_mm / 2) * scale
            top = y + (mat.head_end_mm - bar_y - sensor.height_mm / 2) * scale
            page.box(
                left, top, sensor.width_mm * scale, sensor.height_mm * scale, GREY, 0.1, "#dddddd"
            )
    for tile in tiles:
        left, top = x + tile.left_mm * scale, y + tile.top_mm * scale
        width, height = tile.width_mm * scale, tile.height_mm * scale
        page.box(left, top, width, height, BLUE, 0.1)
        page.words(left + width / 2, top + height / 2 + 1, tile.name, 3, BLUE, "middle")
    page.words(x + mat.width_mm * scale + 14, y + 6, f"{len(tiles)} sheets", 3.6)
