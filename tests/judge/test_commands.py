"""`pronemat score`, `fit` and `plot` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat
from device.errors import ModelError, RecordingError

DATA = Path(__file__).parent.parent / "data"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(pronemat, [str(argument) for argument in arguments])


def test_score_prints_every_figure_with_its_bar() -> None:
    done = run("score", DATA, "--model", "shipped", "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout.splitlines()[-1])
    assert rows["rep_f1"]["bar"] == 98.0
    assert rows["verdict"]["of"] >= 15
    assert rows["verdict"]["value"] >= 85.0
    assert {"verdict_single", "verdict_both", "verdict_sure", "unsure", "warned"} <= set(rows)
    assert {"warning_delay_s", "quiet_warned", "false_reps_per_minute", "side"} <= set(rows)


def test_score_prints_a_table_for_people(tmp_path: Path) -> None:
    for part in ("csv.gz", "points.csv", "labels.json"):
        (tmp_path / f"each_leg.{part}").symlink_to(DATA / f"each_leg.{part}")
    done = run("score", tmp_path, "--model", "shipped")
    assert done.exit_code == 0, done.output
    assert "verdict right, single leg" in done.output


def test_fitting_to_too_little_is_refused_with_the_remedy(tmp_path: Path) -> None:
    done = run("fit", DATA, "--out", tmp_path / "model.json")
    assert isinstance(done.exception, ModelError)
    assert "too few to fit to; give recordings of at least" in str(done.exception)
    assert not (tmp_path / "model.json").exists()


def test_a_folder_that_is_none_is_one_sentence() -> None:
    done = run("score", "no/such/folder")
    assert isinstance(done.exception, RecordingError)


def test_plot_draws_every_row_and_says_why(tmp_path: Path) -> None:
    out = tmp_path / "session.svg"
    done = run(
        "plot", DATA / "each_leg.csv.gz", "--points", DATA / "each_leg.points.csv", "--out", out
    )
    assert done.exit_code == 0, done.output
    words = [text.text or "" for text in ElementTree.fromstring(out.read_text()).iter()]  # noqa: S314
    for row in ("chest", "ribs", "abdomen", "asis", "pubis", "thigh", "knee", "foot", "head"):
        assert f"{row}, N" in words
    assert {"tilt, % bw", "roll, % bw", "phase"} <= set(words)
    reasons = [text for text in words if "The pelvis" in text or "The leg went too high" in text]
    labels = json.loads((DATA / "each_leg.labels.json").read_text())
    assert len(reasons) >= len(labels["reps"]) - 1


@pytest.mark.parametrize("command", ["score", "fit", "plot"])
def test_each_command_says_what_it_does(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "Example: pronemat" in done.output
