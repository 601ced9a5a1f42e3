"""Drawings as the pages of a PDF, at their true size.

Lines and words are all that a template needs, and PDF 1.4 has them as one operator each, so this
is written out here: no library, no fonts to embed (Helvetica is in every reader), and a file in
which a person can read the millimetres. Follows ISO 32000-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from device.workshop.drawing import Dot, Drawing, Line, Mark, Window, Words

POINTS_PER_MM = 72 / 25.4
CIRCLE = 0.5523
"""Length of a Bezier handle that makes a quarter of a unit circle."""

_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 "
    "556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 "
    "722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 "
    "556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500"
)
HELVETICA = tuple(int(width) / 1000 for width in _WIDTHS.split())
"""Widths of the characters from the space on, in parts of the size: Adobe's metrics of the font."""
OTHER_CHARACTER = 0.6


def to_pdf(pages: Sequence[Drawing]) -> bytes:
    """The finished document. Characters outside Latin-1 become question marks."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        _fonts(),
    ]
    for number, page in enumerate(pages):
        box = f"0 0 {_number(page.width_mm * POINTS_PER_MM)} "
        box += _number(page.height_mm * POINTS_PER_MM)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << /Font 3 0 R >> "
            f"/Contents {5 + 2 * number} 0 R >>".encode()
        )
        content = _content(page)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _fonts() -> bytes:
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    return f"<< /F1 {font % 'Helvetica'} /F2 {font % 'Helvetica-Bold'} >>".encode()


def _file(objects: Sequence[bytes]) -> bytes:
    parts = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]
    starts = []
    for number, text in enumerate(objects, start=1):
        starts.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, text))
    table_at = sum(map(len, parts))
    size = len(objects) + 1
    table = [b"0000000000 65535 f \n", *(b"%010d 00000 n \n" % start for start in starts)]
    parts.append(b"xref\n0 %d\n%s" % (size, b"".join(table)))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % size)
    parts.append(b"startxref\n%d\n%%%%EOF\n" % table_at)
    return b"".join(parts)


def _content(page: Drawing) -> bytes:
    # From here on one unit is a millimetre; `_marks` turns y over, so that letters stay upright.
    scale = _number(POINTS_PER_MM, 8)
    lines = [f"{scale} 0 0 {scale} 0 0 cm", "1 j", *_marks(page.marks, 0.0, page.height_mm)]
    return "\n".join(lines).encode("latin-1", "replace")


def _marks(marks: Sequence[Mark], left: float, top: float) -> list[str]:
    """Operators for marks whose (0, 0) lies at (`left`, `top`) of the page, which has y upwards."""
    lines: list[str] = []
    for mark in marks:
        if isinstance(mark, Window):
            corner = f"{_number(left + mark.x)} {_number(top - mark.y - mark.height)}"
            lines += ["q", f"{corner} {_number(mark.width)} {_number(mark.height)} re W n"]
            lines += _marks(
                mark.drawing.marks, left + mark.x - mark.from_x, top - mark.y + mark.from_y
            )
            lines.append("Q")
        elif isinstance(mark, Line):
            lines += _line(mark, left, top)
        elif isinstance(mark, Dot):
            lines += _dot(mark, left, top)
        else:
            lines += _words(mark, left, top)
    return lines


def _line(mark: Line, left: float, top: float) -> list[str]:
    path = [
        f"{_number(left + x)} {_number(top - y)} {'l' if nth else 'm'}"
        for nth, (x, y) in enumerate(mark.points)
    ]
    dash = f"[{_number(mark.dash_mm)}] 0 d" if mark.dash_mm else "[] 0 d"
    style = f"{_colour(mark.colour)} RG {_number(mark.width_mm)} w {dash}"
    if mark.fill is not None:
        style += f" {_colour(mark.fill)} rg"
    paint = ("b" if mark.closed else "B") if mark.fill is not None else "s" if mark.closed else "S"
    return [style, *path, paint]


def _dot(mark: Dot, left: float, top: float) -> list[str]:
    x, y, r = left + mark.x, top - mark.y, mark.radius_mm
    h = r * CIRCLE
    curves = [
        (x + r, y + h, x + h, y + r, x, y + r),
        (x - h, y + r, x - r, y + h, x - r, y),
        (x - r, y - h, x - h, y - r, x, y - r),
        (x + h, y - r, x + r, y - h, x + r, y),
    ]
    path = [" ".join(map(_number, curve)) + " c" for curve in curves]
    return [f"{_colour(mark.colour)} rg", f"{_number(x + r)} {_number(y)} m", *path, "f"]


def _words(mark: Words, left: float, top: float) -> list[str]:
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor] * text_width(
        mark.text, mark.size_mm
    )
    text = mark.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    place = f"{_number(left + mark.x - shift)} {_number(top - mark.y)}"
    font = "F2" if mark.bold else "F1"
    return [
        f"BT {_colour(mark.colour)} rg /{font} {_number(mark.size_mm)} Tf {place} Td ({text}) Tj ET"
    ]


def text_width(text: str, size_mm: float) -> float:
    """How long a line of Helvetica is; bold letters are a little wider."""
    return size_mm * sum(
        HELVETICA[ord(letter) - 32] if 32 <= ord(letter) < 127 else OTHER_CHARACTER
        for letter in text
    )


def _colour(name: str) -> str:
    return " ".join(_number(int(name[at : at + 2], 16) / 255) for at in (1, 3, 5))


def _number(value: float, digits: int = 3) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
