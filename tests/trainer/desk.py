"""Somebody at the dashboard, in Flask's test client: what they open and what they send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from device.store.account import Account
from device.store.accounts import Accounts
from web.trainer.visits import begin_visit

CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')


class Desk:
    """One browser, logged in or not."""

    def __init__(self, client: FlaskClient, accounts: Accounts, account: Account | None) -> None:
        self.client = client
        self.accounts = accounts
        self._form: tuple[object, str] | None = None
        if account is not None:
            with client.session_transaction() as cookie:
                begin_visit(cookie, account)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def page(self, path: str) -> str:
        """What a page says; it must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status, answer.text[:500])
        return answer.text

    def token(self) -> str:
        """What a form of ours carries: as in an open tab, until the cookie is another's."""
        with self.client.session_transaction("/trainer/") as cookie:
            visit = cookie.get("csrf_token")
        if self._form is None or visit is None or self._form[0] != visit:
            page = self.get("/trainer/login", follow_redirects=True).text
            found = CSRF.search(page)
            assert found is not None, page
            with self.client.session_transaction("/trainer/") as cookie:
                self._form = cookie["csrf_token"], found[1]
        return self._form[1]

    def send(self, path: str, form: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form of ours."""
        data = {"csrf_token": self.token(), **(form or {})}
        return self.client.post(path, data=data, **kwargs)
