"""The sessions, and one session's page: every lift with what it was judged by, and what a trainer
says of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from device.core.quantities import QUANTITIES
from device.core.types import Verdict
from device.errors import FieldError, StoreError
from device.store.accounts import Accounts
from device.store.people import People
from device.store.queries import History, StoredSession
from device.store.reviews import Reviews
from web.trainer.access import Access, open_to, present_account
from web.trainer.choices import FAULT_WORDS, SIDE_WORDS, VERDICT_WORDS, VERDICTS
from web.trainer.frames import FrameKeeper
from web.trainer.query import BEFORE
from web.trainer.typed import Typed, sentence, typed

A_PAGE = 50
OWN = "own"
"""Instead of a verdict: the trainer takes theirs back."""


def sessions_pages(
    *,
    history: History,
    reviews: Reviews,
    people: People,
    accounts: Accounts,
    frames: FrameKeeper,
) -> Blueprint:
    """The list of sessions, a session, and what can be said of its lifts."""
    pages = Blueprint("sessions", __name__)

    @pages.get("/sessions")
    @open_to(Access.TRAINER)
    def listed() -> str:
        before = BEFORE.forgiving()
        guests = request.args.get("who") == "guests"
        found = history.sessions(A_PAGE, before=before, guests=guests)
        names = people.names({one.member_id for one in found if one.member_id is not None})
        return render_template(
            "trainer/sessions.html",
            sessions=found,
            names=names or {None: "Guest"},
            guests=guests,
            more=found[-1].position if len(found) == A_PAGE else None,
        )

    @pages.get("/sessions/<uuid:session_id>")
    @open_to(Access.TRAINER)
    def page(session_id: UUID) -> str:
        return _page(_known(session_id))

    def _known(session_id: UUID) -> StoredSession:
        stored = history.session(session_id)
        if stored is None:
            abort(404)
        return stored

    def _page(stored: StoredSession, form: Typed | None = None) -> str:
        summary = stored.summary
        member = None if summary.member_id is None else people.get(summary.member_id)
        names = {} if member else people.names()
        return render_template(
            "trainer/session.html",
            stored=stored,
            summary=summary,
            member=member,
            members=[("", "Choose a member"), *((str(id_), name) for id_, name in names.items())],
            corrections=reviews.corrections(summary.id),
            marks={mark.rep_id: mark for mark in reviews.marks(summary.id)},
            form=form or Typed(),
            verdicts=[(OWN, "None by hand"), *VERDICTS],
            verdict_words=VERDICT_WORDS,
            side_words=SIDE_WORDS,
            fault_words=FAULT_WORDS,
            quantities=QUANTITIES,
        )

    @pages.get("/sessions/<uuid:session_id>/reps/<uuid:rep_id>/trace.json")
    @open_to(Access.TRAINER)
    def trace(session_id: UUID, rep_id: UUID) -> ResponseReturnValue:
        """How a lift went, for its plot."""
        document = reviews.trace(rep_id)
        if document is None:
            return jsonify(error="Of this lift no trace is kept, or not any more."), 404
        return jsonify(document)

    @pages.post("/sessions/<uuid:session_id>/reps/<uuid:rep_id>/verdict")
    @open_to(Access.TRAINER)
    def correct(session_id: UUID, rep_id: UUID) -> ResponseReturnValue:
        """A verdict by hand stands beside the program's own; the same one says that both agree."""
        stored = _known(session_id)
        form = typed("verdict")
        words = form["verdict"]
        if words != OWN and words not in list(Verdict):
            form.wrong[f"verdict-{rep_id}"] = "Choose a verdict."
            return _page(stored, form), form.status
        by = present_account().name
        reviews.correct(rep_id, None if words == OWN else Verdict(words), by)
        accounts.audit(by, "correction", str(rep_id), words)
        flash("Your verdict is kept beside the program's own.", "good")
        return redirect(url_for("sessions.page", session_id=session_id, _anchor=f"rep-{rep_id}"))

    @pages.post("/sessions/<uuid:session_id>/reps/<uuid:rep_id>/mark")
    @open_to(Access.TRAINER)
    def mark(session_id: UUID, rep_id: UUID) -> ResponseReturnValue:
        """For the maintainers, with the raw frames if the lift has only just been made."""
        stored = _known(session_id)
        form = typed("note")
        rep = next((rep for one in stored.sets for rep in one.reps if rep.id == rep_id), None)
        if rep is None:
            abort(404)
        raw = frames.recent(rep.ended_utc)
        by = present_account().name
        try:
            reviews.mark(rep_id, by, form["note"], raw)
        except FieldError as error:
            form.wrong[f"note-{rep_id}"] = str(error)
            return _page(stored, form), form.status
        accounts.audit(by, "mark", str(rep_id), "with frames" if raw else "without frames")
        flash(
            "The lift is marked, with its raw frames."
            if raw
            else "The lift is marked. Its raw frames are gone: they last for a minute.",
            "good",
        )
        return redirect(url_for("sessions.page", session_id=session_id, _anchor=f"rep-{rep_id}"))

    @pages.post("/sessions/<uuid:session_id>/claim")
    @open_to(Access.TRAINER)
    def claim(session_id: UUID) -> ResponseReturnValue:
        """A guest's session becomes a member's, or a member's a guest's again."""
        stored = _known(session_id)
        form = typed("member")
        by = present_account().name
        try:
            chosen = _chosen(form["member"], stored.summary.member_id is not None)
            people.claim(session_id, chosen)
        except StoreError as error:
            form.wrong["member"] = sentence(error)
            return _page(stored, form), form.status
        accounts.audit(by, "claim", str(session_id), "of a member" if chosen else "of a guest")
        flash("The session has found its member." if chosen else "It is a guest's again.", "good")
        return redirect(url_for("sessions.page", session_id=session_id))

    return pages


def _chosen(text: str, is_claimed: bool) -> UUID | None:
    """Whose session it is to be; None for a guest's, which only a member's can become."""
    if not text and is_claimed:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise FieldError({"member": "Choose a member."}) from None
