"""The gym: when the mat is used, how clean over time, whether trainer and program agree, and how
the mat itself is doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, render_template, request

from device.core.types import Verdict
from device.store.gym import Gym, GymWeek, Use
from web.trainer.access import Access, open_to
from web.trainer.charts import Chart, Series
from web.trainer.choices import VERDICT_WORDS
from web.trainer.days import short_day, today
from web.trainer.equipment import equipment_rows
from web.trainer.shown import Shown

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = 4
USUAL_HOURS = (8, 20)
SPANS = {"quarter": 91, "year": 365, "all": None}
"""How many days back; a year by default."""


def gym_pages(*, gym: Shown[Gym]) -> Blueprint:
    """The page of the gym."""
    pages = Blueprint("gym", __name__)

    @pages.get("/gym")
    @open_to(Access.TRAINER)
    def page() -> str:
        span = request.args.get("span", "year")
        days = SPANS.get(span, SPANS["year"])
        since = None if days is None else today() - timedelta(days=days)
        use, weeks = gym().use(since), gym().weeks(since)
        return render_template(
            "trainer/gym.html",
            span=span if span in SPANS else "year",
            weekdays=WEEKDAYS,
            hours=_hours(use),
            use=use,
            shades=_shades(use),
            charts=_charts(weeks),
            agreement=gym().agreement(),
            verdicts=list(Verdict),
            verdict_words=VERDICT_WORDS,
            equipment=equipment_rows(gym()),
            size=gym().size(),
        )

    return pages


def _charts(weeks: Sequence[GymWeek]) -> list[Chart]:
    labels = [short_day(week.monday) for week in weeks]
    shares = [None if week.share is None else 100.0 * week.share for week in weeks]
    return [
        Chart("clean", "Clean lifts", labels, [Series("Clean", shares)], unit="%", high=100.0),
        Chart(
            "reps", "Lifts", labels, [Series("Lifts", [week.reps for week in weeks])], kind="bar"
        ),
        Chart(
            "sessions",
            "Sessions",
            labels,
            [Series("Sessions", [week.sessions for week in weeks])],
            kind="bar",
        ),
    ]


def _hours(use: Use) -> range:
    """The usual hours, and those in which anybody ever came."""
    used = [hour for day in use.sessions for hour, count in enumerate(day) if count]
    return range(min((*used, USUAL_HOURS[0])), max((*used, USUAL_HOURS[1])) + 1)


def _shades(use: Use) -> list[list[int]]:
    """How dark each hour is drawn: 0 for nobody, up to `SHADES` for the busiest."""
    most = max(max(day) for day in use.sessions)
    return [[-(-SHADES * count // most) if most else 0 for count in day] for day in use.sessions]
