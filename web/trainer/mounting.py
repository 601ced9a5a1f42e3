"""The dashboard's only wiring: what it reads and writes, its pages, and the gate before them."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import click
from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from device.errors import StoreError
from device.store.accounts import Accounts
from device.store.gym import Gym
from device.store.people import People
from device.store.progress import Progress
from device.store.queries import History
from device.store.reviews import Reviews
from device.store.rules import Rules
from web.hub import Hub
from web.trainer import days
from web.trainer.access import PREFIX, Access, Gate, is_owner, open_to
from web.trainer.account import account_pages
from web.trainer.api import api_pages
from web.trainer.choices import step_words
from web.trainer.exports import exports_pages
from web.trainer.first_code import FirstCode
from web.trainer.frames import FrameKeeper
from web.trainer.gym_page import gym_pages
from web.trainer.login import login_pages
from web.trainer.member import member_pages
from web.trainer.members import members_pages
from web.trainer.now import now_pages
from web.trainer.owner import owner_pages
from web.trainer.report import report_pages
from web.trainer.sessions import sessions_pages
from web.trainer.shown import Shown
from web.trainer.typed import sentence
from web.trainer.visits import KEY_BYTES, LASTS_S, Cookies, signing_key

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""As the kiosk's, but forms may be sent to where they came from."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    # That a form comes from our own page is seen by its referrer where TLS is spoken.
    "Referrer-Policy": "same-origin",
}
LASTS_TLS_S = 365 * 24 * 3600
"""A browser that has once come by TLS is to come by nothing else (RFC 6797)."""
MENU = (
    ("now", "now.page", "Now"),
    ("members", "members.search", "Members"),
    ("sessions", "sessions.listed", "Sessions"),
    ("gym", "gym.page", "The gym"),
)
OWNERS_MENU = (*MENU, ("owner", "owner.listed", "Owner"))
TROUBLES = {
    400: (
        "That did not get through",
        "The form was open for too long; go back, load it again and repeat.",
    ),
    403: ("Not for this account", "Only an owner may see this; ask one."),
    404: ("There is no such page", "What was here may have been deleted."),
    413: ("That is too much", "Write less, and send it again."),
}


_log = logging.getLogger(__name__)


def mount(app: Flask, hub: Hub, database: Path) -> Callable[[], None]:
    """Put the dashboard below `/trainer` of the application, on the database at `database`.

    Where that cannot be used, each page says so; the kiosk's page is served all the same. Returns
    what gives the database back.
    """
    try:
        app.secret_key = signing_key(database.parent)
    except StoreError as error:
        _log.error("%s Until then a login lasts as long as this process.", error)
        app.secret_key = secrets.token_bytes(KEY_BYTES)
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="pronemat_trainer",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=int(LASTS_S),
    )
    accounts, people, reviews = Accounts(database), People(database), Reviews(database)
    history, rules = History(database), Rules(database)
    progresses = Progress(database), Progress(database, simulated=True)
    gyms = Gym(database), Gym(database, simulated=True)
    progress, gym = Shown(hub, *progresses), Shown(hub, *gyms)
    first_code = FirstCode()
    app.extensions["first_code"] = first_code
    app.before_request(Gate(accounts, CSRFProtect(app)))
    app.jinja_env.filters |= {
        "day": days.day_words,
        "moment": days.moment_words,
        "lasting": days.duration_words,
        "step": step_words,
    }
    for pages in (
        _desk(hub),
        login_pages(accounts=accounts, first_code=first_code),
        now_pages(hub=hub),
        members_pages(people=people, accounts=accounts),
        member_pages(
            people=people, progress=progress, history=history, reviews=reviews, accounts=accounts
        ),
        sessions_pages(
            history=history,
            reviews=reviews,
            people=people,
            accounts=accounts,
            frames=FrameKeeper(hub),
        ),
        gym_pages(gym=gym),
        report_pages(people=people, progress=progress, history=history, accounts=accounts),
        api_pages(people=people, progress=progress, history=history, reviews=reviews, gym=gym),
        exports_pages(people=people, history=history, gym=gym, accounts=accounts),
        account_pages(accounts=accounts),
        owner_pages(accounts=accounts, rules=rules),
    ):
        pages.after_request(_headers)
        pages.register_error_handler(HTTPException, _trouble)
        pages.register_error_handler(StoreError, _store_trouble)
        app.register_blueprint(pages, url_prefix=PREFIX)
    show_first_code(accounts, first_code)

    def close() -> None:
        for store in (accounts, people, reviews, history, rules, *progresses, *gyms):
            store.close()

    return close


def _desk(hub: Hub) -> Blueprint:
    """What all pages share: their looks, their menu, the way in, and the library of the plots."""
    pages = Blueprint("desk", __name__, template_folder="templates", static_folder="static")
    library = Path(str(resources.files("chartkick"))) / "django/static/chartkick/Chart.bundle.js"

    @pages.get("/")
    @open_to(Access.TRAINER)
    def enter() -> ResponseReturnValue:
        return redirect(url_for("now.page"))

    @pages.get("/chart-library.js")
    @open_to(Access.ANYONE)
    def chart_library() -> Response:
        """Chart.js, as it comes in the package chartkick."""
        answer = send_file(library, mimetype="text/javascript", conditional=True)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @pages.app_context_processor
    def shared() -> dict[str, Any]:
        return {
            "account": g.get("account"),
            "menu": OWNERS_MENU if is_owner(g.get("account")) else MENU,
            "simulated": bool(hub.snapshot.get("simulated")),
        }

    return pages


def _headers(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={LASTS_TLS_S}"
    return answer


def _trouble(error: HTTPException) -> ResponseReturnValue:
    """A page for what went wrong; what is no trouble, such as a redirect, stays what it is."""
    code = error.code or 500
    if error.response is not None:
        return error.response
    if isinstance(error, CSRFError):
        code = 400
    if code == 401 or code not in TROUBLES:
        return error
    headline, words = TROUBLES[code]
    return render_template("trainer/trouble.html", headline=headline, sentence=words), code


def _store_trouble(error: StoreError) -> ResponseReturnValue:
    headline = "That could not be done"
    page = render_template("trainer/trouble.html", headline=headline, sentence=sentence(error))
    return page, 503


def show_first_code(accounts: Accounts, first_code: FirstCode) -> None:
    """On the console, and only there, while nobody has an account. It is no message of the log."""
    try:
        if accounts.list():
            return
    except StoreError as error:
        _log.error("%s", error)
        return
    click.echo(
        f"The trainer's pages have no account yet. Make the first one at {PREFIX}/first with the "
        f"code {first_code.new()}, within an hour, or with 'pronemat trainer add'.",
        file=sys.stderr,
    )
