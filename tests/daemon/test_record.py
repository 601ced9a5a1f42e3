"""`pronemat record`: what it writes is complete, and replays to the same reps."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.core.calibration import fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Rep
from device.errors import RecordingError
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import read_points, read_recording
from tests.daemon.process import DEADLINE_S, Start, write_settings
from tests.daemon.staged import staged_rig


class Recorder:
    """`pronemat record` as a person starts it."""

    def __init__(self, file: Path, config: Path, *options: str) -> None:
        self.file = file
        self.process = subprocess.Popen(
            [sys.executable, "-m", "device", "record", file, "--config", config, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for_frames(self) -> Recorder:
        """Return when it records: the file is made with the first frame."""
        deadline = time.monotonic() + DEADLINE_S
        while not self.file.exists():
            assert self.process.poll() is None, self.end()[2]
            assert time.monotonic() < deadline, "it does not record"
            time.sleep(0.01)
        return self

    def end(self, number: signal.Signals | None = None) -> tuple[int, str, str]:
        """Its exit code and what it said; ended by a signal, or by itself."""
        if number is not None:
            self.process.send_signal(number)
        out, error = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, out, error


@dataclass(frozen=True)
class Told:
    """Exit code, standard output and standard error of a recorder, and its file."""

    file: Path
    code: int
    out: str
    error: str


@dataclass(frozen=True)
class Recorded:
    """Four recorders of one visit: to its end, for five seconds, until the terminal hung up, and
    killed and gone on with."""

    whole: Told
    timed: Told
    hung_up: Told
    gone_on: Told
    begun_s: float
    reps: list[dict[str, Any]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, visit: tuple[Path, Path]) -> Recorded:
    """The recorders are processes; the visit happens only when they have seen the mat empty, for a
    core that begins with somebody on the mat knows another rest load than one that saw them come.
    """
    folder = tmp_path_factory.mktemp("recorded")
    config = folder / "here.toml"
    config.write_text('[paths]\ndata = "."\nrun = "."\n')

    def told(recorder: Recorder, number: signal.Signals | None = None) -> Told:
        return Told(recorder.file, *recorder.end(number))

    with staged_rig(folder, visit) as rig:
        whole = Recorder(folder / "whole.csv.gz", config).wait_for_frames()
        others = ("timed.csv", "--duration", "5"), ("ssh.csv.gz",), ("long.csv.gz",)
        started = [Recorder(folder / name, config, *options) for name, *options in others]
        timed, hung_up, cut = (recorder.wait_for_frames() for recorder in started)
        rig.stage.go()
        rig.until(lambda event: event["event"] == "rep")
        hung = told(hung_up, signal.SIGHUP)
        cut.end(signal.SIGKILL)
        gone_on = told(Recorder(cut.file, config, "--append", "--duration", "3"))
        rig.finish()
        told_of = rig.ask("events_since", run="run", sequence=0)["events"]
        reps = [one["event"] for one in told_of if one["event"]["event"] == "rep"]
        begun_s = rig.stage.begun_s
        assert begun_s is not None
        ended = told(whole, signal.SIGINT)
        return Recorded(ended, told(timed), hung, gone_on, begun_s, reps)


def test_a_recording_from_the_daemon_is_complete_and_gives_the_same_reps(
    recorded: Recorded, visit: tuple[Path, Path]
) -> None:
    assert recorded.whole.code == 0, recorded.whole.error
    assert "recording from the daemon" in recorded.whole.error
    assert ", 0 lost" in recorded.whole.out
    mat = load_mat()
    recording, original = read_recording(recorded.whole.file, mat), read_recording(visit[0], mat)
    first = recording.t_s.searchsorted(recorded.begun_s - 0.001)
    assert (recording.counts[first : first + len(original.t_s)] == original.counts).all()

    points = visit[1]
    calibration = fit_calibration(mat, read_points(points, mat), points.name)
    pipeline = Pipeline(calibration, load_model())
    reps = [
        event
        for t_s, counts in zip(recording.t_s.tolist(), recording.counts, strict=True)
        for event in pipeline.step(t_s, counts)
        if isinstance(event, Rep)
    ]
    assert len(recorded.reps) == 6
    for rep, seen in zip(reps, recorded.reps, strict=True):
        assert (rep.side.value, rep.verdict.value) == (seen["side"], seen["verdict"])
        assert rep.start_s == pytest.approx(seen["start"], abs=0.05)
        assert rep.end_s == pytest.approx(seen["end"], abs=0.05)


def test_a_recording_ends_after_its_duration_with_every_frame(recorded: Recorded) -> None:
    assert recorded.timed.code == 0, recorded.timed.error
    assert ", 0 lost" in recorded.timed.out
    mat = load_mat()
    copy = read_recording(recorded.timed.file, mat)
    other = read_recording(recorded.whole.file, mat)
    first = other.t_s.searchsorted(copy.t_s[0] - 0.001)
    length = len(copy.t_s)
    assert 501 <= length <= 502
    assert (copy.t_s == other.t_s[first : first + length]).all()
    assert (copy.counts == other.counts[first : first + length]).all()


def test_an_interrupted_recording_is_gone_on_with(recorded: Recorded) -> None:
    assert recorded.gone_on.code == 0, recorded.gone_on.error
    assert ", 0 lost" in recorded.gone_on.out
    times_s = read_recording(recorded.gone_on.file, load_mat()).t_s
    assert times_s[-1] - times_s[0] > 3.5
    # The second part begins anew only where the daemon's time does.
    assert (times_s[1:] > times_s[:-1]).all()


def test_a_line_that_drops_leaves_a_whole_recording(recorded: Recorded) -> None:
    assert recorded.hung_up.code == 0
    assert ", 0 lost" in recorded.hung_up.out
    assert len(read_recording(recorded.hung_up.file, load_mat()).t_s) > 10


def test_a_daemon_that_ends_ends_the_recording_in_a_sentence_and_keeps_it_whole(
    start: Start, tmp_path: Path
) -> None:
    daemon = start("--source", "demo", "--speed", "4")
    daemon.ask("status")
    recorder = Recorder(tmp_path / "cut.csv.gz", daemon.config).wait_for_frames()
    first = daemon.ask("status")["frames"]
    deadline = time.monotonic() + DEADLINE_S
    # What the recorder has not heard yet when the daemon is killed is lost: at most five sixths.
    while daemon.ask("status")["frames"] < first + 600:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    daemon.end(signal.SIGKILL)
    code, _, error = recorder.end()
    assert code == 1
    assert "the daemon has ended, and so does the recording" in error
    assert "Traceback" not in error
    assert len(read_recording(recorder.file, load_mat()).t_s) > 100


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "kept.csv"
    file.write_text("mine")
    config = write_settings(tmp_path)
    done = CliRunner().invoke(pronemat, ["record", str(file), "--config", str(config)])
    assert isinstance(done.exception, RecordingError)
    assert "exists already" in str(done.exception)
    assert file.read_text() == "mine"


def test_without_daemon_and_bus_it_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    if any(Path("/dev").glob("i2c-*")):
        pytest.skip("this machine has an I2C bus")
    file = tmp_path / "none.csv"
    config = write_settings(tmp_path)
    done = CliRunner().invoke(pronemat, ["record", str(file), "--config", str(config)])
    assert done.exit_code == 1
    assert not file.exists()
