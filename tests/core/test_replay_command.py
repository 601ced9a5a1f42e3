"""`pronemat replay` prints one JSON object a line; bad input is one sentence."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from tests.core.excerpts import DATA, events_of, excerpt, reps

BOTH_LEGS = str(DATA / "both_legs.csv.gz"), "--points", str(DATA / "both_legs.points.csv")


def replay(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "device", "replay", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def replayed() -> subprocess.CompletedProcess[str]:
    return replay(*BOTH_LEGS)


def test_reps_are_printed_as_json_lines_with_the_time_they_were_said(
    replayed: subprocess.CompletedProcess[str],
) -> None:
    done = replayed
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [line for line in lines if line["event"] == "rep"]
    assert [line["side"] for line in found] == [
        rep.side.value for rep in reps(events_of("both_legs"))
    ]
    assert {"side", "verdict", "start", "top", "end", "faults", "at"} <= set(found[0])
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert excerpt("both_legs").t_s[0] <= lines[0]["at"]


def test_reordered_columns_change_nothing(
    tmp_path: Path, replayed: subprocess.CompletedProcess[str]
) -> None:
    with gzip.open(DATA / "both_legs.csv.gz", "rt") as file:
        rows = [line.rstrip("\n").split(",") for line in file]
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join(",".join(reversed(row)) for row in rows) + "\n")
    done = CliRunner().invoke(pronemat, ["replay", str(shuffled), *BOTH_LEGS[1:]])
    assert done.stdout == replayed.stdout


def test_without_points_it_says_that_the_mat_is_uncalibrated() -> None:
    done = CliRunner().invoke(pronemat, ["replay", BOTH_LEGS[0]])
    assert done.exit_code == 0
    assert "uncalibrated" in done.stderr


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = replay(str(tmp_path / "none.csv"))
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.startswith("pronemat: ")
    assert "Traceback" not in done.stderr
