"""A visit through the loop: whose it is, what is heard, what is stored, and what is left of it."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from device.coach.programme import PLANS, Variation
from device.coach.welcome import identify_request
from device.coach.wire import plan_json
from device.mat_file import load_mat
from device.recording import read_recording
from device.store.people import Member, People
from device.store.progress import Progress
from device.store.queries import History, StoredSession
from device.store.reviews import Reviews
from tests.daemon.process import DEADLINE_S
from tests.daemon.rig import Rig
from tests.daemon.staged import StagedRig, staged_rig

LIFTED = ("lifting", "holding", "lowering")
LYING_N = 100.0
PLAN = plan_json(PLANS[Variation.SINGLE]) | {"reps": 4}


@dataclass(frozen=True)
class Visited:
    """What is left when a member has trained and gone."""

    rig: StagedRig
    member: Member
    during: dict[str, Any]
    halfway: dict[str, Any]
    live: dict[str, Any]
    session: StoredSession


@pytest.fixture(scope="module")
def visited(
    tmp_path_factory: pytest.TempPathFactory, visit: tuple[Path, Path]
) -> Iterator[Visited]:
    """Ada has come, chosen sets of four, lifted six times and gone."""
    with staged_rig(tmp_path_factory.mktemp("visited"), visit) as rig:
        with closing(People(rig.database)) as people:
            ada = people.create({"name": "Ada", "code": "1234"})
        identify(rig, ada)
        rig.ask("choose", plan=PLAN)
        during = rig.ask("snapshot")
        with closing(rig.client.events()) as messages:
            next(messages)  # From here on it listens.
            rig.stage.go()
            live = next(
                body for kind, body in messages if kind == "live" and body["weight_n"] > LYING_N
            )
        halfway = rig.until_so(lambda snapshot: count_of(snapshot) >= 2)
        rig.finish()
        with closing(History(rig.database)) as history:
            (summary,) = history.sessions()
            session = history.session(summary.id)
        assert session is not None
        yield Visited(rig, ada, during, halfway, live, session)


def count_of(snapshot: dict[str, Any]) -> int:
    return 0 if snapshot["session"] is None else int(snapshot["session"]["count"])


@pytest.fixture
def people(staged: StagedRig) -> Iterator[People]:
    with closing(People(staged.database)) as people:
        yield people


@pytest.fixture
def ada(people: People) -> Member:
    return people.create({"name": "Ada", "code": "1234"})


def identify(rig: Rig, member: Member, *, acknowledged: bool = True) -> None:
    request = identify_request(member.id, member.name, acknowledged=acknowledged)
    rig.ask(**request)


def test_a_members_session_is_stored_as_theirs_with_its_plan(visited: Visited) -> None:
    assert visited.during["member"] == {"id": str(visited.member.id), "name": "Ada"}
    assert visited.during["plan"] == PLAN
    assert visited.during["offer"]["today"]["variation"] == "single"
    session = visited.session
    assert session.summary.member_id == visited.member.id
    assert [len(one.reps) for one in session.sets] == [4, 2]
    with closing(Progress(visited.rig.database, simulated=True)) as progress:
        (practice,) = progress.practices(visited.member.id)
    assert practice.total.count > 0


def test_a_snapshot_tells_a_page_everything(visited: Visited) -> None:
    snapshot, live = visited.halfway, visited.live
    assert (snapshot["source"], snapshot["simulated"], snapshot["calibrated"]) == (
        "demo",
        True,
        True,
    )
    assert len(snapshot["mat"]["sensors"]) == 15
    assert snapshot["mat"]["sensors"][0]["bars_mm"] == [[-150.0, 300.0], [150.0, 300.0]]
    session = snapshot["session"]
    assert session["count"] == len(session["reps"]) >= 2
    assert {rep["event"] for rep in session["reps"]} == {"rep"}
    assert snapshot["problems"] == []
    assert len(live["forces_n"]) == 15
    assert live["missing"] == []


def test_when_a_member_has_gone_the_page_knows_nothing_of_them(visited: Visited) -> None:
    snapshot = visited.rig.ask("snapshot")
    assert (snapshot["member"], snapshot["offer"], snapshot["before"]) == (None, None, None)
    assert snapshot["session"] is None
    assert snapshot["plan"] == plan_json(PLANS[Variation.SINGLE])


def test_every_lift_keeps_its_trace_from_rest_to_rest(visited: Visited) -> None:
    reps = [rep for one in visited.session.sets for rep in one.reps]
    with closing(Reviews(visited.rig.database)) as reviews:
        traces = [reviews.trace(rep.id) for rep in reps]
    assert len(traces) == 6
    for rep, trace in zip(reps, traces, strict=True):
        assert trace is not None
        count = len(trace["t_s"])
        assert {len(trace[key]) for key in ("tilt_pct", "roll_pct", "phase")} == {count}
        assert set(trace["rows_pct"]) >= {"chest", "asis", "pubis", "foot"}
        assert trace["t_s"][1] - trace["t_s"][0] == pytest.approx(0.05)
        assert trace["t_s"][0] <= -0.5
        assert trace["end_s"] == pytest.approx(rep.end_s - rep.start_s, abs=0.02)
        assert {"ready", "lifting", "holding"} <= set(trace["phase"])
        foot = trace["rows_pct"]["foot"]
        assert min(foot) < 0.75 * foot[0]


def test_what_was_heard_can_be_read_back_and_no_word_was_over_a_lift(visited: Visited) -> None:
    cues: list[dict[str, Any]] = visited.rig.ask("cue_log")["cues"]
    counts = [cue["text"] for cue in cues if cue["cue"] == "count"]
    assert counts == ["1", "2", "3", "4", "1", "2"]
    order = [cue["cue"] for cue in cues]
    first = order.index("count")
    wanted = ("hurts", "tempo", "ready")
    assert [key for key in order[:first] if key in wanted] == list(wanted)
    assert "pace_hold" in order[:first]
    assert "pace_lower" in order
    assert not [cue for cue in cues if cue["text"] and cue["phase"] in LIFTED]
    assert all(one["at"] <= other["at"] for one, other in pairwise(cues))
    assert all(cue["utc"].endswith("Z") for cue in cues)


def test_the_yes_of_a_member_is_kept(staged: StagedRig, people: People, ada: Member) -> None:
    identify(staged, ada, acknowledged=False)
    assert staged.ask("snapshot")["visit"] == "asked"
    staged.ask("acknowledge")
    deadline = time.monotonic() + DEADLINE_S
    while (known := people.get(ada.id)) is None or known.acknowledged_utc is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (datetime.now(UTC) - known.acknowledged_utc).total_seconds() < DEADLINE_S


def test_what_may_not_be_chosen_is_refused_with_a_sentence(staged: StagedRig, ada: Member) -> None:
    identify(staged, ada)

    def refused(**request: Any) -> str:
        answer = staged.client.command(request, DEADLINE_S)
        assert not answer["ok"]
        return str(answer["error"])

    assert "sets: 1 to 10, not 0" in refused(
        command="choose", plan={"variation": "single", "sets": 0}
    )
    assert "not been earned" in refused(command="choose", plan={"variation": "both"})
    staged.ask("choose", plan={"variation": "both"}, by="trainer")
    staged.ask("start")
    assert "a session is running" in refused(**identify_request(None, "", acknowledged=False))


def test_the_last_minute_of_raw_frames_is_a_recording(staged: StagedRig, tmp_path: Path) -> None:
    staged.stage.go()
    staged.until(lambda event: event["event"] == "phase" and event["phase"] == "settling")
    file = tmp_path / "frames.csv.gz"
    file.write_bytes(base64.b64decode(staged.ask("frames")["frames"]))
    recording = read_recording(file, load_mat())
    assert len(recording.t_s) > 100
    assert recording.t_s[-1] - recording.t_s[0] <= 62.0


def test_what_the_examination_at_the_start_found_red_is_said_to_the_page(
    staged: StagedRig, tmp_path: Path
) -> None:
    assert staged.ask("snapshot")["maintainer"] == []
    staged.loop._findings._due_s = 0.0
    (tmp_path / "findings.json").write_text(
        '[{"check": "disk", "state": "ok", "sentence": "Disk: 9 GB free.", "remedy": ""},'
        ' {"check": "chip", "state": "bad", "sentence": "Chips 0x49: silent.", "remedy": "Plug."}]'
    )
    snapshot = staged.until_so(lambda snapshot: bool(snapshot["maintainer"]))
    assert snapshot["maintainer"] == ["Chips 0x49: silent. Plug."]
