"""A drawing as SVG, at its true size."""

from __future__ import annotations

from html import escape

from device.workshop.drawing import Dot, Drawing, Line, Mark, Window, Words


def to_svg(drawing: Drawing) -> str:
    """The finished document; one unit of its coordinates is one millimetre."""
    size = f"{_mm(drawing.width_mm)} {_mm(drawing.height_mm)}"
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{_mm(drawing.width_mm)}mm" height="{_mm(drawing.height_mm)}mm" '
        f'viewBox="0 0 {size}" font-family="Helvetica, Arial, sans-serif">'
    )
    paper = f'<rect width="{_mm(drawing.width_mm)}" height="{_mm(drawing.height_mm)}" fill="#fff"/>'
    title = f"<title>{escape(drawing.title)}</title>"
    return "\n".join([head, title, paper, *map(_mark, drawing.marks), "</svg>"]) + "\n"


def _mark(mark: Mark) -> str:
    if isinstance(mark, Line):
        points = " ".join(f"{_mm(x)},{_mm(y)}" for x, y in mark.points)
        shape = "polygon" if mark.closed else "polyline"
        dash = f' stroke-dasharray="{_mm(mark.dash_mm)}"' if mark.dash_mm else ""
        return (
            f'<{shape} points="{points}" fill="{mark.fill or "none"}" stroke="{mark.colour}" '
            f'stroke-width="{_mm(mark.width_mm)}"{dash}/>'
        )
    if isinstance(mark, Dot):
        return (
            f'<circle cx="{_mm(mark.x)}" cy="{_mm(mark.y)}" r="{_mm(mark.radius_mm)}" '
            f'fill="{mark.colour}"/>'
        )
    if isinstance(mark, Words):
        weight = ' font-weight="bold"' if mark.bold else ""
        return (
            f'<text x="{_mm(mark.x)}" y="{_mm(mark.y)}" font-size="{_mm(mark.size_mm)}" '
            f'fill="{mark.colour}" text-anchor="{mark.anchor}"{weight}>{escape(mark.text)}</text>'
        )
    return _window(mark)


def _window(mark: Window) -> str:
    box = f"{_mm(mark.from_x)} {_mm(mark.from_y)} {_mm(mark.width)} {_mm(mark.height)}"
    inside = "\n".join(map(_mark, mark.drawing.marks))
    return (
        f'<svg x="{_mm(mark.x)}" y="{_mm(mark.y)}" width="{_mm(mark.width)}" '
        f'height="{_mm(mark.height)}" viewBox="{box}" overflow="hidden">\n{inside}\n</svg>'
    )


def _mm(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if value else "0"
