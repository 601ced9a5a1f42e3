"""The mat live: what happens on it, and start, stop and the set from here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from device import __version__
from device.coach.programme import DEFAULT_PLAN
from device.errors import FieldError, StreamError
from web.hub import Hub, TooManyViewersError
from web.trainer.access import Access, open_to
from web.trainer.choices import STRICTNESSES, VARIATIONS
from web.trainer.plans import PLAN_FIELDS, checked_plan
from web.trainer.typed import Typed, capitalised, typed, untouched
from web.viewer import Viewer
from web.words import load_words

SILENT = "The mat does not answer; it is off, or it starts at this moment."
FULL = "Too many pages watch this mat; close one and load this page again."


def now_pages(*, hub: Hub) -> Blueprint:
    """The live page, its stream and its commands."""
    pages = Blueprint("now", __name__)

    @pages.get("/now")
    @open_to(Access.TRAINER)
    def page() -> str:
        return _page(untouched(hub.snapshot.get("plan") or _plan_values()))

    def _page(form: Typed) -> str:
        return render_template(
            "trainer/now.html",
            form=form,
            variations=VARIATIONS,
            strictnesses=STRICTNESSES,
            words=load_words(),
        )

    @pages.get("/now/stream")
    @open_to(Access.TRAINER)
    def stream() -> Response:
        try:
            viewer = hub.join(None, {"version": __version__, "control": True})
        except TooManyViewersError:
            return Response(FULL, 503, mimetype="text/plain")
        return Response(_chunks(hub, viewer), mimetype="text/event-stream")

    @pages.post("/now/<any(start, stop):name>")
    @open_to(Access.TRAINER)
    def command(name: str) -> tuple[Response, int]:
        answer = _asked(hub, name)
        return jsonify(answer), 200 if answer["ok"] else 409

    @pages.post("/now/set")
    @open_to(Access.TRAINER)
    def change_set() -> ResponseReturnValue:
        form = typed(*PLAN_FIELDS)
        try:
            plan = checked_plan(form.values)
        except FieldError as error:
            form.refuse(error)
            return _page(form), form.status
        answer = _asked(hub, "choose", plan=plan, by="trainer")
        if not answer["ok"]:
            form.wrong["variation"] = capitalised(answer["error"])
            return _page(form), form.status
        flash("The set is changed; a set that is going on is finished first.", "good")
        return redirect(url_for("now.page"))

    return pages


def _asked(hub: Hub, name: str, **fields: Any) -> dict[str, Any]:
    try:
        answer = hub.command(name, **fields)
    except StreamError:
        return {"ok": False, "error": SILENT}
    return {"ok": bool(answer["ok"]), "error": answer.get("error", "")}


def _chunks(hub: Hub, viewer: Viewer) -> Iterator[bytes]:
    try:
        yield from viewer.chunks()
    finally:
        hub.leave(viewer)


def _plan_values() -> dict[str, Any]:
    """The plan for whoever has no other."""
    return {name: getattr(DEFAULT_PLAN, name) for name in PLAN_FIELDS}
