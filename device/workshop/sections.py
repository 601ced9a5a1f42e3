"""Pictures for the assembly: the layers under a bar, and the mat from above with its wires."""

from __future__ import annotations

from device.core.mat import Mat
from device.workshop.drawing import BLUE, GREY, RED, Drawing, Point
from device.workshop.template import place

BACKING_MM, FILLER_MM, STRIP_MM, PUCK_MM, BAR_MM = 12.0, 6.0, 0.5, 3.0, 3.0
"""Thicknesses. Strip, puck and bar stand half a millimetre above the filler, so that the foam leans
on the bar before all else, and a free strip is never quite without load: one that conducts nothing
is told as open."""
ZOOM = 4.0
PLAN_SCALE = 0.25
BOX_MM = (120.0, 80.0)


def draw_section(mat: Mat) -> Drawing:
    """A cut across one bar, seen from the side, four times its size."""
    drawing = Drawing(200, 165, "Cut through the mat at a bar, 4:1")
    drawing.words(8, 10, drawing.title, 5, bold=True)
    strip_bars = [sensor for sensor in mat.sensors if sensor.height_mm < 50] or list(mat.sensors)
    bar = strip_bars[0].height_mm * ZOOM
    foam = mat.foam_thickness_mm * ZOOM
    left, right, middle = 8.0, 128.0, 68.0
    y = 26.0
    _layer(drawing, left, right, y - 3, 3, "#8fa8c8")
    _name(drawing, y - 1.5, "cover, wipeable", right)
    _layer(drawing, left, right, y, foam, "#cfe3cf")
    _name(drawing, y + foam / 2, f"exercise foam {mat.foam_thickness_mm:g} mm", right)
    y += foam
    filler = FILLER_MM * ZOOM
    gap = 2 * ZOOM
    _layer(drawing, left, middle - bar / 2 - gap, y, filler, "#f0e6c8")
    _layer(drawing, middle + bar / 2 + gap, right, y, filler, "#f0e6c8")
    bottom = y + filler
    _layer(drawing, left, right, bottom, BACKING_MM * ZOOM, "#d8b890")
    _name(drawing, bottom + 28, f"plywood {BACKING_MM:g} mm", right)
    strip, puck = STRIP_MM * ZOOM, PUCK_MM * ZOOM
    drawing.box(middle - 20, bottom - strip, 40, strip, fill="#404040")
    top = bottom - strip - puck
    drawing.box(middle - 10, top, 20, puck, fill="#e8b0b0")
    drawing.box(middle - bar / 2, top - BAR_MM * ZOOM, bar, BAR_MM * ZOOM, fill="#b8b8b8")
    size = f"{strip_bars[0].width_mm:g} x {strip_bars[0].height_mm:g} x {BAR_MM:g} mm"
    _pointer(drawing, (middle + bar / 2 - 3, top - 6), 76, f"collecting bar {size}")
    _pointer(drawing, (right - 8, y + 12), 83, f"filler foam {FILLER_MM:g} mm, 2 mm clear")
    _pointer(drawing, (middle + 8, top + 4), 90, f"puck, silicone {PUCK_MM:g} mm")
    _pointer(drawing, (middle + 18, bottom - 1), 97, "force-sensing strip, taped flat")
    drawing.box(middle - 52, bottom, 14, BACKING_MM * ZOOM, GREY, fill="#ffffff")
    drawing.line(
        (middle - 20, bottom - 1),
        (middle - 42, bottom - 1),
        (middle - 45, bottom + 3),
        (middle - 45, bottom + 40),
        colour=RED,
        width_mm=0.8,
    )
    drawing.words(middle - 36, bottom + 14, "tail through a slot, bent over", 3, RED)
    drawing.words(middle - 36, bottom + 18.5, "2.5 mm radius or more; the", 3, RED)
    drawing.words(middle - 36, bottom + 23, "vent in it stays open", 3, RED)
    drawing.words(
        8, 152, "The bar rests on the puck alone: it touches neither plywood nor filler.", 3.5
    )
    drawing.words(
        8, 158, "The tail is drawn turned into the picture; it leaves at the bar's end.", 3.5
    )
    return drawing


def _layer(
    drawing: Drawing, left: float, right: float, top: float, height: float, fill: str
) -> None:
    drawing.box(left, top, right - left, height, GREY, fill=fill)


def _name(drawing: Drawing, y: float, text: str, right: float) -> None:
    drawing.line((right, y), (right + 6, y), colour=GREY)
    drawing.words(right + 7, y + 1.2, text, 3.4)


def _pointer(drawing: Drawing, at: Point, y: float, text: str) -> None:
    drawing.dot(*at, 0.6)
    drawing.line(at, (134, y), colour=GREY)
    drawing.words(135, y + 1.2, text, 3.4)


def draw_plan(mat: Mat) -> Drawing:
    """The backing from above: bars with their names, wires to the box, quarter size."""
    scale = PLAN_SCALE
    left, top = 45.0, 22.0
    width, length = mat.width_mm * scale, mat.length_mm * scale
    drawing = Drawing(width + 2 * left, length + 45, "The backing from above, 1:4")
    drawing.words(8, 10, drawing.title, 5, bold=True)
    drawing.box(left, top, width, length, width_mm=0.5)

    def at(x_mm: float, y_mm: float) -> Point:
        x, y = place(mat, x_mm, y_mm)
        return left + x * scale, top + y * scale

    box_w, box_h = BOX_MM[0] * scale, BOX_MM[1] * scale
    box_x, box_y = left + width + 6, top + 10
    drawing.box(box_x, box_y, box_w, box_h, width_mm=0.5, fill="#eef2f8")
    drawing.words(box_x + box_w / 2, box_y + box_h / 2 + 1, "mat box", 3, anchor="middle")
    _wires(drawing, mat, scale, left, top, (box_x, box_y + box_h))
    for sensor in mat.sensors:
        for x_mm, y_mm in sensor.bars_mm:
            x, y = at(x_mm - sensor.width_mm / 2, y_mm + sensor.height_mm / 2)
            drawing.box(
                x,
                y,
                sensor.width_mm * scale,
                sensor.height_mm * scale,
                width_mm=0.4,
                fill="#dddddd",
            )
            drawing.words(x + sensor.width_mm * scale / 2, y - 1, sensor.name, 3, anchor="middle")
    x, y = at(-mat.width_mm / 2, 0)
    drawing.line((x - 6, y), (x + width, y), colour=RED, width_mm=0.4)
    drawing.words(x - 7, y + 1, "pelvic line", 3, RED, "end")
    seam = top + length / 2
    drawing.line((left, seam), (left + width, seam), colour=GREY, dash_mm=2)
    drawing.words(left - 3, seam + 1, "seam, dowelled", 3, GREY, "end")
    drawing.words(left + width / 2, top - 2, "head end", 3.4, BLUE, "middle")
    drawing.words(left + width / 2, top + length + 6, "foot end", 3.4, BLUE, "middle")
    drawing.words(8, top + length + 16, "Blue: wires, in grooves in the backing's underside.", 3.4)
    return drawing


def _wires(drawing: Drawing, mat: Mat, scale: float, left: float, top: float, end: Point) -> None:
    """Along both long edges, in grooves of the backing's underside, then across at the head."""
    width = mat.width_mm * scale
    gutter = {"left": left + 2.5, "right": left + width - 2.5}
    head = end[1] - 4
    for sensor in mat.sensors:
        for x_mm, y_mm in sensor.bars_mm:
            side = "left" if x_mm < 0 else "right"
            outer = x_mm + (-1 if side == "left" else 1) * sensor.width_mm / 2
            x, y = place(mat, outer, y_mm)
            start = (left + x * scale, top + y * scale)
            drawing.line(start, (gutter[side], start[1]), colour=BLUE, width_mm=0.3)
            drawing.line((gutter[side], start[1]), (gutter[side], head), colour=BLUE, width_mm=0.3)
    drawing.line((gutter["left"], head), (end[0], head), colour=BLUE, width_mm=0.6)
