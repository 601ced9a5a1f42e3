"""`pronemat record`: the mat's raw readings into a file that `replay` reads."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import FrameType

import click

from device.cli.options import FILE, config_option
from device.cli.progress import Shown, shown
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.core.types import Frame
from device.errors import RecordingError, StreamError
from device.mat_file import load_mat
from device.recording import RecordingWriter
from device.recording_mend import mend
from device.service.lock import DirectoryLock
from device.sources.mat import open_mat
from device.stream.client import StreamClient

FLUSH_PERIOD_S = 1.0
"""A recorder that dies loses no more than this."""
LOOK_S = 0.25
"""How often the end is looked for while no frames come."""
GAP_S = 6.0
"""Between two parts of a recording whose times began anew: longer than what the core takes for a
pause of the same person."""
GONE_S = 3.0
"""Without a frame for this long the daemon is given up: it reads a frame every 10 ms."""


@click.command(
    epilog="Examples: pronemat record monday.csv.gz --duration 600; "
    "pronemat record monday.csv.gz --append",
)
@click.argument("file", type=FILE)
@config_option
@click.option("--mat", "mat_path", type=FILE, help="The mat's description (mat.toml).")
@click.option("--duration", type=click.FloatRange(min=0.0, min_open=True), help="Seconds.")
@click.option("--append", is_flag=True, help="Go on with FILE after an interruption.")
def record(
    file: Path,
    config: Path | None,
    mat_path: Path | None,
    duration: float | None,
    append: bool,
) -> None:
    """Record the mat into FILE (.csv, or .csv.gz) until Ctrl-C or --duration.

    From the running daemon if there is one, which goes on counting; else from the bus itself.
    """
    settings = load_settings(config, {"mat.file": mat_path})
    mat = load_mat(settings.mat.file)
    append = append and file.exists()
    if file.exists() and not append:
        raise RecordingError(
            f"{file} exists already; give the recording another name, or go on with it by --append."
        )
    ending = _Ending(duration)
    with ending.on_signals():
        frames = _frames(settings, mat, ending)
        first = next(frames, None)
        if first is None:
            raise RecordingError("nothing was recorded: it was ended before the first frame.")
        # The file is made only now: what cannot be recorded leaves none behind.
        later_s = _later_s(mend(file, mat), first.t_s) if append else 0.0
        with closing(RecordingWriter(file, mat, append=append)) as writer, _bar(duration) as step:
            lost = _record(chain((first,), frames), writer, mat, ending, later_s, step)
    click.echo(f"{file}: {writer.frames} frames, {lost} lost")


def _later_s(last_s: float, first_s: float) -> float:
    """By how much the times are moved, so that they go on rising: by nothing where they do."""
    return 0.0 if first_s > last_s else last_s + GAP_S - first_s


@contextmanager
def _bar(duration_s: float | None) -> Iterator[Shown]:
    with nullcontext(lambda share: None) if duration_s is None else shown("recording") as step:
        yield step


class _Ending:
    """Whether it is time to end: a signal came, or the duration is over."""

    def __init__(self, duration_s: float | None) -> None:
        self._duration_s = duration_s
        self._asked = False
        self._first_s: float | None = None

    def share(self, frame: Frame) -> float:
        """How much of the duration is over with this frame; 0 without one."""
        if self._first_s is None:
            self._first_s = frame.t_s
        return 0.0 if self._duration_s is None else (frame.t_s - self._first_s) / self._duration_s

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return self._asked

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        def end(_number: int, _frame: FrameType | None) -> None:
            self._asked = True

        # A line to the machine that drops in the middle (SIGHUP) leaves a whole file as well.
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, end) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _record(
    frames: Iterator[Frame],
    writer: RecordingWriter,
    mat: Mat,
    ending: _Ending,
    later_s: float,
    step: Shown,
) -> int:
    """Write frames until the end, their times moved by `later_s`; returns how many were lost on the
    way."""
    lost = 0
    last: Frame | None = None
    # At once with the first frame, so that what is interrupted at once is a recording too.
    flushed_s = float("-inf")
    for frame in frames:
        if len(frame.counts) != len(mat.channels):
            raise RecordingError(
                f"the daemon's mat has {len(frame.counts)} channels and this one "
                f"{len(mat.channels)}; give the daemon's with --mat."
            )
        if last is not None and frame.t_s <= last.t_s:
            raise RecordingError(
                f"{writer.path} ends here, at {writer.frames} frames: the daemon was restarted "
                "and its time began anew; go on with it by --append."
            )
        if last is not None:
            lost += max(frame.sequence - last.sequence - 1, 0)
        last = frame
        writer.write(replace(frame, t_s=frame.t_s + later_s) if later_s else frame)
        share = ending.share(frame)
        if time.monotonic() - flushed_s > FLUSH_PERIOD_S:
            flushed_s = time.monotonic()
            writer.flush()
            step(min(share, 1.0))
        if share >= 1.0:
            step(1.0)
            break
    return lost


def _frames(settings: Settings, mat: Mat, ending: _Ending) -> Iterator[Frame]:
    """The daemon's frames if one answers, else those of the bus."""
    client = StreamClient(settings.endpoint)
    try:
        client.command({"command": "status"})
    except StreamError:
        click.echo("no daemon answers: recording from the bus itself; Ctrl-C ends", err=True)
        with DirectoryLock(settings.paths.run, "run"):
            source = open_mat(mat, settings.bus.number, settings.bus.scl_hz)
            for frame in source.frames():
                yield frame
                if ending.asked:
                    source.close()
        return
    click.echo("recording from the daemon; Ctrl-C ends", err=True)
    with closing(client.frames(LOOK_S)) as frames:
        yield from _until_asked(frames, client, ending)


def _until_asked(
    frames: Iterator[Frame | None], client: StreamClient, ending: _Ending
) -> Iterator[Frame]:
    """The frames up to the one that the daemon was at when the end was asked for: a recorder that
    lagged behind catches up first."""
    heard_s = time.monotonic()
    last: int | None = None
    for frame in frames:
        if frame is not None:
            heard_s = time.monotonic()
            yield frame
        elif time.monotonic() - heard_s > GONE_S:
            raise RecordingError("the daemon has ended, and so does the recording.")
        if ending.asked:
            if last is None:
                try:
                    last = client.command({"command": "status"})["frames"] - 1
                except StreamError:
                    return
            if frame is None or frame.sequence >= last:
                return
