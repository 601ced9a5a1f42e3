"""Scores recordings by models that do not know the body in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import active_children, get_context
from signal import SIG_IGN, SIGINT, signal
from threading import current_thread, main_thread
from types import FrameType

from device.core.mat import Mat
from device.core.pelvis_model import Model
from device.scoring.fitting import Crossed, Fitter
from device.scoring.labels import Labelled
from device.scoring.lessons import Example, learn
from device.scoring.outcome import Outcome, outcome_of
from device.scoring.replaying import events_of, examples_of, load_session

Progress = Callable[[float], None]
READ_SHARE, FIT_SHARE, JUDGE_SHARE = 0.2, 0.6, 0.2
"""Rough shares of the time of the three parts, for the progress shown."""


def outcomes_left_out(
    labelled: Sequence[Labelled], mat: Mat, jobs: int, progress: Progress
) -> list[Outcome]:
    """Fit models without some of the bodies in turn and judge those bodies' recordings by them."""
    with _pool(jobs) as pool:
        fitter, crossed = _left_out(pool, labelled, mat, progress)
        errors = fitter.missing_errors(crossed)
        models = {
            body: replace(
                fitter.model(crossed, crossed.learnt[body], without=body),
                missing_error=errors,
            )
            for body in fitter.bodies
        }
        # A body of which no rep was found is in no model: any of them will do.
        used = [models.get(one.body, models[fitter.bodies[0]]) for one in labelled]
        outcomes = []
        for outcome in pool.map(partial(_outcome, mat=mat), labelled, used):
            outcomes.append(outcome)
            progress(1.0 - JUDGE_SHARE + JUDGE_SHARE * len(outcomes) / len(labelled))
    return outcomes


def model_of(labelled: Sequence[Labelled], mat: Mat, jobs: int, progress: Progress) -> Model:
    """The model to ship: fitted to all bodies, calibrated on what each left-out body got."""
    with _pool(jobs) as pool:
        fitter, crossed = _left_out(pool, labelled, mat, progress)
    model = fitter.model(crossed, learn(fitter.lesson(without=())))
    return replace(model, missing_error=fitter.missing_errors(crossed))


def _left_out(
    pool: ProcessPoolExecutor, labelled: Sequence[Labelled], mat: Mat, progress: Progress
) -> tuple[Fitter, Crossed]:
    examples: list[Example] = []
    for done, found in enumerate(pool.map(partial(_examples, mat=mat), labelled), start=1):
        examples += found
        progress(READ_SHARE * done / len(labelled))
    fitter = Fitter(mat, examples)
    return fitter, fitter.crossed(pool.map, lambda done: progress(READ_SHARE + FIT_SHARE * done))


def outcomes_with(
    labelled: Sequence[Labelled], mat: Mat, model: Model, progress: Progress
) -> list[Outcome]:
    """Judge all recordings by one model."""
    outcomes = []
    for one in labelled:
        outcomes.append(_outcome(one, model, mat))
        progress(len(outcomes) / len(labelled))
    return outcomes


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Workers that Ctrl-C ends at once, in the midst of what they do."""
    # Started afresh: a forked process would inherit whatever threads numpy has running.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        if current_thread() is not main_thread():  # which alone has signals
            yield pool
            return
        stopped = False

        def stop(_number: int, _frame: FrameType | None) -> None:
            # Without workers the pool says that it is broken to whoever waits for it.
            nonlocal stopped
            stopped = True
            for worker in active_children():
                worker.terminate()

        before = signal(SIGINT, SIG_IGN)  # which what is started now inherits
        try:
            for _ in range(jobs):
                pool.submit(_ready)
            signal(SIGINT, stop)
            yield pool
        except BrokenProcessPool:
            if not stopped:
                raise
        finally:
            signal(SIGINT, before)
        if stopped:
            raise KeyboardInterrupt


def _ready() -> None:
    """The first task of a worker, which is started for it."""


def _examples(labelled: Labelled, mat: Mat) -> list[Example]:
    return examples_of(load_session(labelled, mat))


def _outcome(labelled: Labelled, model: Model, mat: Mat) -> Outcome:
    session = load_session(labelled, mat)
    times = session.recording.t_s
    return outcome_of(labelled, events_of(session, model), float(times[-1] - times[0]))
