"""Keys to the reading API: shown once, kept as a digest, taken back at any time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from device.errors import StoreError
from device.store import fields
from device.store.access import Editor
from device.store.account import Account, account_of
from device.store.schema_gym import AccountRow, TokenRow

PREFIX = "pronemat_"
"""So that whoever finds one in a file knows what it opens."""
RANDOM_BYTES = 32
USED_EVERY = timedelta(hours=1)
"""The last use is written this often at most: reading is not to wait for the disk each time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A key without its secret."""

    id: UUID
    account_id: UUID
    name: str
    created_utc: datetime
    last_used_utc: datetime | None


class Tokens(Editor):
    """The keys in the database at `path`, from any thread."""

    def create_token(self, account_id: UUID, name: str) -> tuple[Token, str]:
        """A new key of the account, and its secret, which nobody can look up again."""
        label = fields.checked({"name": name}, {"name": fields.name})["name"]
        secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        row = TokenRow(
            id=uuid4(),
            account_id=account_id,
            name=label,
            digest=_digest(secret),
            created_utc=datetime.now(UTC),
            last_used_utc=None,
        )
        with self.changing() as session:
            if session.get(AccountRow, account_id) is None:
                raise StoreError("there is no such account (any more); look at the list again.")
            session.add(row)
            session.flush()
            return _token(row), secret

    def account_of_token(self, secret: str, now: datetime | None = None) -> Account | None:
        """The account whose key this is; None for a wrong key, or one of a disabled account."""
        at_utc = now or datetime.now(UTC)
        query = (
            select(TokenRow, AccountRow)
            .join(AccountRow, AccountRow.id == TokenRow.account_id)
            .where(TokenRow.digest == _digest(secret), AccountRow.disabled.is_(False))
        )
        with self.reading() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            token, row = found
            used, token_id = token.last_used_utc, token.id
            account = account_of(row)
        if used is None or abs(at_utc - used) > USED_EVERY:
            with self.changing() as session:
                if (row_used := session.get(TokenRow, token_id)) is not None:
                    row_used.last_used_utc = at_utc
        return account

    def tokens(self, account_id: UUID) -> tuple[Token, ...]:
        """The account's keys, the oldest first."""
        query = select(TokenRow).where(TokenRow.account_id == account_id)
        with self.reading() as session:
            return tuple(
                _token(row) for row in session.scalars(query.order_by(TokenRow.created_utc))
            )

    def revoke_token(self, token_id: UUID, account_id: UUID) -> None:
        """Take a key of the account back."""
        with self.changing() as session:
            row = _own(session, token_id, account_id)
            session.delete(row)


def _own(session: Session, token_id: UUID, account_id: UUID) -> TokenRow:
    row = session.get(TokenRow, token_id)
    if row is None or row.account_id != account_id:
        raise StoreError("this account has no such key (any more); look at the list again.")
    return row


def _digest(secret: str) -> str:
    # The secret is random and long: a plain digest is as safe as a slow one, and quick.
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: TokenRow) -> Token:
    return Token(row.id, row.account_id, row.name, row.created_utc, row.last_used_utc)
