"""Who may open what, tried on every address of the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.trainer.conftest import Link
from tests.trainer.desk import Desk
from tests.trainer.gym import SmallGym
from web.security import TOKEN_HEADER
from web.trainer.access import Access, access_of

M, S = "/trainer/members/<uuid:member_id>", "/trainer/sessions/<uuid:session_id>"
R, API = f"{S}/reps/<uuid:rep_id>", "/trainer/api/v1"
ANYONE, TRAINER, OWNER, TOKEN = Access.ANYONE, Access.TRAINER, Access.OWNER, Access.TOKEN
TABLE: dict[tuple[str, str], Access] = {
    ("GET", "/trainer/static/<path:filename>"): ANYONE,
    ("GET", "/trainer/chart-library.js"): ANYONE,
    ("GET", "/trainer/login"): ANYONE,
    ("POST", "/trainer/login"): ANYONE,
    ("GET", "/trainer/first"): ANYONE,
    ("POST", "/trainer/first"): ANYONE,
    ("POST", "/trainer/logout"): TRAINER,
    ("GET", "/trainer/"): TRAINER,
    ("GET", "/trainer/now"): TRAINER,
    ("GET", "/trainer/now/stream"): TRAINER,
    ("POST", "/trainer/now/<any(start, stop):name>"): TRAINER,
    ("POST", "/trainer/now/set"): TRAINER,
    ("GET", "/trainer/members"): TRAINER,
    ("POST", "/trainer/members"): TRAINER,
    ("GET", "/trainer/members/new"): TRAINER,
    ("POST", "/trainer/members/new"): TRAINER,
    ("GET", M): TRAINER,
    ("GET", f"{M}/edit"): TRAINER,
    ("POST", f"{M}/edit"): TRAINER,
    ("GET", f"{M}/export.json"): TRAINER,
    ("GET", f"{M}/report"): TRAINER,
    ("POST", f"{M}/programme"): TRAINER,
    ("POST", f"{M}/programme/rule"): TRAINER,
    ("POST", f"{M}/decision"): TRAINER,
    ("GET", f"{M}/delete"): OWNER,
    ("POST", f"{M}/delete"): OWNER,
    ("GET", "/trainer/sessions"): TRAINER,
    ("GET", S): TRAINER,
    ("POST", f"{S}/claim"): TRAINER,
    ("GET", f"{R}/trace.json"): TRAINER,
    ("POST", f"{R}/verdict"): TRAINER,
    ("POST", f"{R}/mark"): TRAINER,
    ("GET", "/trainer/gym"): TRAINER,
    ("GET", "/trainer/export/<any(members, sessions, reps, weeks):name>.<any(csv, json):kind>"): (
        TRAINER
    ),
    ("GET", "/trainer/account"): TRAINER,
    ("POST", "/trainer/account/password"): TRAINER,
    ("POST", "/trainer/account/tokens"): TRAINER,
    ("POST", "/trainer/account/tokens/<uuid:token_id>/revoke"): TRAINER,
    ("GET", "/trainer/accounts"): OWNER,
    ("POST", "/trainer/accounts"): OWNER,
    ("POST", "/trainer/accounts/<uuid:account_id>/<any(close, open):what>"): OWNER,
    ("GET", "/trainer/audit"): OWNER,
    ("GET", "/trainer/rules"): OWNER,
    ("POST", "/trainer/rules"): OWNER,
    ("GET", "/trainer/api"): TRAINER,
    ("GET", f"{API}/openapi.json"): TOKEN,
    ("GET", f"{API}/members"): TOKEN,
    ("GET", f"{API}/members/<uuid:member_id>"): TOKEN,
    ("GET", f"{API}/members/<uuid:member_id>/programme"): TOKEN,
    ("GET", f"{API}/members/<uuid:member_id>/weeks"): TOKEN,
    ("GET", f"{API}/members/<uuid:member_id>/decisions"): TOKEN,
    ("GET", f"{API}/sessions"): TOKEN,
    ("GET", f"{API}/sessions/<uuid:session_id>"): TOKEN,
    ("GET", f"{API}/sessions/<uuid:session_id>/corrections"): TOKEN,
    ("GET", f"{API}/sessions/<uuid:session_id>/reps/<uuid:rep_id>/trace"): TOKEN,
    ("GET", f"{API}/gym/use"): TOKEN,
    ("GET", f"{API}/gym/weeks"): TOKEN,
    ("GET", f"{API}/gym/agreement"): TOKEN,
    ("GET", f"{API}/gym/equipment"): TOKEN,
}
"""Every address of the dashboard: method and rule, and whom it is open to."""
KIOSK = {
    ("GET", "/"),
    ("GET", "/stream"),
    ("GET", "/static/<path:filename>"),
    ("POST", "/control/<name>"),
    ("POST", "/sound/<state>"),
}
"""The kiosk's own addresses in an application without people; tests/web says who may use them."""
SitDown = Callable[[str | None], Desk]


def test_every_address_stands_in_the_table(app: Flask) -> None:
    found = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found - KIOSK == set(TABLE)


def test_every_page_says_whom_it_is_open_to_as_the_table_does(app: Flask) -> None:
    said = {
        (method, rule.rule): access_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/trainer")
    }
    assert said == TABLE


def path_of(rule: str, gym: SmallGym) -> str:
    """An address of the rule that is there."""
    for part, value in (
        ("<uuid:member_id>", gym.member),
        ("<uuid:session_id>", gym.session),
        ("<uuid:rep_id>", gym.rep),
        ("<uuid:token_id>", gym.token_id),
        ("<uuid:account_id>", gym.trainer_account),
        ("<any(start, stop):name>", "start"),
        ("<any(close, open):what>", "close"),
        ("<any(members, sessions, reps, weeks):name>", "members"),
        ("<any(csv, json):kind>", "csv"),
        ("<path:filename>", "css/trainer.css"),
    ):
        rule = rule.replace(part, str(value))
    assert "<" not in rule
    return rule


def let_in(desk: Desk, method: str, path: str, **kwargs: Any) -> bool:
    """Whether the page itself answered: neither the login nor a refusal."""
    send = desk.send if method == "POST" else desk.get
    answer = send(path, buffered=False, **kwargs)
    refused = answer.status_code in (401, 403)
    to_login = answer.status_code == 302 and "/trainer/login" in answer.headers["Location"]
    answer.close()
    return not refused and not to_login


def opened(desk: Callable[[], Desk], gym: SmallGym, **kwargs: Any) -> set[tuple[str, str]]:
    """All addresses of the table that let this browser in."""
    return {
        (method, rule)
        for method, rule in TABLE
        if let_in(desk(), method, path_of(rule, gym), **kwargs)
    }


LOGINS = {
    ("POST", "/trainer/login"),
    ("POST", "/trainer/logout"),
    ("GET", "/trainer/first"),
    ("POST", "/trainer/first"),
}
"""Their own answers are a refusal or a way to the login; test_login says when which."""


def of(*kinds: Access) -> set[tuple[str, str]]:
    """The addresses that are open to any of these."""
    return {address for address, access in TABLE.items() if access in kinds} - LOGINS


def test_a_stranger_sees_only_what_is_before_the_login(at_desk: SitDown, gym: SmallGym) -> None:
    assert opened(lambda: at_desk(None), gym) - LOGINS == of(ANYONE)


def test_a_trainer_sees_all_but_what_is_the_owners(at_desk: SitDown, gym: SmallGym) -> None:
    assert opened(lambda: at_desk("Tom"), gym) - LOGINS == of(ANYONE, TRAINER, TOKEN)


def test_an_owner_sees_everything(at_desk: SitDown, gym: SmallGym) -> None:
    assert opened(lambda: at_desk("Olga"), gym) - LOGINS == of(*Access)


def test_a_token_opens_the_api_and_nothing_else(at_desk: SitDown, gym: SmallGym) -> None:
    bearer = {"Authorization": f"Bearer {gym.token}"}
    assert opened(lambda: at_desk(None), gym, headers=bearer) - LOGINS == of(ANYONE, TOKEN)


@pytest.mark.parametrize(
    "given", ["Bearer pronemat_wrong", "Bearer", "Basic T2xnYTpmb3Vy", "Bearer \x80"]
)
def test_a_wrong_token_opens_nothing_even_beside_a_login(owner: Desk, given: str) -> None:
    answer = owner.get(f"{API}/members", headers={"Authorization": given})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_nothing_is_sent_without_our_own_forms_token(owner: Desk, gym: SmallGym) -> None:
    for method, rule in TABLE:
        if method == "POST":
            answer = owner.client.post(path_of(rule, gym), data={"name": "x"})
            assert answer.status_code == 400, rule


def test_over_the_network_there_is_nothing_without_tls(owner: Desk, gym: SmallGym) -> None:
    elsewhere = {"REMOTE_ADDR": "192.168.1.20"}
    for method, rule in TABLE:
        answer = owner.client.open(path_of(rule, gym), method=method, environ_base=elsewhere)
        assert answer.status_code == 403, rule
        assert "https" in answer.text


NETWORK: dict[str, dict[str, Any]] = {
    "by the proxy": {
        "base_url": "https://mat.local",
        "headers": {
            "X-Forwarded-For": "192.168.1.20",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "mat.local",
        },
    },
    "by the proxy, as if local": {
        "base_url": "http://localhost",
        "headers": {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"},
    },
    "directly": {"environ_base": {"REMOTE_ADDR": "192.168.1.20"}},
}


@pytest.mark.parametrize("way", NETWORK)
@pytest.mark.parametrize("path", ["/control/start", "/control/stop", "/sound/off"])
def test_an_owner_on_the_network_never_reaches_the_kiosks_controls(
    owner: Desk, link: Link, way: str, path: str
) -> None:
    stream = owner.get("/stream", buffered=False)
    chunks = iter(stream.response)
    hello = b"".join(next(chunks) for _ in range(2)).decode()
    stream.close()
    token = hello.partition('"token":"')[2].partition('"')[0]
    assert token
    how = NETWORK[way]
    headers = {**how.get("headers", {}), TOKEN_HEADER: token}
    answer = owner.client.post(path, **(how | {"headers": headers}))
    assert answer.status_code == 403
    assert link.asked == []


def test_the_stream_tells_no_token_to_whom_the_proxy_speaks_for(stranger: Desk) -> None:
    answer = stranger.get("/stream", buffered=False, headers={"X-Forwarded-For": "127.0.0.1"})
    chunks = iter(answer.response)
    hello = b"".join(next(chunks) for _ in range(2))
    answer.close()
    assert b"token" not in hello


def test_by_the_proxy_a_trainer_comes_to_the_dashboard(at_desk: SitDown) -> None:
    desk = at_desk("Tom")
    answer = desk.client.get(
        "/trainer/members",
        base_url="https://localhost",
        headers={"X-Forwarded-For": "192.168.1.20"},
    )
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"]
