"""Who may open what. Every page says it, and one gate before them all holds everybody to it.

A page that says nothing is open to nobody. Whoever is not at this machine must come through TLS.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from device.store.account import Account, Role
from device.store.accounts import Accounts
from web.security import is_local
from web.trainer.visits import account_of_visit

PREFIX = "/trainer"
"""Everything of the dashboard is below it."""
LONGEST_FORM_BYTES = 64 * 1024
"""The longest form is a member's, with its notes; the kiosk's own limit is for its commands."""

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "open_to"


class Access(StrEnum):
    """Whom a page is open to."""

    ANYONE = "anyone"
    """Before the login: the login itself, and files without anybody's data."""
    TRAINER = "trainer"
    OWNER = "owner"
    """Owners only; they may do all that trainers may."""
    TOKEN = "token"  # noqa: S105 (a kind of access, not a secret)
    """A token of an account that may read, or a trainer who is logged in."""


def open_to(access: Access) -> Callable[[View], View]:
    """Say whom a view is open to; goes below the route."""

    def mark(view: View) -> View:
        setattr(view, _MARK, access)
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Access | None:
    """Whom the view of this endpoint is open to; None where nobody said."""
    if endpoint.endswith(".static"):
        return Access.ANYONE
    access: Access | None = getattr(app.view_functions[endpoint], _MARK, None)
    return access


def present_account() -> Account:
    """Whoever makes this request; only in views that are not open to anyone."""
    account: Account = g.account
    return account


def is_owner(account: Account | None) -> bool:
    """Whether this account may do what owners may."""
    return account is not None and account.role is Role.OWNER


class Gate:
    """Runs before every request; answers in place of the page those who may not see it."""

    def __init__(self, accounts: Accounts, csrf: CSRFProtect) -> None:
        self._accounts = accounts
        self._csrf = csrf

    def __call__(self) -> ResponseReturnValue | None:
        """None lets the request pass."""
        g.account = None
        if not (request.path == PREFIX or request.path.startswith(f"{PREFIX}/")):
            return None
        if not (request.is_secure or is_local(request)):
            return Response(
                "The trainer's pages come over the network by https only.\n",
                403,
                mimetype="text/plain",
            )
        if request.endpoint is None:
            return None
        request.max_content_length = LONGEST_FORM_BYTES
        access = access_of(current_app, request.endpoint)
        if access is None:
            abort(403)
        if access is Access.TOKEN:
            return self._by_token()
        self._csrf.protect()
        if access is Access.ANYONE:
            return None
        return self._by_visit(access)

    def _by_visit(self, access: Access) -> ResponseReturnValue | None:
        account = account_of_visit(session, self._accounts)
        if account is None:
            return _to_login()
        g.account = account
        if access is Access.OWNER and not is_owner(account):
            abort(403)
        return None

    def _by_token(self) -> ResponseReturnValue | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            g.account = self._accounts.account_of_token(token.strip())
        elif not kind:
            g.account = account_of_visit(session, self._accounts)
        if g.account is None:
            answer = Response('{"error":"a token is needed: Authorization: Bearer TOKEN"}\n', 401)
            answer.mimetype = "application/json"
            answer.headers["WWW-Authenticate"] = 'Bearer realm="pronemat"'
            return answer
        return None


def _to_login() -> ResponseReturnValue:
    """To the login, and from there back here, if it was a page that was asked for."""
    if request.method != "GET" or "text/event-stream" in request.headers.get("Accept", ""):
        abort(401)
    return redirect(url_for("login.log_in", next=request.path))


def safe_next(target: str | None) -> str | None:
    """Where to go after the login: a page of ours, or None."""
    if not target or "\\" in target or ".." in target:
        return None
    parts = urlsplit(target)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith(f"{PREFIX}/")
    return parts.path if ours else None
