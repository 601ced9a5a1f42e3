"""Long commands at a terminal: how far they are, and Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path

from tests.terminal import Terminal

DATA = Path(__file__).parent.parent / "data"
BODIES = 12
"""Enough to fit to, which takes minutes."""


def test_plot_shows_how_far_it_is(tmp_path: Path) -> None:
    out = tmp_path / "session.svg"
    with Terminal("plot", DATA / "each_leg.csv.gz", "--out", out) as terminal:
        code, text = terminal.to_the_end()
    assert code == 0, text
    assert "replaying" in text
    assert "100%" in text
    assert out.exists()


def test_ctrl_c_ends_a_long_score_with_one_sentence(tmp_path: Path) -> None:
    """The processes that fit go with it, without a word of their own."""
    for found in sorted(DATA.glob("*.labels.json")):
        name = found.name.removesuffix(".labels.json")
        labels = json.loads(found.read_text())
        for body in range(BODIES):
            for part in ("csv.gz", "points.csv"):
                (tmp_path / f"{name}_{body}.{part}").symlink_to(DATA / f"{name}.{part}")
            (tmp_path / f"{name}_{body}.labels.json").write_text(
                json.dumps(labels | {"body": f"p{body}"})
            )
    with Terminal("score", tmp_path) as terminal:
        terminal.until(lambda text: "%" in text)
        terminal.interrupt()
        code, text = terminal.to_the_end()
    assert code == 130, text
    assert "Traceback" not in text
    assert text.rstrip().endswith("pronemat: it was stopped; nothing was scored.")
