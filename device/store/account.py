"""An account of the dashboard, as the pages know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from device.store.schema_gym import AccountRow


class Role(StrEnum):
    """What an account may do: an owner also manages accounts, retention and deletion."""

    TRAINER = "trainer"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in. `version` rises with a new password, role or disabling: a login that
    was made with another version is over."""

    id: UUID
    name: str
    role: Role
    created_utc: datetime
    disabled: bool
    version: int


def account_of(row: AccountRow) -> Account:
    """The account of a row."""
    return Account(row.id, row.name, Role(row.role), row.created_utc, row.disabled, row.version)
