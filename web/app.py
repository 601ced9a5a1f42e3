"""The Flask application: the kiosk page, its stream, and the few controls it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from flask import Flask, Response, jsonify, render_template, request

from device import __version__
from device.errors import StreamError
from web.hub import Hub, TooManyViewersError
from web.security import add_headers, is_local, may_control, new_token
from web.viewer import Viewer
from web.visitors import Visitors, add_visitor_controls
from web.words import DEFAULT_LANGUAGE, load_words

CONTROLS = ("start", "stop", "acknowledge", "decline")
"""What the page may ask of the daemon."""


def create_app(
    hub: Hub, language: str = DEFAULT_LANGUAGE, visitors: Visitors | None = None
) -> Flask:
    """Build the application on a running hub; a test hands in its own. Without `visitors` nobody
    is asked for a code, and nothing can be chosen."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 4096
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    words = load_words(language)
    token = new_token()
    app.after_request(add_headers)

    @app.get("/")
    def kiosk() -> str:
        return render_template(
            "kiosk.html", words=words, words_json=_script_json(words), version=__version__
        )

    @app.get("/stream")
    def stream() -> Response:
        hello: dict[str, Any] = {"version": __version__, "control": is_local(request)}
        if hello["control"]:
            hello |= {"token": token, "codes": visitors is not None}
        if visitors is not None:
            hello["offer"] = visitors.guest_offer
        last = request.headers.get("Last-Event-ID") or request.args.get("last")
        try:
            viewer = hub.join(last, hello)
        except TooManyViewersError:
            return Response(words["problem"]["too_many_viewers"], 503, mimetype="text/plain")
        return Response(_chunks(hub, viewer), mimetype="text/event-stream")

    def refusal() -> tuple[Response, int] | None:
        if may_control(request, token):
            return None
        return jsonify(ok=False, error=words["control"]["refused"]), 403

    if visitors is not None:
        add_visitor_controls(app, visitors, refusal)

    @app.post("/control/<name>")
    def control(name: str) -> tuple[Response, int]:
        refused = refusal()
        if refused is not None:
            return refused
        if name not in CONTROLS:
            return jsonify(ok=False, error=words["control"]["unknown"]), 404
        try:
            answer = hub.command(name)
        except StreamError:
            return jsonify(ok=False, error=words["control"]["unanswered"]), 503
        return jsonify(dict(answer)), 200 if answer.get("ok") else 409

    @app.post("/sound/<state>")
    def sound(state: str) -> tuple[str, int]:
        """The mat's own screen says whether it can be heard. It says so again and again, so an
        answer of the daemon that is lost matters to nobody."""
        if state not in ("on", "off") or not may_control(request, token):
            return "", 403
        with suppress(StreamError):
            hub.command(f"sound_{state}")
        return "", 204

    return app


def _chunks(hub: Hub, viewer: Viewer) -> Iterator[bytes]:
    try:
        yield from viewer.chunks()
    finally:
        hub.leave(viewer)


def _script_json(value: Any) -> str:
    """JSON that may stand inside a script element: no `<` can end it."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
