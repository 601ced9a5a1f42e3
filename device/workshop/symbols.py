"""Symbols of a circuit diagram after IEC 60617, on a drawing in millimetres."""

from __future__ import annotations

from device.workshop.drawing import BLUE, GREY, Drawing

LONG, WIDE = 8.0, 3.0
"""A resistor's box."""
WIRE_MM = 0.3
LABEL_MM = 2.6


class Pen:
    """Draws symbols; every vertical one hangs from the point given and ends in ground."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    def wire(self, *points: tuple[float, float]) -> None:
        self.drawing.line(*points, width_mm=WIRE_MM)

    def node(self, x: float, y: float) -> None:
        self.drawing.dot(x, y, 0.7)

    def label(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.drawing.words(x, y, text, LABEL_MM, anchor=anchor)

    def net(self, x: float, y: float, name: str, anchor: str = "start") -> None:
        """A wire's end that goes on wherever the same name stands."""
        self.drawing.words(x, y + 0.9, name, LABEL_MM, BLUE, anchor, bold=True)

    def ground(self, x: float, y: float) -> None:
        for nth, half in enumerate((2.0, 1.3, 0.6)):
            self.wire((x - half, y + 0.8 * nth), (x + half, y + 0.8 * nth))

    def resistor(self, x: float, y: float, ref: str, value: str) -> float:
        """A lying one from x on; returns where it ends."""
        self.drawing.box(x, y - WIDE / 2, LONG, WIDE, width_mm=WIRE_MM)
        self.label(x + LONG / 2, y - WIDE / 2 - 1, f"{ref} {value}", "middle")
        return x + LONG

    def strip(self, x: float, y: float, label: str) -> float:
        """A force-sensing resistor: a resistor with the slanted arrow of what varies with force."""
        self.drawing.box(x, y - WIDE / 2, LONG, WIDE, width_mm=WIRE_MM)
        self.wire((x - 0.5, y + WIDE), (x + LONG + 0.5, y - WIDE))
        self.wire((x + LONG - 1.6, y - WIDE), (x + LONG + 0.5, y - WIDE), (x + LONG - 0.4, y - 1.2))
        self.label(x - 1, y - WIDE / 2 - 2.2, label)
        return x + LONG

    def resistor_down(self, x: float, y: float, ref: str, value: str) -> None:
        self.wire((x, y), (x, y + 3))
        self.drawing.box(x - WIDE / 2, y + 3, WIDE, LONG, width_mm=WIRE_MM)
        self.wire((x, y + 3 + LONG), (x, y + 13.5))
        self.ground(x, y + 13.5)
        self.label(x + 2.4, y + 6.5, ref)
        self.label(x + 2.4, y + 10, value)

    def capacitor_down(self, x: float, y: float, ref: str, value: str) -> None:
        self.wire((x, y), (x, y + 6.2))
        for plate in (6.2, 7.6):
            self.drawing.line((x - 2.4, y + plate), (x + 2.4, y + plate), width_mm=0.6)
        self.wire((x, y + 7.6), (x, y + 13.5))
        self.ground(x, y + 13.5)
        self.label(x + 3, y + 6.2, ref)
        self.label(x + 3, y + 10, value)

    def clamp_down(self, x: float, y: float, ref: str, pin: str) -> None:
        """An ESD diode: it conducts from ground below, and breaks through far above the supply."""
        self.wire((x, y), (x, y + 5))
        self.wire((x - 2, y + 4.2), (x - 2, y + 5), (x + 2, y + 5), (x + 2, y + 5.8))
        self.wire((x, y + 5), (x - 2, y + 9), (x + 2, y + 9), (x, y + 5))
        self.wire((x, y + 9), (x, y + 13.5))
        self.ground(x, y + 13.5)
        self.label(x + 2.6, y + 6.5, ref)
        self.label(x + 2.6, y + 10, pin)

    def block(self, x: float, y: float, width: float, height: float, title: str) -> None:
        self.drawing.box(x, y, width, height, width_mm=0.5)
        self.drawing.words(x + width / 2, y + 5, title, 3.2, anchor="middle", bold=True)

    def region(self, x: float, y: float, width: float, height: float, title: str) -> None:
        self.drawing.box(x, y, width, height, GREY, dash_mm=2)
        self.drawing.words(x + 3, y + 5, title, 3.4, GREY, bold=True)
