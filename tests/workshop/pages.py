"""Reads back what was drawn, from the finished PDF or SVG: paths in millimetres from the upper left
corner, and words. Knows the formats, nothing of the code that wrote them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

MM_PER_POINT = 25.4 / 72
SVG = "{http://www.w3.org/2000/svg}"

Path = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Page:
    width_mm: float
    height_mm: float
    paths: tuple[Path, ...]
    words: tuple[str, ...]
    clips: tuple[tuple[float, float, float, float], ...] = ()


def pdf_pages(data: bytes) -> list[Page]:
    """Every page, by way of the cross-reference table, as a reader does it."""
    (table_at,) = re.findall(rb"startxref\n(\d+)\n", data)
    table = data[int(table_at) :]
    assert table.startswith(b"xref\n")
    starts = [int(start) for start in re.findall(rb"^(\d{10}) 00000 n", table, re.MULTILINE)]
    objects = []
    for number, start in enumerate(starts, start=1):
        assert data[start:].startswith(b"%d 0 obj\n" % number)
        objects.append(data[start : data.index(b"\nendobj\n", start)])
    (count,) = re.findall(rb"/Count (\d+)", objects[1])
    pages = [text for text in objects if b"/Type /Page " in text]
    assert len(pages) == int(count)
    return [_pdf_page(text, objects) for text in pages]


def _pdf_page(page: bytes, objects: list[bytes]) -> Page:
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert box
    assert contents
    stream = objects[int(contents[1]) - 1]
    (length,) = re.findall(rb"/Length (\d+)", stream)
    text = stream.split(b"stream\n", 1)[1][: int(length)].decode("latin-1")
    height = float(box[2])
    scale = 1.0
    paths: list[Path] = []
    clips = []
    points: list[tuple[float, float]] = []

    def mm(x: str, y: str) -> tuple[float, float]:
        return (
            float(x) * scale * MM_PER_POINT,
            (height - float(y) * scale) * MM_PER_POINT,
        )

    for line in text.split("\n"):
        parts = line.split(" ")
        if parts[-1] == "cm":
            assert parts[0] == parts[3]
            scale = float(parts[0])
        elif line.endswith(" re W n"):
            left, bottom = mm(parts[0], parts[1])
            wide = float(parts[2]) * scale * MM_PER_POINT
            high = float(parts[3]) * scale * MM_PER_POINT
            clips.append((left, bottom - high, wide, high))
        elif parts[-1] in "ml" and len(parts) == 3:
            points = [*([] if parts[-1] == "m" else points), mm(parts[0], parts[1])]
        elif line in ("S", "s", "B", "b"):
            paths.append(tuple(points))
    words = tuple(re.sub(r"\\(.)", r"\1", word) for word in re.findall(r"\((.*)\) Tj", text))
    return Page(
        float(box[1]) * MM_PER_POINT, height * MM_PER_POINT, tuple(paths), words, tuple(clips)
    )


def svg_page(text: str) -> Page:
    """The sheet; only for drawings without windows."""
    root = ElementTree.fromstring(text)  # noqa: S314, our own drawing
    width, height = (float(root.attrib[key].removesuffix("mm")) for key in ("width", "height"))
    assert root.attrib["viewBox"].split() == ["0", "0", f"{width:g}", f"{height:g}"]
    paths = []
    for mark in root:
        if mark.tag in (SVG + "polygon", SVG + "polyline"):
            pairs = [pair.split(",") for pair in mark.attrib["points"].split()]
            paths.append(tuple((float(x), float(y)) for x, y in pairs))
    words = tuple(mark.text or "" for mark in root if mark.tag == SVG + "text")
    return Page(width, height, tuple(paths), words)


def boxes(page: Page) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of every rectangle."""
    found = []
    for path in page.paths:
        if len(path) == 4:
            xs, ys = [x for x, _ in path], [y for _, y in path]
            found.append((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
    return found


def level_lines(page: Page, length_mm: float, within_mm: float = 0.01) -> list[Path]:
    """The lines from left to right of that length."""
    return [
        path
        for path in page.paths
        if len(path) == 2
        and abs(path[0][1] - path[1][1]) < within_mm
        and abs(abs(path[1][0] - path[0][0]) - length_mm) < within_mm
    ]
