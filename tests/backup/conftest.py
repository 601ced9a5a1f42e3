"""A gym to back up: its settings, its calibrations, and a database with a member's session."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from device.config import Settings, load_settings
from device.store.database import open_database
from device.store.people import People
from device.store.records import SessionEnded
from device.store.writer import Writer
from tests.store.visits import Visit, at, store


@dataclass
class Place:
    """A machine: its settings file, and what that says."""

    config: Path

    @property
    def settings(self) -> Settings:
        return load_settings(self.config)

    @property
    def data(self) -> Path:
        return self.settings.paths.data

    def trained(self, name: str, reps: int = 3, member_id: UUID | None = None) -> UUID:
        """A member has lifted; the member's id."""
        with closing(People(self.settings.database)) as people:
            member_id = member_id or people.create({"name": name}).id
        engine = open_database(self.settings.database)
        with closing(Writer(engine, self.settings.database)) as writer:
            visit = Visit(member_id=member_id)
            store(writer, *visit.begin, *(visit.rep(number + 1) for number in range(reps)))
            store(writer, SessionEnded(visit.id, at(99)))
        return member_id

    def people(self) -> list[str]:
        with closing(People(self.settings.database)) as people:
            return [member.name for member in people.search()]


def make_place(folder: Path) -> Place:
    folder.mkdir()
    config = folder / "pronemat.toml"
    config.write_text('[paths]\ndata = "data"\nrun = "run"\n[web]\nport = 8461\n')
    return Place(config)


@pytest.fixture(scope="session")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine with a gym on it, to copy."""
    place = make_place(tmp_path_factory.mktemp("gym") / "here")
    place.trained("Anna")
    kept = place.settings.calibrations_folder
    kept.mkdir()
    (kept / "current.json").write_text('{"format": 2, "calibration": "in force"}')
    (kept / "2026-05-01-anna-3fa9.json").write_text('{"format": 2, "calibration": "kept"}')
    return place.config.parent


@pytest.fixture
def here(tmp_path: Path, gym: Path) -> Place:
    """The machine with a gym on it."""
    folder = shutil.copytree(gym, tmp_path / "here")
    return Place(folder / "pronemat.toml")


@pytest.fixture
def other(tmp_path: Path) -> Place:
    """Another machine, on which nothing was ever started."""
    return make_place(tmp_path / "other")
