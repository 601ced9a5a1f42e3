"""All tables at once, for whoever works on the database as a whole."""

from __future__ import annotations

from device.store import schema_gym, schema_people
from device.store.schema import Base

__all__ = ["Base", "schema_gym", "schema_people"]
