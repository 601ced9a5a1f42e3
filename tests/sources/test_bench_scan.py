"""`pronemat bench scan` prints what the scan reaches."""

from __future__ import annotations

import json

from click.testing import CliRunner

from device.cli.bench import bench


def test_json_is_the_last_line_with_the_three_rates() -> None:
    done = CliRunner().invoke(bench, ["scan", "--json", "--frames", "200"])
    assert done.exit_code == 0, done.output
    rates = json.loads(done.output.splitlines()[-1])
    assert rates["frames_per_s"] >= 150
    assert rates["frames_per_s"] >= 3.7 * rates["one_by_one_frames_per_s"]
    assert rates["frames_per_s"] < rates["limit_frames_per_s"]
    assert rates["failed_reads"] == 0


def test_without_json_a_person_reads_it() -> None:
    done = CliRunner().invoke(bench, ["scan", "--frames", "50"])
    assert [line.split("  ")[0] for line in done.output.splitlines()] == [
        "16 channels of 4 chips, 860 samples/s",
        "scan",
        "one by one",
        "limit",
    ]


def test_a_slower_bus_is_slower() -> None:
    done = CliRunner().invoke(
        bench, ["scan", "--json", "--frames", "50", "--scl-hz", "100000"], catch_exceptions=False
    )
    assert json.loads(done.output)["frames_per_s"] < 60


def test_every_part_has_a_line_of_help() -> None:
    done = CliRunner().invoke(bench, ["--help"])
    assert "scan  " in done.output
    assert "core  " in done.output
    assert CliRunner().invoke(bench, ["nonsense"]).exit_code == 2
