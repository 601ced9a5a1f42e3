"""A member's page: how they get on over the weeks, what the rule proposes, what is decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from device.coach.welcome import offered
from device.errors import FieldError
from device.store.accounts import Accounts
from device.store.people import Member, People, Programme, programme_from_fields
from device.store.progress import Progress
from device.store.queries import History
from device.store.reviews import Reviews
from web.trainer.access import Access, open_to, present_account
from web.trainer.choices import REASON_WORDS, STRICTNESSES, VARIATION_WORDS, VARIATIONS
from web.trainer.member_charts import member_charts
from web.trainer.members import known_member
from web.trainer.plans import PLAN_FIELDS, checked_plan
from web.trainer.shown import Shown
from web.trainer.typed import Typed, typed, untouched

LATEST_SESSIONS = 20


def member_pages(
    *,
    people: People,
    progress: Shown[Progress],
    history: History,
    reviews: Reviews,
    accounts: Accounts,
) -> Blueprint:
    """The pages of one member."""
    pages = Blueprint("member", __name__)

    @pages.get("/members/<uuid:member_id>")
    @open_to(Access.TRAINER)
    def page(member_id: UUID) -> str:
        return _page(known_member(people, member_id))

    def _page(member: Member, form: Typed | None = None, decision: Typed | None = None) -> str:
        programme = people.programme(member.id)
        practices = progress().practices(member.id)
        proposal = offered(practices, None)
        weeks = progress().weeks(member.id)
        return render_template(
            "trainer/member.html",
            member=member,
            programme=programme,
            proposal=proposal,
            charts=member_charts(weeks),
            weeks=weeks,
            sessions=history.sessions(LATEST_SESSIONS, member_id=member.id),
            decisions=reviews.decisions(member.id),
            form=form or untouched(_plan_values(programme or proposal.today)),
            decision=decision or untouched({"decision": proposal.advice.variation.value}),
            variations=VARIATIONS,
            variation_words=VARIATION_WORDS,
            reason_words=REASON_WORDS,
            strictnesses=STRICTNESSES,
        )

    @pages.post("/members/<uuid:member_id>/programme")
    @open_to(Access.TRAINER)
    def programme(member_id: UUID) -> ResponseReturnValue:
        """What the kiosk asks of this member from now on."""
        member = known_member(people, member_id)
        form = typed(*PLAN_FIELDS)
        try:
            checked_plan(form.values)
            decided = programme_from_fields(form.values, present_account().name)
        except FieldError as error:
            form.refuse(error)
            return _page(member, form=form), form.status
        people.set_programme(member_id, decided)
        accounts.audit(present_account().name, "programme", str(member_id), "set")
        flash("The programme is kept; the mat uses it from the next visit on.", "good")
        return redirect(url_for("member.page", member_id=member_id))

    @pages.post("/members/<uuid:member_id>/programme/rule")
    @open_to(Access.TRAINER)
    def back_to_rule(member_id: UUID) -> ResponseReturnValue:
        known_member(people, member_id)
        people.set_programme(member_id, None)
        accounts.audit(present_account().name, "programme", str(member_id), "left to the rule")
        flash("The rule decides again.", "good")
        return redirect(url_for("member.page", member_id=member_id))

    @pages.post("/members/<uuid:member_id>/decision")
    @open_to(Access.TRAINER)
    def decide(member_id: UUID) -> ResponseReturnValue:
        """What the trainer makes of the proposal; another step than the rule's is a programme."""
        member = known_member(people, member_id)
        form = typed("decision", "note")
        by = present_account().name
        proposal = offered(progress().practices(member_id), None)
        step = next((one for one in VARIATION_WORDS if one.value == form["decision"]), None)
        try:
            if step is None:
                raise FieldError({"decision": "Choose one of the steps."})
            proposed = proposal.advice.variation
            reviews.decide(member_id, by, proposed.value, step.value, form["note"])
        except FieldError as error:
            form.refuse(error)
            return _page(member, decision=form), form.status
        if step is not proposed:
            values = _plan_values(proposal.today) | {"variation": step.value}
            people.set_programme(member_id, programme_from_fields(values, by))
        accounts.audit(by, "decision", str(member_id), f"{proposed.value}: {step.value}")
        flash("Your decision is kept.", "good")
        return redirect(url_for("member.page", member_id=member_id))

    return pages


def _plan_values(plan: Programme | Any) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PLAN_FIELDS}
