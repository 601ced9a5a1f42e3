"""Bringing the tables from one revision to another, by Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from device.store.revisions import SCRIPTS


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision's form, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
