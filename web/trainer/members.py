"""The list of members: looking for one, a new one, changing, exporting and deleting one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from device.errors import FieldError, StoreError
from device.store.accounts import Accounts
from device.store.people import Member, People
from web.trainer.access import Access, open_to, present_account
from web.trainer.days import day_of
from web.trainer.typed import Typed, sentence, typed, untouched

FIELDS = ("name", "code", "height_cm", "mass_kg", "consent_utc", "notes")
MOST_LISTED = 1000
"""Twice a gym of ten years; more are found by searching."""


def members_pages(*, people: People, accounts: Accounts) -> Blueprint:
    """The pages of the list and of what is kept of one member."""
    pages = Blueprint("members", __name__)

    @pages.route("/members", methods=["GET", "POST"])
    @open_to(Access.TRAINER)
    def search() -> str:
        """What is looked for is sent, not put into the address: addresses end up in logs."""
        form = typed("text")
        found = people.search(form["text"], MOST_LISTED)
        return render_template("trainer/members.html", form=form, members=found)

    @pages.route("/members/new", methods=["GET", "POST"])
    @open_to(Access.TRAINER)
    def new() -> ResponseReturnValue:
        form = typed(*FIELDS)
        if request.method == "POST":
            try:
                member = people.create(form.values)
            except FieldError as error:
                form.refuse(error)
            else:
                accounts.audit(present_account().name, "member", str(member.id), "created")
                flash(f"{member.name} is kept.", "good")
                return redirect(url_for("member.page", member_id=member.id))
        return render_template("trainer/member_form.html", form=form, member=None), form.status

    @pages.route("/members/<uuid:member_id>/edit", methods=["GET", "POST"])
    @open_to(Access.TRAINER)
    def edit(member_id: UUID) -> ResponseReturnValue:
        member = known_member(people, member_id)
        if request.method == "GET":
            return render_template(
                "trainer/member_form.html", form=untouched(_values(member)), member=member
            )
        form = typed(*FIELDS)
        try:
            people.change(member_id, form.values)
        except FieldError as error:
            form.refuse(error)
            page = render_template("trainer/member_form.html", form=form, member=member)
            return page, form.status
        accounts.audit(present_account().name, "member", str(member_id), "changed")
        flash("The change is kept.", "good")
        return redirect(url_for("member.page", member_id=member_id))

    @pages.route("/members/<uuid:member_id>/delete", methods=["GET", "POST"])
    @open_to(Access.OWNER)
    def delete(member_id: UUID) -> ResponseReturnValue:
        member = known_member(people, member_id)
        form = typed("typed_name")
        if request.method == "POST":
            if form["typed_name"].strip().casefold() != member.name.casefold():
                form.wrong["typed_name"] = f"This is not the name; it is {member.name}."
            elif _deleted(people, accounts, member_id, form):
                flash("Everything of this member is deleted.", "good")
                return redirect(url_for("members.search"))
        page = render_template("trainer/member_delete.html", form=form, member=member)
        return page, form.status

    @pages.get("/members/<uuid:member_id>/export.json")
    @open_to(Access.TRAINER)
    def export(member_id: UUID) -> Response:
        """Everything that is kept of a member, as one file."""
        known_member(people, member_id)
        accounts.audit(present_account().name, "export", str(member_id), "member")
        answer = Response(people.export_text(member_id), mimetype="application/json")
        answer.headers["Content-Disposition"] = f'attachment; filename="member-{member_id}.json"'
        return answer

    return pages


def known_member(people: People, member_id: UUID) -> Member:
    """The member of an address, or the page that there is no such."""
    member = people.get(member_id)
    if member is None:
        abort(404)
    return member


def _deleted(people: People, accounts: Accounts, member_id: UUID, form: Typed) -> bool:
    try:
        people.delete(member_id)
    except StoreError as error:
        form.wrong["typed_name"] = sentence(error)
        return False
    accounts.audit(present_account().name, "deletion", str(member_id), "member with everything")
    return True


def _values(member: Member) -> dict[str, Any]:
    values = {name: getattr(member, name) for name in FIELDS}
    return {**values, "consent_utc": day_of(member.consent_utc)}
