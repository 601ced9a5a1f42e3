"""The mat at its true size, to be printed and laid on the backing: where each strip is glued.

Seen from above with the head end up, as in the mat's file.
"""

from __future__ import annotations

from device.core.mat import Mat, Sensor
from device.workshop.drawing import BLUE, BOLD_MM, GREY, INK, PALE, RED, Drawing, Point
from device.workshop.shapes import SHAPES

GRID_MM = 100.0
CROSS_MM = 6.0
PELVIC_WORDS_MM = 16.0
"""Below the bars that lie on the line."""


def place(mat: Mat, x_mm: float, y_mm: float) -> Point:
    """Where a point of the mat lies on the drawing, whose (0, 0) is the head end's left corner."""
    return x_mm + mat.width_mm / 2, mat.head_end_mm - y_mm


def draw_template(mat: Mat) -> Drawing:
    """The whole mat, 1:1."""
    drawing = Drawing(mat.width_mm, mat.length_mm, "Template of the mat, 1:1")
    _grid(drawing, mat)
    drawing.box(0, 0, mat.width_mm, mat.length_mm, width_mm=BOLD_MM)
    _printed_lines(drawing, mat)
    for sensor in mat.sensors:
        for nth, (x_mm, y_mm) in enumerate(sensor.bars_mm):
            _bar(drawing, *place(mat, x_mm, y_mm), sensor, nth)
    drawing.words(mat.width_mm / 2, 12, "HEAD END", 7, BLUE, "middle", bold=True)
    drawing.words(mat.width_mm / 2, mat.length_mm - 8, "FOOT END", 7, BLUE, "middle", bold=True)
    drawing.check_line(20, 30)
    return drawing


def _grid(drawing: Drawing, mat: Mat) -> None:
    """Pale lines every 100 mm from the mat's origin: they show a tile that has slipped."""
    left, top = place(mat, 0, 0)
    for at in _steps(left, mat.width_mm):
        drawing.line((at, 0), (at, mat.length_mm), colour=PALE, width_mm=0.1, dash_mm=2)
    for at in _steps(top, mat.length_mm):
        drawing.line((0, at), (mat.width_mm, at), colour=PALE, width_mm=0.1, dash_mm=2)
        drawing.words(2, at - 1, f"y {mat.head_end_mm - at:g}", 2.6, GREY)


def _steps(origin: float, length: float) -> list[float]:
    first = origin % GRID_MM
    return [first + GRID_MM * step for step in range(int((length - first) // GRID_MM) + 1)]


def _printed_lines(drawing: Drawing, mat: Mat) -> None:
    middle, pelvic = place(mat, 0, 0)
    drawing.line((middle, 0), (middle, mat.length_mm), colour=BLUE, width_mm=0.3)
    drawing.line((0, pelvic), (mat.width_mm, pelvic), colour=RED, width_mm=BOLD_MM)
    for at in (30.0, mat.width_mm - 30.0):
        drawing.words(at, pelvic + PELVIC_WORDS_MM, "PELVIC LINE", 4, RED, "middle")


def _bar(drawing: Drawing, x: float, y: float, sensor: Sensor, nth: int) -> None:
    width, height = sensor.width_mm, sensor.height_mm
    drawing.box(x - width / 2, y - height / 2, width, height, INK, BOLD_MM)
    shape = SHAPES[sensor.part]
    pressed = min(shape.pressed_width_mm, height), min(shape.length_for(width), width)
    drawing.box(x - pressed[1] / 2, y - pressed[0] / 2, pressed[1], pressed[0], GREY, dash_mm=1.5)
    drawing.cross(x, y, CROSS_MM)
    letter = chr(ord("a") + nth) if len(sensor.bars_mm) > 1 else ""
    label = f"{sensor.name} {letter}".rstrip()
    wired = f"{sensor.address:#x} A{sensor.channel}"
    drawing.words(x - width / 2 + 2, y - height / 2 + 5, label, 4, bold=True)
    drawing.words(x + width / 2 - 2, y - height / 2 + 5, wired, 4, anchor="end")
