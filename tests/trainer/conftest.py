"""The dashboard, made once, on a small gym that every test finds as it was first filled."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class House:
    """The application with kiosk and dashboard on one database, and the accounts in it."""

    database: Path
    app: Flask
    link: Link
    accounts: Accounts
    give_back: Callable[[], None]

    def furnish(self, filled: SmallGym) -> SmallGym:
        """Put this gym in the place of whatever the test before has left. What was given back is
        opened anew when it is next asked for."""
        self.accounts.close()
        self.give_back()
        for left in self.database.parent.glob(f"{self.database.name}*"):
            left.unlink()
        shutil.copy(filled.database, self.database)
        self.link.asked.clear()
        self.link.answer = {"ok": True}
        return replace(filled, database=self.database)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> SmallGym:
    """The gym, made once: its passwords are hashed at the product's full cost."""
    return make_gym(tmp_path_factory.mktemp("gym") / "pronemat.db")


@pytest.fixture(scope="session")
def house(filled: SmallGym, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Templates are compiled and addresses are made once."""
    database = tmp_path_factory.mktemp("house") / "pronemat.db"
    shutil.copy(filled.database, database)
    link = Link()
    hub = Hub(link)
    app = create_app(hub)
    app.testing = True
    made = House(database, app, link, Accounts(database), mount(app, hub, database))
    yield made
    made.accounts.close()
    made.give_back()


@pytest.fixture
def gym(filled: SmallGym, house: House) -> SmallGym:
    """The gym that the application shows; the test may change it."""
    return house.furnish(filled)


@pytest.fixture
def link(house: House) -> Link:
    return house.link


@pytest.fixture
def app(gym: SmallGym, house: House) -> Flask:
    """The application, with kiosk and dashboard."""
    return house.app


@pytest.fixture
def accounts(gym: SmallGym, house: House) -> Accounts:
    return house.accounts


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
