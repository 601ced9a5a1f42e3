"""What the pages allow, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from device.errors import StreamError
from web.app import create_app
from web.hub import Hub
from web.security import TOKEN_HEADER


class Link:
    """A link that only takes commands."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Mapping[str, Any] | None = {"ok": True}

    def events(self) -> tuple[()]:
        return ()

    def command(self, request: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        self.asked.append(request["command"])
        if self.answer is None:
            raise StreamError("the daemon does not answer.")
        return self.answer

    def close(self) -> None:
        pass


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def client(link: Link) -> FlaskClient:
    return create_app(Hub(link)).test_client()


def token_of(client: FlaskClient, **kwargs: Any) -> str | None:
    """The token as the stream tells it, or does not."""
    answer = client.get("/stream", buffered=False, **kwargs)
    chunks = iter(answer.response)
    hello = b"".join(next(chunks) for _ in range(2))
    answer.close()
    _, found, rest = hello.decode().partition('"token":"')
    return rest.partition('"')[0] if found else None


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/static/js/main.js", "/nothing"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        answer.close()


def test_the_page_asks_nothing_of_the_network(client: FlaskClient) -> None:
    root = Path(__file__).parents[2] / "web"
    allowed = ("http://www.w3.org/",)
    for path in (*root.rglob("*.html"), *root.rglob("*.css"), *root.rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        for name in allowed:
            text = text.replace(name, "")
        assert "http://" not in text, path
        assert "https://" not in text, path


def test_start_needs_the_token_that_the_stream_told(client: FlaskClient, link: Link) -> None:
    token = token_of(client)
    assert token
    assert client.post("/control/start").status_code == 403
    assert client.post("/control/start", headers={TOKEN_HEADER: "guess"}).status_code == 403
    assert link.asked == []
    answer = client.post("/control/start", headers={TOKEN_HEADER: token})
    assert (answer.status_code, link.asked) == (200, ["start"])


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.20"}},
        {"headers": {"Host": "rebound.example"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ],
    ids=["another host", "a name rebound to this one", "another site's page"],
)
def test_a_request_from_elsewhere_controls_nothing(
    client: FlaskClient, link: Link, elsewhere: dict[str, Any]
) -> None:
    token = token_of(client) or ""
    headers = {TOKEN_HEADER: token} | elsewhere.get("headers", {})
    answer = client.post("/control/stop", **(elsewhere | {"headers": headers}))
    assert answer.status_code == 403
    assert answer.json == {
        "ok": False,
        "error": "This button works only on the mat's own screen.",
    }
    assert link.asked == []


def test_a_viewer_elsewhere_is_told_no_token(client: FlaskClient) -> None:
    assert token_of(client, environ_base={"REMOTE_ADDR": "192.168.1.20"}) is None
    assert token_of(client, headers={"Host": "rebound.example"}) is None


def test_there_is_no_other_control(client: FlaskClient, link: Link) -> None:
    token = token_of(client) or ""
    assert client.post("/control/tare", headers={TOKEN_HEADER: token}).status_code == 404
    assert client.get("/control/start").status_code == 405
    assert link.asked == []


def test_a_silent_daemon_is_said_in_a_sentence(client: FlaskClient, link: Link) -> None:
    token = token_of(client) or ""
    link.answer = None
    answer = client.post("/control/start", headers={TOKEN_HEADER: token})
    assert (answer.status_code, answer.json["error"]) == (
        503,
        "The mat did not answer; please try again.",
    )
    link.answer = {"ok": False, "error": "Something lies on the mat."}
    answer = client.post("/control/start", headers={TOKEN_HEADER: token})
    assert (answer.status_code, answer.json["error"]) == (409, "Something lies on the mat.")
