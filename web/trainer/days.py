"""Days and months as people in the gym count them: by the machine's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def today() -> date:
    """The local day."""
    return datetime.now().astimezone().date()


def utc_of_day(day: date) -> datetime:
    """Noon of that local day, so that it is the same day in every zone near here."""
    return datetime.combine(day, time(12)).astimezone().astimezone(UTC)


def day_of(at: datetime | None) -> date | None:
    """The local day of a moment."""
    return None if at is None else at.astimezone().date()


def day_words(at: datetime | None) -> str:
    """`31 Mar 2026`, or a dash."""
    return "-" if at is None else f"{at.astimezone():%-d %b %Y}"


def moment_words(at: datetime | None) -> str:
    """`31 Mar 2026, 18:05`, or a dash."""
    return "-" if at is None else f"{at.astimezone():%-d %b %Y, %H:%M}"


def duration_words(seconds: float) -> str:
    """`12 min`, `45 s`."""
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def month_of(text: str | None) -> date | None:
    """The first day of `2026-03`; None for anything else."""
    try:
        return datetime.strptime(text or "", "%Y-%m").date()
    except ValueError:
        return None


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def short_day(day: date) -> str:
    """`31 Mar 26`, for the axis of a plot."""
    return f"{day:%-d %b %y}"
