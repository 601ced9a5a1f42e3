"""The dashboard on a small gym of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from device.errors import StreamError
from device.store.accounts import Accounts
from tests.trainer.desk import Desk
from tests.trainer.gym import SmallGym, make_gym
from web.app import create_app
from web.hub import Hub
from web.trainer import mount


class Link:
    """A link to a daemon that only takes commands."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Mapping[str, Any] | None = {"ok": True}

    def events(self) -> tuple[()]:
        return ()

    def command(self, request: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        self.asked.append(dict(request))
        if self.answer is None:
            raise StreamError("the daemon does not answer.")
        return self.answer

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> SmallGym:
    """The gym, made once."""
    return make_gym(tmp_path_factory.mktemp("gym") / "pronemat.db")


@pytest.fixture
def gym(filled: SmallGym, tmp_path: Path) -> SmallGym:
    """A copy of the gym that the test may change."""
    database = tmp_path / "pronemat.db"
    shutil.copy(filled.database, database)
    return replace(filled, database=database)


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def app(gym: SmallGym, link: Link) -> Iterator[Flask]:
    """The application, with kiosk and dashboard."""
    hub = Hub(link)
    application = create_app(hub)
    application.testing = True
    close = mount(application, hub, gym.database)
    yield application
    close()


@pytest.fixture
def accounts(gym: SmallGym) -> Iterator[Accounts]:
    with closing(Accounts(gym.database)) as opened:
        yield opened


@pytest.fixture
def at_desk(app: Flask, accounts: Accounts) -> Callable[[str | None], Desk]:
    """A browser of the account of this name, or of a stranger."""

    def sit_down(name: str | None) -> Desk:
        account = None if name is None else accounts.by_name(name)
        return Desk(app.test_client(), accounts, account)

    return sit_down


@pytest.fixture
def owner(at_desk: Callable[[str | None], Desk]) -> Desk:
    return at_desk("Olga")


@pytest.fixture
def trainer(at_desk: Callable[[str | None], Desk]) -> Desk:
    return at_desk("Tom")


@pytest.fixture
def stranger(at_desk: Callable[[str | None], Desk]) -> Desk:
    return at_desk(None)
