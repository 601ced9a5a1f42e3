"""`python -m web.trainer.bench FILE`: how soon each page's first byte comes, with many trainers.

FILE is a database such as `pronemat gym` makes. An account is made in it for the time of the
measurement; its simulated sessions are shown as in a demonstration.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

from device.errors import PronematError, StreamError
from device.store.account import Role
from device.store.accounts import Accounts
from device.store.people import People
from device.store.queries import History
from web.app import create_app
from web.hub import Hub
from web.server import open_server
from web.trainer.mounting import mount
from web.trainer.visits import Cookies, begin_visit

HOST = "127.0.0.1"
FEW = 8
"""So many members and sessions are visited, not the same one again and again."""


class DemonstratedHub(Hub):
    """A hub without a daemon that says that the mat is simulated."""

    @property
    def snapshot(self) -> Mapping[str, Any]:
        return {"simulated": True}


class NoLink:
    """Nobody is at the other end."""

    def events(self) -> tuple[()]:
        return ()

    def command(self, request: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        raise StreamError("there is no daemon in a measurement.")

    def close(self) -> None:
        pass


@contextmanager
def served(database: Path) -> Iterator[tuple[int, str]]:
    """The pages on a free port, and the cookie of an account made for the while."""
    hub = DemonstratedHub(NoLink())
    app = create_app(hub)
    close = mount(app, hub, database)
    with closing(Accounts(database)) as accounts:
        name = f"bench {secrets.token_hex(4)}"
        account = accounts.create(name, Role.TRAINER, secrets.token_urlsafe(16))
        server = open_server(app, HOST, 0)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            cookie: dict[str, Any] = {}
            begin_visit(cookie, account)
            yield int(server.effective_port), _signed(app, cookie)
        finally:
            server.close()
            accounts.remove(account.id)
            close()


def first_byte_ms(port: int, cookie: str, path: str) -> float:
    """From the request to the first byte of the page; `PronematError` if it is not there."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        began_s = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read(1)
        took_s = time.perf_counter() - began_s
    if answer.status != 200:
        raise PronematError(f"{path} answers {answer.status}; look into the log.")
    return took_s * 1000


def pages_of(database: Path) -> dict[str, list[str]]:
    """The pages to open, by what they are."""
    with closing(People(database)) as people, closing(History(database)) as history:
        members = [member.id for member in people.search("", FEW)]
        sessions = [one.id for one in history.sessions(FEW)]
        middle = history.sessions(1, before=max(history.sessions(1)[0].position // 2, 2))
    if not members or not sessions:
        raise PronematError(f"{database} has no members; make some with 'pronemat gym FILE'.")
    place = middle[0].position if middle else 1
    return {
        "now": ["/trainer/now"],
        "members": ["/trainer/members"],
        "member": [f"/trainer/members/{one}" for one in members],
        "report": [f"/trainer/members/{one}/report" for one in members],
        "sessions": ["/trainer/sessions", f"/trainer/sessions?before={place}"],
        "session": [f"/trainer/sessions/{one}" for one in sessions],
        "gym": ["/trainer/gym", "/trainer/gym?span=all", "/trainer/gym?span=quarter"],
        "account": ["/trainer/account"],
        "member's export": [f"/trainer/members/{one}/export.json" for one in members],
        "export": [
            f"/trainer/export/{name}.{kind}"
            for name in ("members", "sessions", "reps", "weeks")
            for kind in ("csv", "json")
        ],
        "api": ["/trainer/api/v1/sessions", "/trainer/api/v1/gym/weeks"],
    }


def _signed(app: Flask, cookie: Mapping[str, Any]) -> str:
    signer = Cookies().get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(cookie))}"


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


@click.command(epilog="Example: python -m web.trainer.bench /tmp/big/pronemat.db --json")
@click.argument("database", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--trainers", default=10, show_default=True, help="How many browse at once.")
@click.option("--times", default=60, show_default=True, help="How often each page is opened.")
@click.option("--pause", default=0.5, show_default=True, help="Seconds a trainer reads a page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def main(database: Path, trainers: int, times: int, pause: float, as_json: bool) -> None:
    """Measure the first byte of every page of DATABASE while trainers browse it."""
    pages = pages_of(database)
    took: dict[str, list[float]] = {name: [] for name in pages}
    tasks = [(name, paths[number % len(paths)]) for number in range(times) for name, paths in
             pages.items()]  # fmt: skip
    with served(database) as (port, cookie), ThreadPoolExecutor(trainers) as pool:

        def visit(task: tuple[str, str]) -> None:
            name, path = task
            took[name].append(first_byte_ms(port, cookie, path))
            time.sleep(pause)

        list(pool.map(visit, tasks))
    figures = {name: {"median_ms": round(sorted(ms)[len(ms) // 2], 1), "p95_ms": round(_p95(ms), 1)}
               for name, ms in took.items()}  # fmt: skip
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, row in figures.items():
        click.echo(f"{name:16} median {row['median_ms']:7.1f} ms   p95 {row['p95_ms']:7.1f} ms")


if __name__ == "__main__":
    try:
        main()
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)
