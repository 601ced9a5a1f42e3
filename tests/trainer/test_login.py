"""Logging in and out: the first account, wrong passwords, and what ends a login."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from device.store.accounts import Accounts
from tests.trainer.conftest import Link
from tests.trainer.desk import Desk
from tests.trainer.gym import PASSWORD, SmallGym
from web.app import create_app
from web.hub import Hub
from web.trainer import mount
from web.trainer.access import safe_next
from web.trainer.first_code import LASTS_S, MOST_GUESSES, FirstCode
from web.trainer.visits import LASTS_S as VISIT_LASTS_S

NEW = "five slow quiet lifts"


def log_in(desk: Desk, password: str = PASSWORD, name: str = "Tom", **kwargs: object) -> int:
    form = {"name": name, "password": password}
    return desk.send("/trainer/login", form, **kwargs).status_code


def test_name_and_password_lead_to_the_mat(stranger: Desk) -> None:
    answer = stranger.send("/trainer/login", {"name": "tom", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/trainer/now")
    assert "Hello, Tom." in stranger.page("/trainer/now")


def test_the_login_leads_to_the_page_that_was_asked_for(stranger: Desk) -> None:
    asked = stranger.get("/trainer/gym").headers["Location"]
    assert asked == "/trainer/login?next=/trainer/gym"
    answer = stranger.send(asked, {"name": "Tom", "password": PASSWORD})
    assert answer.headers["Location"] == "/trainer/gym"


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/trainer/", "//evil.example/trainer/", "/\\evil", "javascript:1"),
        *("/", "/trainer", "/trainer/../control/start", "", None),
    ],
)
def test_it_leads_nowhere_else(target: str | None) -> None:
    assert safe_next(target) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(stranger: Desk) -> None:
    form = {"name": "Tom", "password": PASSWORD}
    cookie = stranger.send("/trainer/login", form).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/trainer" in cookie
    assert "Secure" not in cookie  # At the mat itself there is no TLS.


def test_with_tls_the_cookie_is_for_tls_only(app: Flask, stranger: Desk) -> None:
    answer = stranger.client.get("/trainer/login", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_wrong_password_says_nothing_of_which_was_wrong(stranger: Desk) -> None:
    wrong = stranger.send("/trainer/login", {"name": "Tom", "password": "guess guess"})
    nobody = stranger.send("/trainer/login", {"name": "Nobody", "password": "guess guess"})
    assert (wrong.status_code, nobody.status_code) == (401, 401)
    sentence = "The name or the password is wrong"
    assert sentence in wrong.text
    assert sentence in nobody.text
    assert 'value="Tom"' in wrong.text


def test_guessing_locks_the_name_for_where_it_came_from(stranger: Desk) -> None:
    for _ in range(5):
        assert log_in(stranger, "guess guess") == 401
    locked = stranger.send("/trainer/login", {"name": "Tom", "password": PASSWORD})
    assert locked.status_code == 401
    assert "wait 15 minutes" in locked.text
    elsewhere = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": "10.0.0.9"}}
    page = stranger.client.get("/trainer/login", **elsewhere).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "name": "Tom", "password": PASSWORD}
    headers = {"Referer": "https://localhost/trainer/login"}
    answer = stranger.client.post("/trainer/login", data=form, headers=headers, **elsewhere)
    assert answer.status_code == 302


def test_a_logout_ends_the_login(trainer: Desk) -> None:
    assert trainer.send("/trainer/logout").status_code == 302
    assert trainer.get("/trainer/now").status_code == 302


def test_a_login_ends_after_a_working_day(trainer: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trainer.get("/trainer/now").status_code == 200
    later = time.time() + VISIT_LASTS_S
    monkeypatch.setattr(time, "time", lambda: later)
    assert trainer.get("/trainer/now").status_code == 302


def test_another_password_ends_every_other_login(
    trainer: Desk, at_desk: Callable[[str | None], Desk]
) -> None:
    tablet = at_desk("Tom")
    form = {"present": PASSWORD, "password": NEW, "again": NEW}
    assert trainer.send("/trainer/account/password", form).status_code == 302
    assert trainer.get("/trainer/now").status_code == 200
    assert tablet.get("/trainer/now").status_code == 302


def test_a_closed_account_is_out_at_once(owner: Desk, trainer: Desk, gym: SmallGym) -> None:
    owner.send(f"/trainer/accounts/{gym.trainer_account}/close")
    assert trainer.get("/trainer/now").status_code == 302


def test_wrong_passwords_for_oneself_have_their_sentences(trainer: Desk) -> None:
    form = {"present": "guess guess", "password": NEW, "again": NEW}
    answer = trainer.send("/trainer/account/password", form)
    assert answer.status_code == 422
    assert "The name or the password is wrong" in answer.text
    form = {"present": PASSWORD, "password": NEW, "again": "another one"}
    assert "not the same as above" in trainer.send("/trainer/account/password", form).text
    form = {"present": PASSWORD, "password": "short", "again": "short"}
    assert "10 letters or more" in trainer.send("/trainer/account/password", form).text


def test_a_forged_cookie_is_nobodys(stranger: Desk) -> None:
    stranger.client.set_cookie("pronemat_trainer", "e30.aaaa.bbbb", path="/trainer")
    assert stranger.get("/trainer/now").status_code == 302


def test_the_first_account_is_made_by_the_code_on_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "new" / "pronemat.db"
    app = create_app(Hub(Link()))
    close = mount(app, Hub(Link()), database)
    shown = capsys.readouterr().err
    accounts = Accounts(database)
    desk = Desk(app.test_client(), accounts, None)
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", shown)
    assert code, shown
    form = {"code": "AAAA-BBBB-CCCC", "name": "Olga", "password": NEW, "again": NEW}
    wrong = desk.send("/trainer/first", form)
    assert wrong.status_code == 422
    assert "This is not the code" in wrong.text
    assert 'value="Olga"' in wrong.text
    right = desk.send("/trainer/first", form | {"code": code[0].lower()})
    assert right.status_code == 302
    assert [(one.name, one.role) for one in accounts.list()] == [("Olga", "owner")]
    # It served once.
    again = desk.send("/trainer/first", form | {"code": code[0], "name": "Eve"})
    assert "/trainer/login" in again.headers["Location"]
    assert len(accounts.list()) == 1
    accounts.close()
    close()


def test_the_code_ends_with_time_and_with_guessing() -> None:
    now_s = 0.0
    code = FirstCode(lambda: now_s)
    text = code.new()
    assert code.matches(text.replace("-", " ").lower())
    now_s = LASTS_S
    assert not code.matches(text)
    now_s = 0.0
    for _ in range(MOST_GUESSES):
        assert not code.matches("AAAA")
    assert not code.matches(text)


def test_no_code_is_shown_where_there_is_an_account(
    gym: SmallGym, stranger: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    close = mount(create_app(Hub(Link())), Hub(Link()), gym.database)
    assert "code" not in capsys.readouterr().err
    close()
    assert "/trainer/login" in stranger.get("/trainer/first").headers["Location"]


def test_every_login_is_in_the_list_of_what_was_done(stranger: Desk, accounts: Accounts) -> None:
    log_in(stranger, "guess guess")
    log_in(stranger, "guess guess", name="four quiet hip bones")
    log_in(stranger)
    stranger.send("/trainer/logout")
    found = [(one.who, one.what) for one in accounts.audit_list()]
    assert found[:3] == [("Tom", "logout"), ("Tom", "login"), ("Tom", "login failed")]
    assert PASSWORD not in str(accounts.audit_list())


def test_the_dashboards_headers_let_nothing_in_from_elsewhere(trainer: Desk) -> None:
    answer = trainer.get("/trainer/members")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_kiosk_page_is_served_where_the_dashboards_key_cannot_be_kept(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    app = create_app(Hub(Link()))
    close = mount(app, Hub(Link()), blocked / "pronemat.db")
    assert app.test_client().get("/").status_code == 200
    close()


def test_the_key_of_the_cookies_is_kept_for_this_user_alone(app: Flask, gym: SmallGym) -> None:
    key = gym.database.with_name("web.key")
    assert key.stat().st_mode & 0o777 == 0o600
    assert app.secret_key == key.read_bytes()
