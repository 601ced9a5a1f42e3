"""Logging in and out, and the first account of all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from device.errors import FieldError, LoginError
from device.store.account import Account, Role
from device.store.accounts import Accounts
from web.trainer.access import Access, open_to, present_account, safe_next
from web.trainer.first_code import FirstCode
from web.trainer.typed import Typed, sentence, typed
from web.trainer.visits import account_of_visit, begin_visit

WRONG_CODE = "This is not the code, or it has run out; start the pages anew for another."
NOT_THE_SAME = "This is not the same as above."


def login_pages(*, accounts: Accounts, first_code: FirstCode) -> Blueprint:
    """The pages before the login."""
    pages = Blueprint("login", __name__)

    def welcome(account: Account) -> ResponseReturnValue:
        begin_visit(session, account)
        accounts.audit(account.name, "login")
        flash(f"Hello, {account.name}.", "good")
        return redirect(safe_next(request.args.get("next")) or url_for("now.page"))

    @pages.get("/login")
    @open_to(Access.ANYONE)
    def log_in() -> ResponseReturnValue:
        if account_of_visit(session, accounts) is not None:
            return redirect(url_for("now.page"))
        return _login_page(Typed())

    @pages.post("/login")
    @open_to(Access.ANYONE)
    def enter() -> ResponseReturnValue:
        form = typed("name", "password")
        try:
            account = accounts.verify(form["name"], form["password"], request.remote_addr or "")
        except LoginError as error:
            # Names that nobody has are not noted: they may be passwords in the wrong field.
            if (known := accounts.by_name(form["name"])) is not None:
                accounts.audit(known.name, "login failed", details=f"from {request.remote_addr}")
            return _login_page(form, sentence(error)), 401
        return welcome(account)

    def _login_page(form: Typed, wrong: str | None = None) -> str:
        first = first_code.waits and not accounts.list()
        return render_template("trainer/login.html", form=form, wrong=wrong, first=first)

    @pages.post("/logout")
    @open_to(Access.TRAINER)
    def log_out() -> ResponseReturnValue:
        accounts.audit(present_account().name, "logout")
        session.clear()
        return redirect(url_for("login.log_in"))

    @pages.route("/first", methods=["GET", "POST"])
    @open_to(Access.ANYONE)
    def first() -> ResponseReturnValue:
        """There is nothing here once somebody has an account."""
        if not first_code.waits or accounts.list():
            return redirect(url_for("login.log_in"))
        form = typed("code", "name", "password", "again")
        if request.method == "POST":
            account = _first_account(form)
            if account is not None:
                return welcome(account)
        return render_template("trainer/first.html", form=form), form.status

    def _first_account(form: Typed) -> Account | None:
        if not first_code.matches(form["code"]):
            form.wrong["code"] = WRONG_CODE
            return None
        if form["password"] != form["again"]:
            form.wrong["again"] = NOT_THE_SAME
            return None
        try:
            account = accounts.create(form["name"], Role.OWNER, form["password"], first=True)
        except FieldError as error:
            form.refuse(error)
            return None
        first_code.spend()
        accounts.audit(account.name, "account", account.name, "the first, by the code")
        return account

    return pages
