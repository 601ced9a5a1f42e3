"""A drawing: marks on a sheet, in millimetres, x to the right and y down as on a page.

`svg.to_svg` and `pdf.to_pdf` turn the same marks into either; neither knows what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

INK = "#000000"
GREY = "#777777"
PALE = "#bbbbbb"
RED = "#c00000"
BLUE = "#1b5e9e"
THIN_MM = 0.2
BOLD_MM = 0.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `closed` joins the last to the first, `fill` paints the inside."""

    points: tuple[Point, ...]
    colour: str = INK
    width_mm: float = THIN_MM
    closed: bool = False
    fill: str | None = None
    dash_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius_mm: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text standing on y; `anchor` is start, middle or end at x."""

    x: float
    y: float
    text: str
    size_mm: float = 3.5
    colour: str = INK
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Part of another drawing, cut off at its edge: what lies at (`from_x`, `from_y`) there is put
    at (`x`, `y`) here, at the same scale."""

    drawing: Drawing
    from_x: float
    from_y: float
    width: float
    height: float
    x: float
    y: float


Mark = Line | Dot | Words | Window


@dataclass(slots=True)
class Drawing:
    """A sheet of this size and the marks on it, drawn in their order."""

    width_mm: float
    height_mm: float
    title: str = ""
    marks: list[Mark] = field(default_factory=list)

    def line(
        self,
        *points: Point,
        colour: str = INK,
        width_mm: float = THIN_MM,
        dash_mm: float = 0.0,
    ) -> None:
        self.marks.append(Line(points, colour, width_mm, dash_mm=dash_mm))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str = INK,
        width_mm: float = THIN_MM,
        fill: str | None = None,
        dash_mm: float = 0.0,
    ) -> None:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.marks.append(Line(corners, colour, width_mm, True, fill, dash_mm))

    def dot(self, x: float, y: float, radius_mm: float = 0.6, colour: str = INK) -> None:
        self.marks.append(Dot(x, y, radius_mm, colour))

    def cross(self, x: float, y: float, arm_mm: float, colour: str = INK) -> None:
        self.line((x - arm_mm, y), (x + arm_mm, y), colour=colour)
        self.line((x, y - arm_mm), (x, y + arm_mm), colour=colour)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size_mm: float = 3.5,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        self.marks.append(Words(x, y, text, size_mm, colour, anchor, bold))

    def lines_of_words(
        self, x: float, y: float, texts: Iterable[str], size_mm: float = 3.5, step: float = 1.5
    ) -> float:
        """Lines one below the other; returns the y below the last."""
        for text in texts:
            self.words(x, y, text, size_mm)
            y += size_mm * step
        return y

    def check_line(self, x: float, y: float) -> None:
        """A line that must measure 100 mm on paper, with its ends marked."""
        self.line((x, y), (x + CHECK_MM, y), colour=RED, width_mm=0.3)
        for end in (x, x + CHECK_MM):
            self.line((end, y - 1.5), (end, y + 1.5), colour=RED, width_mm=0.3)
        self.words(x + CHECK_MM / 2, y - 1, CHECK_WORDS, 2.6, RED, "middle")


def part_of(drawing: Drawing, left: float, top: float, width: float, height: float) -> Drawing:
    """The same drawing without the marks that lie wholly outside this part of it."""
    kept = Drawing(drawing.width_mm, drawing.height_mm, drawing.title)
    for mark in drawing.marks:
        x_min, y_min, x_max, y_max = _reach(mark)
        beside = x_max < left or x_min > left + width
        if not (beside or y_max < top or y_min > top + height):
            kept.marks.append(mark)
    return kept


def _reach(mark: Mark) -> tuple[float, float, float, float]:
    if isinstance(mark, Line):
        xs, ys = [x for x, _ in mark.points], [y for _, y in mark.points]
        half = mark.width_mm / 2
        return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half
    if isinstance(mark, Dot):
        r = mark.radius_mm
        return mark.x - r, mark.y - r, mark.x + r, mark.y + r
    if isinstance(mark, Words):
        # No letter is wider than the size, wherever the line is anchored.
        far = mark.size_mm * len(mark.text)
        return mark.x - far, mark.y - mark.size_mm, mark.x + far, mark.y + mark.size_mm
    return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height


CHECK_MM = 100.0
CHECK_WORDS = "100 mm: measure it"
