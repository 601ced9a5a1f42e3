"""The guided part of `pronemat doctor --press`: asks for one bar after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

import click

from device.cli.keyboard import GONE, Keyboard
from device.config import Settings
from device.core.calibration import Calibration
from device.core.types import Frame
from device.doctor.examine import open_empty_demo
from device.doctor.findings import Finding, State
from device.doctor.press import PressTest, Turn, place_words, press_findings
from device.sources.base import Source
from device.stream.client import StreamClient

SIMULATED_HAND_N = 40.0
SKIP, QUIT = "s", "q"

Frames = Iterator[Frame | None]
Hand = Callable[[str], None]


def ask_for_presses(
    settings: Settings,
    calibration: Calibration,
    strips: tuple[str, ...],
    *,
    demo: bool,
    through_daemon: bool,
    open_source: Callable[[], Source],
) -> list[Finding]:
    """Ask on standard error, and say what the answers tell. Ctrl-C ends the asking, no more."""
    test = PressTest(calibration, strips)
    keys: AbstractContextManager[Keyboard | None] = nullcontext()
    if sys.stdin.isatty():
        keys = Keyboard()
    with _frames(settings, calibration, demo, through_daemon, open_source) as (frames, hand):
        _say("Let the mat be empty, then press each bar for a second.", newline=True)
        if sys.stdin.isatty():
            _say(f"Keys: {SKIP} leaves a bar out, {QUIT} ends.", newline=True)
        if hand is not None:
            _say("This mat is SIMULATED, and so is the hand that presses.", newline=True)
        try:
            with keys as keyboard:
                _guide(test, frames, keyboard, hand)
        except KeyboardInterrupt:
            _say("", newline=True)
    silent = [
        Finding("wiring", State.UNKNOWN, "gives no readings: put its chip right first", "", name)
        for name in test.silent
    ]
    if test.occupied:
        figure = "the mat did not become empty, so no press could be told"
        return [Finding("wiring", State.WARN, figure, "clear the mat and ask again.")]
    return [*press_findings(calibration.mat, test.answers), *silent]


@contextmanager
def _frames(
    settings: Settings,
    calibration: Calibration,
    demo: bool,
    through_daemon: bool,
    open_source: Callable[[], Source],
) -> Generator[tuple[Frames, Hand | None], None, None]:
    """Frames of the daemon, the demonstration or the mat, and who presses if it is no person."""
    if through_daemon:
        with closing(StreamClient(settings.endpoint).frames()) as heard:
            yield heard, None
        return
    source: Source
    hand: Hand | None = None
    if demo:
        source = simulated = open_empty_demo(calibration.mat, settings.bus.scl_hz)
        hand = simulated.command
    else:
        source = open_source()
    frames = source.frames()
    try:
        yield frames, hand
    finally:
        source.close()
        for _ in frames:
            pass  # the source gives its bus back at its end


def _guide(test: PressTest, frames: Frames, keyboard: Keyboard | None, hand: Hand | None) -> None:
    count = 0
    for frame in frames:
        if frame is None:
            _say("the daemon has fallen silent", newline=True)
            return
        asked, heard = test.asked, len(test.answers)
        pressed = keyboard.key() if keyboard is not None else None
        if pressed in (QUIT, GONE):
            test.stop()
        elif pressed == SKIP and test.skip():
            _say("left out", newline=True)
        elif not test.take(frame):
            continue
        if asked is not None and len(test.answers) > heard:
            _say_answer(asked, test.answers[asked])
        if hand is not None:
            _simulate(test, asked, hand)
        if test.turn is Turn.DONE:
            return
        if test.turn is Turn.PRESS and test.asked is not None:
            count += 1
            sensor = test.mat.sensors[test.mat.names.index(test.asked)]
            _say(f"{count:2}  press {sensor.name}: {place_words(sensor)} ... ")


def _say_answer(asked: str, moved: tuple[str, ...]) -> None:
    said = "answers" if moved == (asked,) else f"{' and '.join(moved) or 'nothing'} moved"
    _say(f"{said}{'; let go' if moved else ''}", newline=True)


def _simulate(test: PressTest, asked: str | None, hand: Hand) -> None:
    """The simulated hand does as it is asked."""
    if test.turn is Turn.PRESS and test.asked is not None:
        hand(f"press {test.asked} {SIMULATED_HAND_N:g}")
    elif test.turn is Turn.RELEASE and asked is not None:
        hand(f"press {asked} 0")


def _say(text: str, *, newline: bool = False) -> None:
    click.echo(text, err=True, nl=newline)
