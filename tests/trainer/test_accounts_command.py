"""`pronemat trainer`, and the pages behind a proxy, in processes as a person starts them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.gym import PASSWORD
from tests.web.processes import WebProcess


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "pronemat.toml"
    path.write_text(f'[paths]\ndata = "{tmp_path}"\nrun = "{tmp_path}"\n', encoding="utf-8")
    return path


def trainer(config: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "device", "trainer", *words, "--config", str(config)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False)


def test_accounts_are_added_listed_reset_and_removed(config: Path) -> None:
    added = trainer(config, "add", "Olga", "--owner", typed=PASSWORD + "\n")
    assert added.stdout == "Olga may log in, as owner\n", added.stderr
    assert trainer(config, "add", "Tom", typed=PASSWORD + "\n").returncode == 0
    listed = json.loads(trainer(config, "list", "--json").stdout)
    assert [(one["name"], one["role"]) for one in listed] == [("Olga", "owner"), ("Tom", "trainer")]
    assert "another password" in trainer(config, "reset", "tom", typed=PASSWORD + "!\n").stdout
    assert trainer(config, "remove", "Tom").stdout == "Tom may log in no more\n"
    assert [one["name"] for one in json.loads(trainer(config, "list", "--json").stdout)] == ["Olga"]


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("add", "Tom"), "short\n", "10 letters or more"),
        (("remove", "Nobody"), "", "there is no account 'Nobody'; there are: none."),
    ],
    ids=["a short password", "nobody of that name"],
)
def test_what_cannot_be_is_one_sentence(
    config: Path, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    done = trainer(config, *words, typed=typed)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_proxys_visitors_get_the_dashboard_and_no_control(tmp_path: Path) -> None:
    web = WebProcess(tmp_path)
    forwarded = {
        "X-Forwarded-For": "127.0.0.1, 192.168.1.20",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "localhost",
    }

    def status(method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        cookie = answer.headers.get("Set-Cookie", "")
        connection.close()
        return answer.status, cookie

    try:
        code, cookie = status("GET", "/trainer/login", forwarded)
        assert (code, "Secure" in cookie) == (200, True)
        plain = forwarded | {"X-Forwarded-Proto": "http"}
        assert status("GET", "/trainer/login", plain)[0] == 403
        # Whatever a visitor claims in the header, the proxy's own word comes last.
        assert status("POST", "/control/start", forwarded)[0] == 403
        claimed = forwarded | {"X-Forwarded-For": "127.0.0.1"}
        assert status("POST", "/control/start", claimed)[0] == 403
    finally:
        web.end()
