"""Who may log in to the dashboard: accounts, their passwords, and lock-out on guessing."""

from __future__ import annotations

import threading
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from device.errors import FieldError, LoginError, StoreError
from device.store import fields
from device.store.account import Account, Role, account_of
from device.store.audit import Audit
from device.store.schema_gym import AccountRow, AttemptRow, TokenRow
from device.store.tokens import Tokens

__all__ = ["Account", "Accounts", "Role"]

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
"""Argon2id with 46 MiB and one pass, as OWASP's password storage sheet gives it; one at a time, so
that many logins do not fill the memory of a Raspberry Pi."""
HASHES_AT_ONCE = threading.Semaphore(1)
ATTEMPTS_FROM_ONE_PLACE, ATTEMPTS_IN_ALL = 5, 50
"""Wrong passwords for a name within `LOCKED_FOR` after which it is locked: for the place that they
came from, and for everybody. The second is large, lest a stranger lock a trainer out."""
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class Accounts(Tokens, Audit):
    """The accounts in the database at `path`, their keys and the audit list, from any thread."""

    def create(self, name: str, role: Role | str, password: str, first: bool = False) -> Account:
        """A new account; `FieldError` for what is wrong with name or password.

        With `first` only if there is no account at all: so a one-time code serves once.
        """
        values = fields.checked(
            {"name": name, "password": password}, {"name": fields.name, "password": _password}
        )
        hashed = _hashed(values["password"])
        row = AccountRow(
            id=uuid4(),
            name=values["name"],
            key=_key(name),
            role=Role(role).value,
            password_hash=hashed,
            created_utc=datetime.now(UTC),
            disabled=False,
            version=1,
        )
        with self.changing() as session:
            if first and session.scalar(select(func.count(AccountRow.id))):
                raise StoreError("there is an account already; ask its owner for one.")
            if session.scalar(select(AccountRow.id).where(AccountRow.key == row.key)) is not None:
                raise FieldError({"name": "There is an account of this name; choose another."})
            session.add(row)
            session.flush()
            return account_of(row)

    def verify(
        self, name: str, password: str, origin: str = "", now: datetime | None = None
    ) -> Account:
        """The account that this name and password open.

        `LoginError` if they are wrong, in words that do not tell which, or if too many wrong ones
        came before; `origin` is where the attempt comes from, such as an address.
        """
        at_utc = now or datetime.now(UTC)
        key = _key(name)
        with self.reading() as session:
            self._refuse_guessing(session, key, origin, at_utc)
            row = session.scalar(select(AccountRow).where(AccountRow.key == key))
            stored = _nobodys_hash() if row is None else row.password_hash
            found = None if row is None or row.disabled else account_of(row)
        matches = _matches(stored, password)
        if found is None or not matches:
            self._note_attempt(key, origin, at_utc)
            raise LoginError("the name or the password is wrong; mind capitals and try again.")
        self._forget_attempts(key, origin)
        if HASHER.check_needs_rehash(stored):
            self._rehash(found.id, stored, password)
        return found

    def get(self, account_id: UUID) -> Account | None:
        """The account of this id, also one that is disabled."""
        with self.reading() as session:
            row = session.get(AccountRow, account_id)
            return None if row is None else account_of(row)

    def by_name(self, name: str) -> Account | None:
        """The account of this name, whatever its case."""
        with self.reading() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.key == _key(name)))
            return None if row is None else account_of(row)

    def list(self) -> tuple[Account, ...]:
        """All accounts by name, the disabled ones too."""
        with self.reading() as session:
            rows = session.scalars(select(AccountRow).order_by(AccountRow.key))
            return tuple(account_of(row) for row in rows)

    def change_password(self, account_id: UUID, password: str) -> Account:
        """Give another password; whoever is logged in with the one before is not any more."""
        checked = fields.checked({"password": password}, {"password": _password})["password"]
        hashed = _hashed(checked)
        with self.changing() as session:
            row = _required(session, account_id)
            row.password_hash = hashed
            row.version += 1
            session.execute(delete(AttemptRow).where(AttemptRow.key == row.key))
            return account_of(row)

    def change_role(self, account_id: UUID, role: Role | str) -> Account:
        """Make an owner or a trainer; the last owner stays one."""
        with self.changing() as session:
            row = _required(session, account_id)
            wanted = Role(role)
            if row.role != wanted.value:
                if wanted is not Role.OWNER:
                    _keep_an_owner(session, row)
                row.role = wanted.value
                row.version += 1
            return account_of(row)

    def disable(self, account_id: UUID, disabled: bool = True) -> Account:
        """Close the account, with its logins and tokens, or open it again; not the last owner's."""
        with self.changing() as session:
            row = _required(session, account_id)
            if disabled and not row.disabled:
                _keep_an_owner(session, row)
                session.execute(delete(TokenRow).where(TokenRow.account_id == account_id))
            row.disabled = disabled
            row.version += 1
            return account_of(row)

    def remove(self, account_id: UUID) -> None:
        """Remove the account and its tokens. What it did stays in the audit list under its name."""
        with self.changing() as session:
            row = _required(session, account_id)
            _keep_an_owner(session, row)
            session.execute(delete(TokenRow).where(TokenRow.account_id == account_id))
            session.execute(delete(AttemptRow).where(AttemptRow.key == row.key))
            session.delete(row)

    def _refuse_guessing(self, session: Session, key: str, origin: str, at_utc: datetime) -> None:
        # Both ways: a clock that jumps back must not lock anybody out for years.
        recent = (AttemptRow.at_utc > at_utc - LOCKED_FOR) & (
            AttemptRow.at_utc < at_utc + LOCKED_FOR
        )
        query = select(AttemptRow.origin).where(AttemptRow.key == key, recent)
        origins = session.scalars(query).all()
        if origins.count(origin) >= ATTEMPTS_FROM_ONE_PLACE or len(origins) >= ATTEMPTS_IN_ALL:
            minutes = LOCKED_FOR // timedelta(minutes=1)
            raise LoginError(
                f"too many wrong passwords for this name; wait {minutes} minutes, or have it reset "
                "with 'pronemat trainer'."
            )

    def _note_attempt(self, key: str, origin: str, at_utc: datetime) -> None:
        with self.changing() as session:
            session.execute(delete(AttemptRow).where(AttemptRow.at_utc < at_utc - FORGOTTEN_AFTER))
            session.add(AttemptRow(id=uuid4(), key=key, origin=origin, at_utc=at_utc))

    def _forget_attempts(self, key: str, origin: str) -> None:
        mine = (AttemptRow.key == key) & (AttemptRow.origin == origin)
        with self.reading() as session:
            if session.scalar(select(func.count(AttemptRow.id)).where(mine)) == 0:
                return
        with self.changing() as session:
            session.execute(delete(AttemptRow).where(mine))

    def _rehash(self, account_id: UUID, stored: str, password: str) -> None:
        hashed = _hashed(password)
        with self.changing() as session:
            row = session.get(AccountRow, account_id)
            if row is not None and row.password_hash == stored:
                row.password_hash = hashed


def _key(name: str) -> str:
    """The name as it is compared."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _password(value: object) -> str:
    text = str(value)
    if len(text) < SHORTEST_PASSWORD:
        raise ValueError(
            f"A password has {SHORTEST_PASSWORD} letters or more; a few words are easy to keep."
        )
    if len(text) > LONGEST_PASSWORD:
        raise ValueError(f"A password has {LONGEST_PASSWORD} letters at most.")
    if len(set(text)) < SHORTEST_PASSWORD // 2:
        raise ValueError("This is guessed at once; use more different letters.")
    return text


def _hashed(password: str) -> str:
    with HASHES_AT_ONCE:
        return HASHER.hash(password)


def _matches(stored: str, password: str) -> bool:
    with HASHES_AT_ONCE:
        try:
            return HASHER.verify(stored, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash() -> str:
    """A hash for names that do not exist, so that an answer takes as long as for those that do."""
    return _hashed(uuid4().hex)


def _required(session: Session, account_id: UUID) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise StoreError("there is no such account (any more); look at the list again.")
    return row


def _keep_an_owner(session: Session, row: AccountRow) -> None:
    if row.role != Role.OWNER.value or row.disabled:
        return
    others = select(func.count(AccountRow.id)).where(
        AccountRow.role == Role.OWNER.value, AccountRow.disabled.is_(False), AccountRow.id != row.id
    )
    if not session.scalar(others):
        raise StoreError("this is the last owner; make another account an owner first.")
