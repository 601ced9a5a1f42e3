"""A database of its own for every test of the store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from device.store.database import open_database
from device.store.queries import History
from device.store.writer import Writer


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anything in it, to copy: the migrations need not run for every test."""
    path = tmp_path_factory.mktemp("empty") / "pronemat.db"
    open_database(path).dispose()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "pronemat.db"


@pytest.fixture
def engine(path: Path, empty: Path) -> Iterator[Engine]:
    path.parent.mkdir(mode=0o700)
    shutil.copy(empty, path)
    engine = open_database(path)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine, path: Path) -> Iterator[Writer]:
    with closing(Writer(engine, path)) as writer:
        yield writer


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with closing(History(path)) as history:
        yield history
