"""The plots of a member's weeks."""

from __future__ import annotations

from collections.abc import Sequence

from device.coach.progression import STEPS
from device.store.progress import Week
from web.trainer.charts import Chart, Series, Tone
from web.trainer.choices import FAULT_WORDS
from web.trainer.days import short_day

FAULT_TONES: tuple[Tone, ...] = ("accent", "warn", "ink", "unsure")


def member_charts(weeks: Sequence[Week]) -> list[Chart]:
    """Clean share, lifts, tempo, left against right, faults, load and progression, by week."""
    labels = [short_day(week.monday) for week in weeks]
    return [
        Chart(
            "clean",
            "Clean lifts",
            labels,
            [Series("Clean", [_pct(week.share) for week in weeks])],
            unit="%",
            high=100.0,
        ),
        Chart(
            "sides",
            "Left against right",
            labels,
            [
                Series("Left", [_pct(week.left_share) for week in weeks]),
                Series("Right", [_pct(week.right_share) for week in weeks], "warn"),
            ],
            unit="%",
            high=100.0,
        ),
        Chart(
            "reps", "Lifts", labels, [Series("Lifts", [week.reps for week in weeks])], kind="bar"
        ),
        Chart(
            "tempo",
            "Tempo",
            labels,
            [
                Series("Up", [week.lift_s for week in weeks]),
                Series("Held", [week.hold_s for week in weeks], "warn"),
                Series("Down", [week.lower_s for week in weeks], "unsure"),
            ],
            unit="s",
            decimals=1,
        ),
        _faults(weeks, labels),
        Chart(
            "step",
            "Step of the progression",
            labels,
            [Series("Step", [STEPS.index(week.variation) + 1 for week in weeks])],
            low=1.0,
            high=float(len(STEPS)),
        ),
        Chart(
            "load",
            "Ankle weight",
            labels,
            [Series("Each ankle", [week.ankle_weight_kg for week in weeks])],
            unit="kg",
            decimals=1,
        ),
    ]


def _faults(weeks: Sequence[Week], labels: Sequence[str]) -> Chart:
    """Faults in a hundred lifts: weeks have more or fewer."""
    series = [
        Series(
            words.capitalize(),
            [100.0 * week.faults.get(key, 0) / week.reps for week in weeks],
            FAULT_TONES[place % len(FAULT_TONES)],
        )
        for place, (key, words) in enumerate(FAULT_WORDS.items())
        if any(week.faults.get(key) for week in weeks)
    ]
    return Chart("faults", "Faults in 100 lifts", labels, series, kind="stacked")


def _pct(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
