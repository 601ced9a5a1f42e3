"""What the daemon's tests share: daemons in one folder, what they stored, a recorded visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from device.athlete import dead_weight_points, record
from device.core.types import Frame
from device.mat_file import load_mat
from device.recording import RecordingWriter
from device.store.queries import History, SessionSummary
from tests.daemon.process import Daemon, Start
from tests.daemon.rig import Rig
from tests.daemon.staged import StagedRig, staged_rig

SEED = 0
RECORDED_S = 60.0
"""The simulated member has lifted six times by then."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts daemons in one folder; none outlives the test."""
    started: list[Daemon] = []

    def begin(*options: str | Path, **more: Any) -> Daemon:
        started.append(Daemon(tmp_path, *options, **more))
        return started[-1]

    yield begin
    for daemon in started:
        daemon.process.kill()
        daemon.process.communicate()


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[], list[SessionSummary]]:
    """The sessions on the disk, oldest first; reading while the daemon writes is part of it."""

    def sessions() -> list[SessionSummary]:
        with closing(History(tmp_path / "data" / "pronemat.db")) as history:
            return sorted(history.sessions(), key=lambda session: session.position)

    return sessions


@pytest.fixture(scope="session")
def visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A recording of a simulated member, and the calibration points of its mat."""
    folder = tmp_path_factory.mktemp("visit")
    mat = load_mat()
    times_s, counts, _ = record(mat, SEED, RECORDED_S)
    recording = folder / "visit.csv.gz"
    with closing(RecordingWriter(recording, mat)) as writer:
        for number, (t_s, row) in enumerate(zip(times_s.tolist(), counts, strict=True)):
            writer.write(Frame(number, t_s, row, row))
    points = folder / "visit.points.csv"
    lines = ["sensor,force_n,counts"]
    for sensor, (forces_n, read) in dead_weight_points(mat, SEED).items():
        lines += [
            f"{sensor},{force_n:g},{count:.2f}"
            for force_n, count in zip(forces_n.tolist(), read.tolist(), strict=True)
        ]
    points.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return recording, points


@pytest.fixture
def replay(visit: tuple[Path, Path]) -> tuple[str | Path, ...]:
    """Options that let the daemon replay the visit; add `--speed`."""
    recording, points = visit
    return ("--source", "replay", "--file", recording, "--points", points)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A loop that runs in this process."""
    with ExitStack() as stack:
        yield Rig(tmp_path, stack)


@pytest.fixture
def staged(tmp_path: Path, visit: tuple[Path, Path]) -> Iterator[StagedRig]:
    """A loop over an empty mat on which the recorded visit happens when it is told to."""
    with staged_rig(tmp_path, visit) as rig:
        yield rig
