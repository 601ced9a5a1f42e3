"""`pronemat record`: what it writes is complete, and replays to the same reps."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from device.cli import pronemat
from device.core.calibration import fit_calibration
from device.core.pipeline import Pipeline
from device.core.types import Frame, Rep
from device.errors import RecordingError
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import RecordingWriter, read_points, read_recording
from tests.daemon.process import DEADLINE_S, Start, write_settings

EMPTY_S = 60.0
"""At six times its pace, ten seconds for the recorder to start before anybody comes: a core that
begins with somebody on the mat knows another rest load than one that saw them come."""


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

    def wait_for_frames(self) -> None:
        """Return when it records."""
        assert self.process.stderr is not None
        assert "recording from the daemon" in self.process.stderr.readline()

    def end(self, number: signal.Signals | None = None) -> tuple[int, str, str]:
        """Its exit code and what it said; ended by a signal, or by itself."""
        if number is not None:
            self.process.send_signal(number)
        out, error = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, out, error


def wait_first(original: Path, copy: Path, empty_s: float) -> None:
    """The same recording after an empty mat of some seconds, in which a recorder can start."""
    mat = load_mat()
    recording = read_recording(original, mat)
    empty = recording.counts[0]
    frames = round(empty_s * 100)
    with closing(RecordingWriter(copy, mat)) as writer:
        for number in range(frames):
            writer.write(Frame(number, number / 100, empty, empty))
        for frame in recording.frames():
            later = Frame(0, frame.t_s + empty_s, frame.counts, frame.times_s)
            writer.write(later)


def test_a_recording_from_the_daemon_is_complete_and_gives_the_same_reps(
    start: Start, tmp_path: Path, visit: tuple[Path, Path]
) -> None:
    awaited = tmp_path / "awaited.csv"
    mat = load_mat()
    wait_first(visit[0], awaited, EMPTY_S)
    options = ("--source", "replay", "--file", awaited, "--points", visit[1])
    daemon = start(*options, "--speed", "6")
    daemon.ask("status")
    file = tmp_path / "copy.csv.gz"
    recorder = Recorder(file, daemon.config)
    recorder.wait_for_frames()
    with closing(daemon.client.events()) as messages:
        live = next(body for kind, body in messages if kind == "live")
    assert live["phase"] == "empty", "the recorder came too late to see the member come"

    def is_rep(event: dict[str, Any]) -> bool:
        return bool(event["event"] == "rep")

    seen = daemon.until(is_rep)
    code, out, error = recorder.end(signal.SIGINT)
    assert code == 0, error
    assert ", 0 lost" in out

    recording = read_recording(file, mat)
    points = visit[1]
    calibration = fit_calibration(mat, read_points(points, mat), points.name)
    pipeline = Pipeline(calibration, load_model())
    reps = [
        event
        for t_s, counts in zip(recording.t_s.tolist(), recording.counts, strict=True)
        for event in pipeline.step(t_s, counts)
        if isinstance(event, Rep)
    ]
    (rep,) = [rep for rep in reps if abs(rep.start_s - seen["start"]) < 0.05]
    assert (rep.side.value, rep.verdict.value) == (seen["side"], seen["verdict"])
    assert rep.end_s == pytest.approx(seen["end"], abs=0.05)


def test_a_recording_ends_after_its_duration_with_every_frame(
    start: Start, tmp_path: Path, visit: tuple[Path, Path], replay: tuple[str | Path, ...]
) -> None:
    daemon = start(*replay, "--speed", "6")
    daemon.ask("status")
    recorder = Recorder(tmp_path / "short.csv", daemon.config, "--duration", "5")
    code, out, error = recorder.end()
    assert code == 0, error
    assert ", 0 lost" in out
    mat = load_mat()
    copy, original = read_recording(recorder.file, mat), read_recording(visit[0], mat)
    first = original.t_s.searchsorted(copy.t_s[0] - 0.001)
    length = len(copy.t_s)
    assert 501 <= length <= 502
    assert (copy.t_s == original.t_s[first : first + length]).all()
    assert (copy.counts == original.counts[first : first + length]).all()


def test_a_daemon_that_ends_ends_the_recording_in_a_sentence_and_keeps_it_whole(
    start: Start, tmp_path: Path, replay: tuple[str | Path, ...]
) -> None:
    daemon = start(*replay, "--speed", "6")
    daemon.ask("status")
    recorder = Recorder(tmp_path / "cut.csv.gz", daemon.config)
    recorder.wait_for_frames()
    daemon.until_count(1)
    daemon.end(signal.SIGKILL)
    code, _, error = recorder.end()
    assert code == 1
    assert "the daemon has ended, and so does the recording" in error
    assert "Traceback" not in error
    assert len(read_recording(recorder.file, load_mat()).t_s) > 100


def test_an_interrupted_recording_is_gone_on_with(
    start: Start, tmp_path: Path, replay: tuple[str | Path, ...]
) -> None:
    daemon = start(*replay, "--speed", "6")
    daemon.ask("status")
    file = tmp_path / "long.csv.gz"
    cut = Recorder(file, daemon.config)
    cut.wait_for_frames()
    daemon.until_count(2)
    cut.end(signal.SIGKILL)
    code, out, error = Recorder(file, daemon.config, "--append", "--duration", "3").end()
    assert code == 0, error
    assert ", 0 lost" in out
    times_s = read_recording(file, load_mat()).t_s
    assert times_s[-1] - times_s[0] > 3.5
    # The second part begins anew only where the daemon's time does.
    assert (times_s[1:] > times_s[:-1]).all()


def test_a_line_that_drops_leaves_a_whole_recording(
    start: Start, tmp_path: Path, replay: tuple[str | Path, ...]
) -> None:
    daemon = start(*replay, "--speed", "6")
    daemon.ask("status")
    recorder = Recorder(tmp_path / "ssh.csv.gz", daemon.config)
    recorder.wait_for_frames()
    daemon.until_count(1)
    code, out, _ = recorder.end(signal.SIGHUP)
    assert code == 0
    assert ", 0 lost" in out
    assert len(read_recording(recorder.file, load_mat()).t_s) > 10


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
