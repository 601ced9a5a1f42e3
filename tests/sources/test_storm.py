"""Under bus faults by the hundred a member's lifts are counted and judged as without them.

Ten thousand take some minutes: `pronemat bench faults`.
"""

from __future__ import annotations

import json

from click.testing import CliRunner

from device.cli.bench import bench

FAULTS = 190
"""Half a minute of the mat: the first lifts of a visit."""


def test_faults_turn_no_verdict_invent_no_rep_and_hold_nothing_up() -> None:
    done = CliRunner().invoke(bench, ["faults", "--faults", str(FAULTS), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["sound"] is True
    assert told["reps"] >= 2
    assert told["same"] + told["unsure"] + told["missing"] == told["reps"]
    assert told["turned"] == told["invented"] == 0
    assert told["failed_reads"] > 300
    assert told["longest_frame_s"] < 0.2
    assert told["well_at_the_end"] is True
