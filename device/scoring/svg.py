"""A few marks of SVG: enough to draw lines over time, without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from device.core.types import FloatArray


class Svg:
    """Collects marks; `text()` is the finished document."""

    def __init__(self, width: float, height: float) -> None:
        self._size = f'width="{width:.0f}" height="{height:.0f}"'
        self._box = f'viewBox="0 0 {width:.0f} {height:.0f}"'
        self._marks: list[str] = []

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0
    ) -> None:
        self._marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
            f'fill="{fill}" fill-opacity="{opacity:g}"/>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._marks.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            'stroke-linejoin="round"/>'
        )

    def curve(self, x: FloatArray, y: FloatArray, colour: str, width: float = 1.0) -> None:
        """A line that is broken where `y` is not finite."""
        here = np.isfinite(y)
        edges = np.flatnonzero(np.diff(here.astype(int))) + 1
        for part in np.split(np.arange(len(y)), edges):
            if len(part) > 1 and here[part[0]]:
                self.line(list(zip(x[part].tolist(), y[part].tolist(), strict=True)), colour, width)

    def words(
        self, x: float, y: float, text: str, colour: str, size: float = 12.0, anchor: str = "start"
    ) -> None:
        self._marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size:g}" '
            f'text-anchor="{anchor}">{escape(text)}</text>'
        )

    def text(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {self._size} {self._box} '
            'font-family="sans-serif">'
        )
        return "\n".join([head, *self._marks, "</svg>"]) + "\n"
