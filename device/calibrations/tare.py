"""A tare where no daemon runs: the bus is opened here, under the daemon's own lock and guards."""

from __future__ import annotations

from contextlib import ExitStack, closing

from device.athlete import dead_weight_points
from device.calibration_file import load_calibration
from device.config import Settings
from device.core.calibration import Calibration, datasheet_calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.errors import RefusedError
from device.service.lock import DirectoryLock
from device.sources.base import Source
from device.sources.demo import open_demo
from device.sources.mat import open_mat
from device.tare_file import keep_tare, tare_document, tare_path

LOOK_S = 2.0
"""The guards look back over a second; the first is for chips that have just been woken."""
DEMO_SEED = 0


def tare_here(settings: Settings, mat: Mat, *, demo: bool) -> None:
    """Look at the mat, or with `demo` at an empty simulated one, take what it reads as zero and
    keep that for the next daemon.

    Raises `RefusedError` where the mat is not empty and at rest, `AlreadyRunningError` where
    another process has it, and other `PronematError`s for a bus or a disk that refuses.
    """
    with ExitStack() as stack:
        source: Source
        if demo:
            points = dead_weight_points(mat, DEMO_SEED)
            calibration = fit_calibration(mat, points, "simulated weights")
            source = simulated = open_demo(mat, DEMO_SEED, scl_hz=settings.bus.scl_hz)
            simulated.command("get_up")
        else:
            stack.enter_context(DirectoryLock(settings.paths.run, "run"))
            found = load_calibration(settings.calibration_path, mat)
            calibration = datasheet_calibration(mat) if found is None else found
            source = open_mat(mat, settings.bus.number, settings.bus.scl_hz)
        zero_n = zero_of(source, calibration)
        keep_tare(tare_path(settings, simulated=demo), tare_document(calibration, zero_n))


def zero_of(source: Source, calibration: Calibration) -> tuple[float, ...]:
    """What an empty mat at rest reads, in newtons by that calibration, strip by strip.

    The source is closed afterwards. `RefusedError` for a mat that is not empty or not at rest.
    """
    core = Pipeline(calibration)
    begun_s: float | None = None
    with closing(source):
        for frame in source.frames():
            core.step(frame.t_s, frame.counts)
            begun_s = frame.t_s if begun_s is None else begun_s
            if frame.t_s - begun_s >= LOOK_S:
                source.close()
    refused = core.tare()
    if refused is not None:
        raise RefusedError(refused)
    return core.zero_n
