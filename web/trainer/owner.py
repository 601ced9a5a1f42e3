"""For owners: who may log in, what was done, and how long things are kept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from device.errors import FieldError
from device.store.account import Account, Role
from device.store.accounts import Accounts
from device.store.rules import Rules
from web.trainer.access import Access, open_to, present_account
from web.trainer.login import NOT_THE_SAME
from web.trainer.query import BEFORE
from web.trainer.typed import Typed, typed, untouched

A_PAGE = 100
ROLES = [(Role.TRAINER.value, "Trainer"), (Role.OWNER.value, "Owner")]
RULES = ("session_days", "trace_days")


def owner_pages(*, accounts: Accounts, rules: Rules) -> Blueprint:
    """The owners' pages."""
    pages = Blueprint("owner", __name__)

    @pages.get("/accounts")
    @open_to(Access.OWNER)
    def listed() -> str:
        return _accounts_page(untouched({"role": Role.TRAINER.value}))

    def _accounts_page(form: Typed) -> str:
        return render_template(
            "trainer/accounts.html", form=form, accounts=accounts.list(), roles=ROLES
        )

    @pages.post("/accounts")
    @open_to(Access.OWNER)
    def new() -> ResponseReturnValue:
        form = typed("name", "role", "password", "again")
        try:
            if form["role"] not in list(Role):
                raise FieldError({"role": "Choose a role."})
            if form["password"] != form["again"]:
                raise FieldError({"again": NOT_THE_SAME})
            account = accounts.create(form["name"], Role(form["role"]), form["password"])
        except FieldError as error:
            form.refuse(error)
            return _accounts_page(form), form.status
        _noted(account, f"added as {account.role}")
        flash(f"{account.name} may log in.", "good")
        return redirect(url_for("owner.listed"))

    @pages.post("/accounts/<uuid:account_id>/<any(close, open):what>")
    @open_to(Access.OWNER)
    def shut(account_id: UUID, what: str) -> ResponseReturnValue:
        """Close an account, or open it again."""
        if accounts.get(account_id) is None:
            abort(404)
        account = accounts.disable(account_id, disabled=what == "close")
        _noted(account, "closed" if account.disabled else "opened")
        flash(
            f"{account.name} may log in {'no more' if account.disabled else 'again'}.",
            "good",
        )
        return redirect(url_for("owner.listed"))

    @pages.get("/audit")
    @open_to(Access.OWNER)
    def audit() -> str:
        found = accounts.audit_list(A_PAGE, before=BEFORE.forgiving())
        more = found[-1].position if len(found) == A_PAGE else None
        return render_template("trainer/audit.html", entries=found, more=more)

    @pages.get("/rules")
    @open_to(Access.OWNER)
    def retention() -> str:
        in_force = rules.get()
        values = {name: getattr(in_force, name) for name in RULES}
        return render_template("trainer/rules.html", form=untouched(values))

    @pages.post("/rules")
    @open_to(Access.OWNER)
    def keep_rules() -> ResponseReturnValue:
        form = typed(*RULES)
        by = present_account().name
        try:
            rules.change(form.values, by)
        except FieldError as error:
            form.refuse(error)
            return render_template("trainer/rules.html", form=form), form.status
        accounts.audit(by, "rules", details=", ".join(f"{k}={v}" for k, v in form.values.items()))
        flash("The rules are kept; they work at the end of each session.", "good")
        return redirect(url_for("owner.retention"))

    def _noted(account: Account, what: str) -> None:
        accounts.audit(present_account().name, "account", account.name, what)

    return pages
