"""One's own account: another password, and tokens for programs that read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from device.errors import FieldError, LoginError
from device.store.accounts import Accounts
from web.trainer.access import Access, open_to, present_account
from web.trainer.login import NOT_THE_SAME
from web.trainer.typed import Typed, sentence, typed
from web.trainer.visits import begin_visit


def account_pages(*, accounts: Accounts) -> Blueprint:
    """The page of whoever is logged in."""
    pages = Blueprint("account", __name__)

    @pages.get("/account")
    @open_to(Access.TRAINER)
    def mine() -> str:
        return _page(Typed())

    def _page(form: Typed, secret: str | None = None) -> str:
        tokens = accounts.tokens(present_account().id)
        return render_template("trainer/account.html", form=form, tokens=tokens, secret=secret)

    @pages.post("/account/password")
    @open_to(Access.TRAINER)
    def password() -> ResponseReturnValue:
        form = typed("present", "password", "again")
        account = present_account()
        try:
            accounts.verify(account.name, form["present"], request.remote_addr or "")
            if form["password"] != form["again"]:
                raise FieldError({"again": NOT_THE_SAME})
            changed = accounts.change_password(account.id, form["password"])
        except LoginError as error:
            form.wrong["present"] = sentence(error)
        except FieldError as error:
            form.refuse(error)
        else:
            begin_visit(session, changed)
            accounts.audit(account.name, "account", account.name, "changed the own password")
            flash(
                "Your password is changed; wherever else you were logged in, you are not.", "good"
            )
            return redirect(url_for("account.mine"))
        return _page(form), form.status

    @pages.post("/account/tokens")
    @open_to(Access.TRAINER)
    def new_token() -> ResponseReturnValue:
        """The answer shows the token, once: it is no redirect, and nothing keeps it."""
        form = typed("name")
        account = present_account()
        try:
            token, secret = accounts.create_token(account.id, form["name"])
        except FieldError as error:
            form.refuse(error)
            return _page(form), form.status
        accounts.audit(account.name, "token", str(token.id), "made")
        return _page(Typed(), secret)

    @pages.post("/account/tokens/<uuid:token_id>/revoke")
    @open_to(Access.TRAINER)
    def revoke(token_id: UUID) -> ResponseReturnValue:
        account = present_account()
        accounts.revoke_token(token_id, account.id)
        accounts.audit(account.name, "token", str(token_id), "taken back")
        flash("The token is void.", "good")
        return redirect(url_for("account.mine"))

    return pages
