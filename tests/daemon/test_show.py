"""A recording on the running kiosk: shown as what it is, stored nowhere, gone when it matters."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from device.cli import pronemat
from device.cli.kiosk_replay import show_recording
from device.coach.coach import Coach
from device.core.calibration import datasheet_calibration
from device.core.pipeline import Pipeline
from device.errors import RefusedError
from device.mat_file import load_mat
from device.recording import read_recording
from device.service.logbook import Logbook
from device.service.moments import now
from device.service.opening import SHOW_RULES
from device.service.scene import Scene
from device.service.show import Show
from device.service.stage import Stage
from device.store.queries import History
from tests.daemon.process import DEADLINE_S, write_settings
from tests.daemon.staged import StagedRig


def refused(rig: StagedRig, command: str, **more: Any) -> str:
    answer = rig.client.command({"command": command, **more}, DEADLINE_S)
    assert not answer["ok"]
    return str(answer["error"])


def rows(recording: Path, first: int, last: int) -> list[list[float]]:
    whole = read_recording(recording, load_mat())
    table: list[list[float]] = np.column_stack((whole.t_s, whole.counts))[first:last].tolist()
    return table


def show(rig: StagedRig, recording: Path, **more: Any) -> None:
    """Begin to show the first seconds, paced slowly enough to last for the test."""
    rig.ask("replay", **{"speed": 1.0, **more})
    rig.ask("replay_frames", frames=rows(recording, 0, 1000))


def test_a_whole_recording_is_shown_and_nothing_of_it_is_stored(
    staged: StagedRig, visit: tuple[Path, Path], tmp_path: Path
) -> None:
    config = tmp_path / "here.toml"
    config.write_text('[paths]\ndata = "."\nrun = "."\n')
    before = staged.ask("snapshot")
    recording, points = visit
    done: list[Result] = []

    def play() -> None:
        arguments = ["replay", str(recording), "--points", str(points), "--into-kiosk"]
        arguments += ["--speed", "max", "--config", str(config)]
        done.append(CliRunner().invoke(pronemat, arguments))

    player = threading.Thread(target=play)
    player.start()
    during = staged.until_so(lambda snapshot: (snapshot["session"] or {}).get("count", 0) >= 3)
    assert (during["source"], during["simulated"], during["calibrated"]) == ("replay", True, True)
    assert during["run"] != before["run"]
    player.join(DEADLINE_S)
    assert done[0].exit_code == 0, done[0].output
    after = staged.until_so(lambda snapshot: snapshot["source"] == "demo")
    assert after["run"] not in (before["run"], during["run"])
    assert (after["session"], after["phase"]) == (None, "empty")
    assert staged.ask("status")["replayed"] == len(read_recording(recording, load_mat()).t_s)
    assert staged.writer.flush(DEADLINE_S)
    with closing(History(staged.database)) as history:
        assert history.sessions() == ()
    assert staged.ask("cue_log")["cues"] == []


def test_whoever_gets_on_the_mat_has_precedence_over_a_recording(
    staged: StagedRig, visit: tuple[Path, Path]
) -> None:
    show(staged, visit[0])
    assert staged.ask("snapshot")["source"] == "replay"
    staged.stage.go()
    snapshot = staged.until_so(lambda snapshot: snapshot["source"] == "demo")
    assert snapshot["phase"] != "empty"
    assert "no longer shown" in refused(staged, "replay_frames", frames=[])
    assert "somebody is on the mat" in refused(staged, "replay")


def test_who_shows_it_is_told_where_to_go_on_when_somebody_came(
    staged: StagedRig, visit: tuple[Path, Path]
) -> None:
    recording = read_recording(visit[0], load_mat())
    calibration = staged.loop.stage.scene.calibration
    ended: list[str] = []

    def play() -> None:
        try:
            show_recording(staged.client, recording, calibration, 1.0)
        except RefusedError as error:
            ended.append(str(error))

    player = threading.Thread(target=play)
    player.start()
    staged.until_so(lambda snapshot: snapshot["source"] == "replay")
    staged.ask("stop")
    player.join(DEADLINE_S)
    assert "somebody came to the mat, or ended it; go on with --from 0 when" in ended[0]


def test_while_a_recording_is_shown_nobody_trains_and_stop_ends_it(
    staged: StagedRig, visit: tuple[Path, Path]
) -> None:
    show(staged, visit[0])
    for command in ("start", "tare", "acknowledge", "replay"):
        assert "a recording is shown" in refused(staged, command)
    staged.ask("stop")
    assert staged.ask("snapshot")["source"] == "demo"
    staged.ask("start")


def test_a_page_that_listens_hears_of_the_change_before_any_frame_of_it(
    staged: StagedRig, visit: tuple[Path, Path]
) -> None:
    with closing(staged.client.events()) as messages:
        first = next(body for kind, body in messages if kind == "snapshot")
        show(staged, visit[0])
        runs = [first["run"]]
        deadline = time.monotonic() + DEADLINE_S
        for kind, body in messages:
            assert time.monotonic() < deadline
            if kind == "snapshot":
                runs.append(body["run"])
            if kind == "live":
                assert body["run"] == runs[-1]
                if len(runs) == 2:
                    break
    assert runs[1] != runs[0]


def test_a_sender_that_has_gone_gives_the_page_back(
    staged: StagedRig, visit: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = rows(visit[0], 0, 100)
    staged.ask("replay", speed=None)
    staged.ask("replay_frames", frames=frames)
    monkeypatch.setattr("device.service.show.SILENT_S", 0.3)
    staged.until_so(lambda snapshot: snapshot["source"] == "demo")


@pytest.mark.parametrize(
    ("frames", "sentence"),
    [
        ([[1.0, 2.0]], "a frame of this mat is a time and 16 counts"),
        ([["soon"] + [0.0] * 16], "a frame of this mat is a time and 16 counts"),
        ([[2.0] + [0.0] * 16, [1.0] + [0.0] * 16], "rise from frame to frame"),
        ([[10**400] + [0.0] * 16], "a frame of this mat is a time and 16 counts"),
        ([[None] + [0.0] * 16], "rise from frame to frame"),
        ([[float(t)] + [0.0] * 16 for t in range(2001)], "there is room for 2000 frames"),
    ],
)
def test_frames_that_are_none_are_refused(
    staged: StagedRig, frames: list[list[Any]], sentence: str
) -> None:
    staged.ask("replay")
    assert sentence in refused(staged, "replay_frames", frames=frames)


def test_a_speed_or_a_calibration_that_is_none_is_refused(staged: StagedRig) -> None:
    assert "the speed is a factor" in refused(staged, "replay", speed=-1)
    assert "is an object or null" in refused(staged, "replay", calibration=[1])
    assert staged.ask("snapshot")["source"] == "demo"


def test_a_recording_is_not_shown_where_no_daemon_runs(
    visit: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.cli.kiosk_replay.TIMEOUT_S", 0.2)
    config = write_settings(tmp_path)
    arguments = ["replay", str(visit[0]), "--into-kiosk", "--config", str(config)]
    done = CliRunner().invoke(pronemat, arguments)
    assert "start it with 'pronemat daemon'" in str(done.exception)


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("speed", "played"), [(1.0, 51), (4.0, 201), (0.5, 26), (None, 400)])
def test_a_recording_is_played_at_its_speed(
    visit: tuple[Path, Path], tmp_path: Path, speed: float | None, played: int
) -> None:
    clock = Clock()
    calibration = datasheet_calibration(load_mat())
    stage = Stage(
        scene=Scene("run", "replay", calibration),
        core=Pipeline(calibration),
        coach=Coach(SHOW_RULES),
        logbook=Logbook("replay", None),
        now=now,
        outlet=Nowhere(),
    )
    playing = Show(stage, speed, clock)
    playing.put(rows(visit[0], 0, 400), complete=True)
    playing.play()
    clock.now_s += 0.5
    playing.play()
    assert playing.played == played
    clock.now_s += 10.0
    playing.play()
    assert playing.over


class Nowhere:
    """Where nothing that is published arrives."""

    def publish(self, event: Any, at: Any) -> None: ...

    def hear(self, event: Any, phase: Any, at: Any) -> None: ...

    def write(self, record: Any) -> None: ...
