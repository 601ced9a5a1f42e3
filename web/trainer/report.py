"""A member's month on one printed page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request

from device.coach.welcome import offered
from device.store.accounts import Accounts
from device.store.people import People
from device.store.progress import Progress
from device.store.queries import History
from web.trainer.access import Access, open_to, present_account
from web.trainer.choices import REASON_WORDS, VARIATION_WORDS
from web.trainer.days import month_of, next_month, previous_month, today
from web.trainer.member_charts import member_charts
from web.trainer.members import known_member
from web.trainer.shown import Shown

MOST_SESSIONS = 100
"""Three a day: more than anybody trains in a month."""
CHARTED = timedelta(weeks=12)
CHARTS = ("clean", "sides", "reps", "tempo")


def report_pages(
    *, people: People, progress: Shown[Progress], history: History, accounts: Accounts
) -> Blueprint:
    """The page to print."""
    pages = Blueprint("report", __name__)

    @pages.get("/members/<uuid:member_id>/report")
    @open_to(Access.TRAINER)
    def month(member_id: UUID) -> str:
        member = known_member(people, member_id)
        first = month_of(request.args.get("month")) or today().replace(day=1)
        after = next_month(first)
        sessions = history.sessions(
            MOST_SESSIONS,
            member_id=member_id,
            since_utc=_begin(first),
            until_utc=_begin(after),
        )
        weeks = progress().weeks(member_id, since=after - CHARTED)
        accounts.audit(present_account().name, "export", str(member_id), "month report")
        return render_template(
            "trainer/report.html",
            member=member,
            first=first,
            before=previous_month(first),
            after=after if after <= today() else None,
            sessions=sessions,
            lifts=sum(one.reps for one in sessions),
            clean=sum(one.clean for one in sessions),
            judged=sum(one.judged for one in sessions),
            charts=[
                plot
                for plot in member_charts([week for week in weeks if week.monday < after])
                if plot.key in CHARTS
            ],
            proposal=offered(progress().practices(member_id), None),
            programme=people.programme(member_id),
            variation_words=VARIATION_WORDS,
            reason_words=REASON_WORDS,
        )

    return pages


def _begin(day: date) -> datetime:
    """Local midnight at the beginning of a day."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC)
