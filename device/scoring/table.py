"""The table of figures by which the core is judged, each with its bar."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from device.core.types import Fault, Side, Verdict
from device.scoring.labels import NEVER_S
from device.scoring.outcome import Outcome, Pair

SURE = 0.9
"""Verdicts with more confidence than this are "sure"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: `value` is NaN where nothing was there to be counted; `of` is out of how many."""

    key: str
    words: str
    unit: str
    value: float
    bar: float | None
    at_least: bool
    of: int

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar or without anything to count."""
        if self.bar is None or math.isnan(self.value):
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def figures(outcomes: Sequence[Outcome]) -> list[Figure]:
    """Every figure over these recordings, in the order in which they are printed."""
    bad = [outcome for outcome in outcomes if outcome.bad_strip]
    pairs = [pair for outcome in outcomes for pair in outcome.pairs]
    return [
        *_counting(outcomes),
        *_verdicts(pairs),
        *_faults(pairs),
        *_times(pairs),
        *_warnings(outcomes),
        _least("bad_strip_f1", "recordings with a bad strip: rep F1", _f1(bad), 95.0, len(bad)),
        _share(
            "bad_strip_verdict",
            "recordings with a bad strip: verdict right or unsure",
            (
                pair.found.verdict in (pair.truth.verdict, Verdict.UNSURE)
                for outcome in bad
                for pair in outcome.pairs
                if pair.truth.verdict is not Verdict.UNSURE
            ),
            85.0,
        ),
    ]


def _counting(outcomes: Sequence[Outcome]) -> list[Figure]:
    off = [abs(outcome.counted - outcome.labelled) for outcome in outcomes]
    pairs = [pair for outcome in outcomes for pair in outcome.pairs]
    invented = sum(len(outcome.invented) for outcome in outcomes)
    minutes = sum(outcome.idle_minutes for outcome in outcomes)
    return [
        _share("exact_count", "sessions with the exact rep count", (n == 0 for n in off), 90.0),
        _share("count_within_one", "sessions within one rep", (n <= 1 for n in off), 99.0),
        _least("rep_f1", "rep F1 (overlap 0.3)", _f1(outcomes), 98.0, len(pairs)),
        _share("side", "side right", (p.found.side is p.truth.side for p in pairs), 98.0),
        _most(
            "false_reps_per_minute",
            "false reps outside exercise",
            "a minute",
            invented / minutes if minutes > 0 else math.nan,
            0.1,
            invented,
        ),
    ]


def _verdicts(pairs: Sequence[Pair]) -> list[Figure]:
    clear = [pair for pair in pairs if pair.truth.verdict is not Verdict.UNSURE]
    single = [pair for pair in clear if pair.truth.side is not Side.BOTH]
    both = [pair for pair in clear if pair.truth.side is Side.BOTH]
    sure = [
        pair
        for pair in pairs
        if pair.found.verdict is not Verdict.UNSURE and pair.found.confidence > SURE
    ]
    unsure = sum(pair.found.verdict is Verdict.UNSURE for pair in pairs)
    share = 100.0 * unsure / len(pairs) if pairs else math.nan
    return [
        _share("verdict", "verdict right, unsure counted as wrong", map(_right, clear), 93.0),
        _share("verdict_single", "verdict right, single leg", map(_right, single), 95.0),
        _share("verdict_both", "verdict right, both legs", map(_right, both), 84.0),
        _share(
            "verdict_sure",
            "verdict right where confidence is over 0.9",
            (_right(pair) for pair in sure if pair.truth.verdict is not Verdict.UNSURE),
            97.0,
        ),
        _share(
            "verdict_sure_of_all",
            "the same with reps labelled unsure counted as wrong",
            map(_right, sure),
            None,
        ),
        _most("unsure", "reps called unsure", "%", share, 8.0, len(pairs)),
    ]


def _faults(pairs: Sequence[Pair]) -> list[Figure]:
    rows = []
    for fault in Fault:
        said = [pair for pair in pairs if fault in pair.found.faults]
        true = [pair for pair in pairs if fault in pair.truth.faults]
        rows += [
            _share(
                f"{fault.value}_precision",
                f"{fault.value}: precision",
                (fault in pair.truth.faults for pair in said),
                80.0,
            ),
            _share(
                f"{fault.value}_recall",
                f"{fault.value}: recall",
                (fault in pair.found.faults for pair in true),
                80.0,
            ),
        ]
    return rows


def _times(pairs: Sequence[Pair]) -> list[Figure]:
    off = {
        "start": (0.15, [pair.found.start_s - pair.truth.start_s for pair in pairs]),
        "top": (0.3, [pair.found.top_s - pair.truth.top_s for pair in pairs]),
        "end": (0.15, [pair.found.end_s - pair.truth.end_s for pair in pairs]),
    }
    return [
        _most(
            f"{key}_error_s", f"{key}, median error", "s", _median(np.abs(errors)), bar, len(errors)
        )
        for key, (bar, errors) in off.items()
    ]


def _warnings(outcomes: Sequence[Outcome]) -> list[Figure]:
    truths = [truth for outcome in outcomes for truth in outcome.truths]
    over = [truth for truth in truths if truth.label.over_limit_s < NEVER_S]
    quiet = [truth for truth in truths if truth.label.verdict is Verdict.GLUTE]
    delays_s = [t.warned_s - t.label.over_limit_s for t in over if t.warned_s is not None]
    warned = sum(truth.warned_s is not None for truth in quiet)
    return [
        _share(
            "warned",
            "reps over the limit that were warned",
            (truth.warned_s is not None for truth in over),
            85.0,
        ),
        _most(
            "warning_delay_s",
            "delay of the warning, median",
            "s",
            _median(delays_s),
            0.25,
            len(delays_s),
        ),
        _most(
            "quiet_warned",
            "clean reps that were warned",
            "%",
            100.0 * warned / len(quiet) if quiet else math.nan,
            5.0,
            len(quiet),
        ),
    ]


def _right(pair: Pair) -> bool:
    return pair.found.verdict is pair.truth.verdict


def _f1(outcomes: Sequence[Outcome]) -> float:
    pairs = sum(len(outcome.pairs) for outcome in outcomes)
    whole = sum(outcome.counted + outcome.labelled for outcome in outcomes)
    return 200.0 * pairs / whole if whole else math.nan


def _median(values: Sequence[float] | np.ndarray) -> float:
    return float(np.median(values)) if len(values) else math.nan


def _share(key: str, words: str, hits: Iterable[bool], bar: float | None) -> Figure:
    counted = list(hits)
    value = 100.0 * sum(counted) / len(counted) if counted else math.nan
    return Figure(key, words, "%", value, bar, True, len(counted))


def _least(key: str, words: str, value: float, bar: float, of: int) -> Figure:
    return Figure(key, words, "%", value, bar, True, of)


def _most(key: str, words: str, unit: str, value: float, bar: float, of: int) -> Figure:
    return Figure(key, words, unit, value, bar, False, of)
