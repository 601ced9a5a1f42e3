"""The revisions of the tables: those that this program knows, by the names of its migrations, and
the one that a database has. Alembic itself is only needed to bring it from one to another."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from sqlalchemy import Connection, inspect

SCRIPTS = resources.files("device.store") / "migrations"
NAME = re.compile(r"r(\d{4})_\w+\.py")
"""A migration's file has its revision in front: `r0003_sums.py`."""
KEPT_IN = "alembic_version"


@cache
def known_revisions() -> frozenset[str]:
    """The revisions of the tables that this program can read."""
    names = (NAME.fullmatch(file.name) for file in (SCRIPTS / "versions").iterdir())
    return frozenset(name[1] for name in names if name is not None)


def newest_revision() -> str:
    """The revision that this program works with."""
    return max(known_revisions())


def stored_revision(connection: Connection) -> str | None:
    """The revision of a database; None where it has no tables yet."""
    if not inspect(connection).has_table(KEPT_IN):
        return None
    revision: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {KEPT_IN}").scalar()  # noqa: S608
    return revision
