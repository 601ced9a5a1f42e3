"""The only wiring: source -> core -> coach -> stream, store and panel.

open, in this order: locks, database, writer, source, stream, panel; close in the reverse order
"""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

from device.athlete import dead_weight_points
from device.backup.finish import finish_restore
from device.calibration_file import load_calibration
from device.calibrations.history import History
from device.coach.coach import Coach
from device.coach.pauses import Rules
from device.coach.programme import DEFAULT_PLAN
from device.config import SessionSettings, Settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.drivers.clock import RealClock
from device.drivers.no_bus import NoBus
from device.drivers.panel import PanelPins, is_raspberry_pi, open_panel
from device.errors import CalibrationError
from device.mat_file import load_mat
from device.model_file import load_model
from device.recording import read_points, read_recording
from device.service.boot_findings import BootFindings
from device.service.lock import DirectoryLock
from device.service.logbook import Logbook
from device.service.loop import Loop
from device.service.moments import now
from device.service.opening import looked_up, open_show
from device.service.panel_view import CoachPanel
from device.service.raw_ring import RawRing
from device.service.recalibration import Recalibration, calibration_used
from device.service.scene import Scene
from device.service.systemd import Notifier
from device.service.traces import TraceKeeper
from device.sources.base import Source
from device.sources.demo import open_demo
from device.sources.mat import open_mat
from device.sources.replay import ReplaySource
from device.sources.scan import ScanSource
from device.store.database import open_database
from device.store.resume import open_sessions
from device.store.writer import Writer
from device.stream.server import StreamServer
from device.tare_file import load_tare, tare_path

DEMO_SET_PAUSE_S = 5.0
DEMO_EMPTY_S = 3.0
"""The simulated members rest a few seconds and follow one another at once, so that a visitor of the
demonstration need not wait; each is a session of its own."""
DEMO_READS_S = 2.5
"""The simulated visitor answers the safety page by itself after as long as a glance at it takes,
long before the first lift."""

SWITCH_INTERVAL_S = 0.0005
"""How long the writer's thread may keep the interpreter while a frame waits for it. With Python's
own 5 ms, half of a frame's time, frames are late after every rep."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """A source with what belongs to it: its calibration, its rules, and whom it obeys."""

    source: Source
    calibration: Calibration
    rules: Rules
    order: Callable[[str], None] | None = None
    reload: Callable[[], Calibration] | None = None
    """Reads the calibration in force anew; None where it cannot change."""
    tare: Path | None = None
    """The file of the last tare; None where none is kept."""


def mat_feed(settings: Settings, mat: Mat) -> Feed:
    """The mat itself."""
    _adopt_old(settings, mat)
    load = partial(_in_force, settings.calibration_path, mat)
    calibration = load()
    source = open_mat(mat, settings.bus.number, settings.bus.scl_hz)
    tare = tare_path(settings, simulated=False)
    return Feed(source, calibration, _rules(settings.session, guests=True), None, load, tare)


def no_mat_feed(settings: Settings, mat: Mat) -> Feed:
    """Where the mat should be, but its bus cannot be opened: every strip is missing, and all else
    runs, so that the page can say so."""
    calibration = load_calibration(settings.calibration_path, mat) or datasheet_calibration(mat)
    source = ScanSource(mat, NoBus(), RealClock(), name="mat")
    return Feed(source, calibration, _rules(settings.session, guests=True))


def demo_feed(settings: Settings, mat: Mat, seed: int, speed: float) -> Feed:
    """A simulated member on emulated chips, calibrated with simulated weights."""
    calibration = fit_calibration(mat, dead_weight_points(mat, seed), "simulated weights")
    source = open_demo(mat, seed, speed=speed, scl_hz=settings.bus.scl_hz)
    still_s = settings.session.end_after_still_s
    plan = replace(DEFAULT_PLAN, rest_s=DEMO_SET_PAUSE_S)
    rules = Rules(DEMO_SET_PAUSE_S, DEMO_EMPTY_S, still_s, True, DEMO_READS_S, plan)
    path = settings.simulated_calibration_path
    load = partial(_in_force, path, mat, True)
    tare = tare_path(settings, simulated=True)
    return Feed(source, calibration, rules, source.command, load, tare)


def replay_feed(
    settings: Settings, mat: Mat, file: Path, points: Path | None, speed: float | None
) -> Feed:
    """A recording, with the calibration points of the mat it was recorded on if they are given."""
    calibration = datasheet_calibration(mat)
    if points is not None:
        calibration = fit_calibration(mat, read_points(points, mat), points.name)
    source = ReplaySource(read_recording(file, mat), speed=speed)
    # Whoever was recorded has trained already: nobody is there to be asked or told.
    return Feed(source, calibration, _rules(settings.session, guests=False))


def run_daemon(
    settings: Settings,
    open_feed: Callable[[Settings, Mat], Feed],
    notes: tuple[str, ...] = (),
) -> None:
    """Run until the source ends, or SIGTERM (the session stays open) or SIGINT (it is ended).

    `notes` are for the maintainer, on the page for as long as this runs. Raises a `PronematError`
    for anything that keeps it from starting.
    """
    mat = load_mat(settings.mat.file)
    model = load_model()
    run = secrets.token_hex(8)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    ending = _Ending()
    with ExitStack() as stack:
        stack.enter_context(ending.on_signals())
        stack.enter_context(DirectoryLock(settings.paths.run, "run"))
        if settings.paths.data != settings.paths.run:
            stack.enter_context(DirectoryLock(settings.paths.data, "data"))
        if finish_restore(settings.paths.data):
            _log.warning("a restore that was cut short is finished now")
        feed = open_feed(settings, mat)
        scene = Scene(run, feed.source.name, feed.calibration)
        engine = open_database(settings.database)
        stack.callback(engine.dispose)
        found = open_sessions(engine, settings.database)
        writer = stack.enter_context(closing(Writer(engine, settings.database)))
        used = calibration_used(feed.calibration, now())
        if used is not None:
            writer.put(used)
        logbook = Logbook(feed.source.name, None if used is None else used.digest)
        coach = Coach(feed.rules)
        tally, trainee, closed = logbook.resume(found, now(), settings.session.resume_within_s)
        for record in closed:
            writer.put(record)
        if tally is not None:
            known = looked_up(trainee, settings.database, simulated=scene.simulated)
            coach.resume(tally, known)
        traces = TraceKeeper(mat)
        core_on = partial(Pipeline, model=model, on_trace=traces.take)
        zero_n = None if feed.tare is None else load_tare(feed.tare, feed.calibration)
        server = stack.enter_context(closing(StreamServer(settings.endpoint, run)))
        ring = RawRing(mat)
        stack.callback(ring.leave, settings.paths.run)
        loop = Loop(
            scene=scene,
            source=feed.source,
            core=core_on(feed.calibration, zero_n=zero_n),
            coach=coach,
            logbook=logbook,
            writer=writer,
            server=server,
            panel=_panel(settings, scene.source, stack),
            notifier=stack.enter_context(closing(Notifier())),
            now=now,
            order=feed.order,
            notes=notes,
            traces=traces,
            findings=BootFindings(settings.paths.run),
            ring=ring,
            recalibration=None if feed.reload is None else Recalibration(feed.reload, core_on),
            open_show=None if scene.source == "replay" else partial(open_show, model),
        )
        _log.info(
            "run %s: source %s, calibration %s, sessions in %s%s",
            run,
            scene.source,
            feed.calibration.name,
            settings.database,
            "" if tally is None else f", going on with session {logbook.session_id}",
        )
        # What is loaded by now stays: no later collection has to look through it, which on a Pi
        # would take longer than a frame, and neither has the interpreter's end.
        gc.collect()
        gc.freeze()
        ending.run(loop)
    _log.info("ended, everything finished is stored")


def _adopt_old(settings: Settings, mat: Mat) -> None:
    """The calibration of a version that kept one file alone."""
    try:
        found = History(settings.calibrations_folder, settings.calibration_path, mat).adopt_old()
    except CalibrationError as error:
        _log.warning("%s", error)
        return
    if found is not None:
        _log.warning("the calibration of an older version is kept as %s", found.id)


def _in_force(path: Path, mat: Mat, simulated: bool = False) -> Calibration:
    found = load_calibration(path, mat, simulated=simulated)
    return datasheet_calibration(mat) if found is None else found


def _rules(session: SessionSettings, *, guests: bool) -> Rules:
    return Rules(
        session.set_pause_s,
        session.end_after_empty_s,
        session.end_after_still_s,
        asks_safety=guests,
        plan=DEFAULT_PLAN if guests else None,
    )


def _panel(settings: Settings, source: str, stack: ExitStack) -> CoachPanel | None:
    """The panel, if one is wired. Only the mat itself on a Raspberry Pi drives real pins; all else
    gets mock pins, so that a demonstration asks for no hardware and touches none."""
    panel = settings.panel
    if not panel.enabled:
        return None
    pins = PanelPins(led=panel.led_pin, buzzer=panel.buzzer_pin, button=panel.button_pin)
    mock = source != "mat" or not is_raspberry_pi()
    _log.info("panel: %s", "mock pins" if mock else pins)
    opened = open_panel(pins, mock=mock, run=settings.paths.run)
    return CoachPanel(stack.enter_context(closing(opened)))


class _Ending:
    """SIGTERM and SIGINT, from the first opening to the last closing: none cuts either short."""

    def __init__(self) -> None:
        self._signal: int | None = None
        self._loop: Loop | None = None

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Handle the signals; afterwards they do what they did before."""
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self._end) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self, loop: Loop) -> None:
        """Run the loop until it ends or a signal has come, be it before."""
        self._loop = loop
        if self._signal is not None:
            self._end(self._signal, None)
        loop.run()

    def _end(self, number: int, _frame: FrameType | None) -> None:
        self._signal = number
        if self._loop is not None:
            # A person's Ctrl-C ends the session too; a service manager's stop may be an update.
            self._loop.end(keep_session=number == signal.SIGTERM)
