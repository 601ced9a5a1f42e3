"""The printed template is the mat: true to size, whole, and every strip at its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from device.cli.template import template
from device.errors import MatError
from device.mat_file import load_mat
from device.workshop.tiles import MARGIN_MM, OVERLAP_MM, plan_tiles
from tests.workshop.pages import Page, boxes, level_lines, pdf_pages, svg_page

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "hardware" / "mat.toml"
PLAN: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
A4_MM = (210.0, 297.0)
TRUE_MM = 0.02
"""Far below what a printer can do."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, list[Page]]:
    """The sheet and the tiles, as the command writes them."""
    out = tmp_path_factory.mktemp("template") / "new"
    done = CliRunner().invoke(template, ["--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    sheet = svg_page((out / "template.svg").read_text(encoding="utf-8"))
    return sheet, pdf_pages((out / "template.pdf").read_bytes())


def bars() -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Every bar of the file as a box on the mat seen from its head end's left corner."""
    across, head = PLAN["mat"]["width"] / 2, PLAN["mat"]["head_end"]
    for sensor in PLAN["sensor"]:
        width, height = sensor["width"], sensor["height"]
        for x, y in sensor["bars"]:
            left, top = across + x - width / 2, head - y - height / 2
            yield sensor["name"], (left, top, width, height)


def has(found: list[tuple[float, float, float, float]], box: tuple[float, ...]) -> bool:
    return any(np.allclose(other, box, atol=TRUE_MM) for other in found)


def test_the_sheet_is_the_mat_at_its_true_size(written: tuple[Page, list[Page]]) -> None:
    sheet, _ = written
    assert (sheet.width_mm, sheet.height_mm) == (PLAN["mat"]["width"], PLAN["mat"]["length"])


def test_every_strip_is_at_its_place_on_the_sheet(written: tuple[Page, list[Page]]) -> None:
    sheet, _ = written
    found = boxes(sheet)
    for name, box in bars():
        assert has(found, box), name
    for sensor in PLAN["sensor"]:
        assert any(word.split(" ")[0] == sensor["name"] for word in sheet.words)
        assert f"{sensor['address']:#x} A{sensor['channel']}" in sheet.words


def test_every_strip_is_at_its_place_on_the_tiles(written: tuple[Page, list[Page]]) -> None:
    """Wherever a tile shows a bar, it shows it where it lies; together they show all of it."""
    _, (_, *pages) = written
    tiles = plan_tiles(load_mat())
    for name, (left, top, width, height) in bars():
        shown = 0.0
        for tile, page in zip(tiles, pages, strict=True):
            across = min(left + width, tile.left_mm + tile.width_mm) - max(left, tile.left_mm)
            down = min(top + height, tile.top_mm + tile.height_mm) - max(top, tile.top_mm)
            if across <= 0 or down <= 0:
                continue
            shown += across * down
            on_page = (left - tile.left_mm + MARGIN_MM, top - tile.top_mm + MARGIN_MM)
            assert has(boxes(page), (*on_page, width, height)), f"{name} on {tile.name}"
        assert shown >= width * height, name


def test_the_tiles_cover_the_mat_and_overlap(written: tuple[Page, list[Page]]) -> None:
    _, (_, *pages) = written
    mat = load_mat()
    tiles = plan_tiles(mat)
    covered = np.zeros((int(mat.length_mm), int(mat.width_mm)), dtype=int)
    for tile, page in zip(tiles, pages, strict=True):
        assert any(np.allclose(clip, (MARGIN_MM, MARGIN_MM, 190, 277)) for clip in page.clips)
        top, left = max(round(tile.top_mm), 0), max(round(tile.left_mm), 0)
        end = round(tile.top_mm + tile.height_mm), round(tile.left_mm + tile.width_mm)
        covered[top : end[0], left : end[1]] += 1
    assert covered.min() >= 1
    by_place = {(tile.column, tile.row): tile for tile in tiles}
    for (column, row), tile in by_place.items():
        if right := by_place.get((column + 1, row)):
            assert tile.left_mm + tile.width_mm - right.left_mm == pytest.approx(OVERLAP_MM)
        if below := by_place.get((column, row + 1)):
            assert tile.top_mm + tile.height_mm - below.top_mm == pytest.approx(OVERLAP_MM)


def test_every_page_is_a4_with_a_line_of_100_mm(written: tuple[Page, list[Page]]) -> None:
    sheet, pages = written
    assert level_lines(sheet, 100.0)
    for page in pages:
        assert (page.width_mm, page.height_mm) == pytest.approx(A4_MM, abs=TRUE_MM)
        on_paper = [
            line
            for line in level_lines(page, 100.0)
            if 5 <= line[0][0] <= line[1][0] <= 205 and 5 <= line[0][1] <= 292
        ]
        assert on_paper, "within the part that every printer prints"


def test_the_tiles_say_what_they_join_to(written: tuple[Page, list[Page]]) -> None:
    _, (first, *pages) = written
    tiles = plan_tiles(load_mat())
    assert any("100 %" in word for word in first.words)
    for number, (tile, page) in enumerate(zip(tiles, pages, strict=True), start=1):
        assert tile.name in page.words
        assert tile.name in first.words, "the overview on the first page"
        assert any(f"sheet {number} of {len(tiles)}" in word for word in page.words)
    assert any("lay it over A4 on its left and B3 above" in word for word in pages[13].words)


def test_the_pelvic_line_runs_across_the_mat(written: tuple[Page, list[Page]]) -> None:
    sheet, _ = written
    lines = level_lines(sheet, PLAN["mat"]["width"])
    assert any(line[0][1] == pytest.approx(PLAN["mat"]["head_end"]) for line in lines)


def test_a_directory_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MatError, match="choose another --out"):
        CliRunner().invoke(
            template, ["--out", str(tmp_path / "file" / "x")], catch_exceptions=False
        )
