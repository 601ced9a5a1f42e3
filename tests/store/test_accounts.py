"""Accounts: nobody comes in by guessing, and a lost password or key does not stay open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from device.errors import FieldError, LoginError, StoreError
from device.store.accounts import ATTEMPTS_FROM_ONE_PLACE, ATTEMPTS_IN_ALL, Accounts, Role
from device.store.audit import MOST_ROWS
from tests.store.visits import NOON

WORDS = "correct horse battery"
OTHER = "another long secret"


@pytest.fixture
def accounts(path: Path) -> Iterator[Accounts]:
    with closing(Accounts(path)) as accounts:
        yield accounts


def test_name_and_password_open_the_account_and_nothing_else_does(accounts: Accounts) -> None:
    kim = accounts.create("Kim Öz", Role.TRAINER, WORDS)
    assert accounts.verify("kim  ÖZ", WORDS) == kim
    for name, password in (("Kim Öz", OTHER), ("Nobody", WORDS), ("Kim Öz", "")):
        with pytest.raises(LoginError, match="the name or the password is wrong"):
            accounts.verify(name, password)


def test_no_password_is_in_the_file_and_the_hash_is_memory_hard(
    accounts: Accounts, path: Path
) -> None:
    accounts.create("Kim", "owner", WORDS)
    _, secret = accounts.create_token(accounts.list()[0].id, "report")
    accounts.close()
    with closing(sqlite3.connect(path)) as connection:
        (stored,) = connection.execute("SELECT password_hash FROM accounts").fetchone()
    assert stored.startswith("$argon2id$")
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert WORDS.encode() not in content
    assert secret.encode() not in content


@pytest.mark.parametrize(
    ("name", "password", "field", "words"),
    [
        ("", WORDS, "name", "Write a name"),
        ("kIM", WORDS, "name", "There is an account of this name"),
        ("Lou", "short", "password", "10 letters or more"),
        ("Lou", "aaaaaaaaaaaa", "password", "guessed at once"),
        ("Lou", "x1" * 101, "password", "at most"),
    ],
)
def test_what_cannot_be_has_a_sentence_beside_its_field(
    accounts: Accounts, name: str, password: str, field: str, words: str
) -> None:
    accounts.create("Kim", Role.OWNER, WORDS)
    with pytest.raises(FieldError) as refused:
        accounts.create(name, Role.TRAINER, password)
    assert words in refused.value.fields[field]


def test_guessing_from_one_place_locks_that_place_for_a_while(accounts: Accounts) -> None:
    accounts.create("Kim", Role.TRAINER, WORDS)
    for _ in range(ATTEMPTS_FROM_ONE_PLACE):
        with pytest.raises(LoginError, match="is wrong"):
            accounts.verify("Kim", OTHER, "10.0.0.66", NOON)
    with pytest.raises(LoginError, match="wait 15 minutes"):
        accounts.verify("Kim", WORDS, "10.0.0.66", NOON + timedelta(minutes=14))
    # The trainer, from somewhere else, is not locked out by it.
    assert accounts.verify("Kim", WORDS, "10.0.0.7", NOON + timedelta(minutes=1)).name == "Kim"
    assert accounts.verify("Kim", WORDS, "10.0.0.66", NOON + timedelta(minutes=16))
    # A clock that was wrong then does not lock for ever.
    assert accounts.verify("Kim", WORDS, "10.0.0.66", NOON - timedelta(days=400))


def test_guessing_from_everywhere_locks_the_name(
    accounts: Accounts, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.create("Kim", Role.TRAINER, WORDS)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO login_attempts VALUES (?, 'kim', ?, '2026-05-01 12:00:00.000000')",
            [(uuid4().hex, f"10.0.{place}.1") for place in range(ATTEMPTS_IN_ALL)],
        )
    with pytest.raises(LoginError, match="too many"):
        accounts.verify("Kim", WORDS, "10.9.9.9", NOON)
    accounts.change_password(accounts.list()[0].id, OTHER)
    assert accounts.verify("Kim", OTHER, "10.9.9.9", NOON)


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(accounts: Accounts) -> None:
    accounts.create("Kim", Role.TRAINER, WORDS)
    for name in ("Kim", "Nobody"):
        sentences = []
        for _ in range(ATTEMPTS_FROM_ONE_PLACE + 1):
            with pytest.raises(LoginError) as refused:
                accounts.verify(name, OTHER, "here", NOON)
            sentences.append(str(refused.value))
        assert len(set(sentences[:-1])) == 1
        assert "too many" in sentences[-1]


def test_whatever_ends_logins_raises_the_version(accounts: Accounts) -> None:
    kim, lou = (accounts.create(name, Role.OWNER, WORDS) for name in ("Kim", "Lou"))
    versions = [
        kim.version,
        accounts.change_password(kim.id, OTHER).version,
        accounts.change_role(kim.id, Role.TRAINER).version,
        accounts.disable(kim.id).version,
        accounts.disable(kim.id, disabled=False).version,
    ]
    assert versions == sorted(set(versions))
    accounts.disable(kim.id)
    with pytest.raises(LoginError):
        accounts.verify("Kim", OTHER)
    assert [one.disabled for one in accounts.list()] == [True, False]
    assert accounts.get(lou.id) == lou


def test_the_last_owner_stays(accounts: Accounts) -> None:
    kim = accounts.create("Kim", Role.OWNER, WORDS)
    accounts.create("Lou", Role.TRAINER, WORDS)
    for end in (
        lambda: accounts.disable(kim.id),
        lambda: accounts.remove(kim.id),
        lambda: accounts.change_role(kim.id, "trainer"),
    ):
        with pytest.raises(StoreError, match="last owner; make another account an owner"):
            end()
    lou = accounts.by_name("lou")
    assert lou is not None
    accounts.change_role(lou.id, Role.OWNER)
    accounts.remove(kim.id)
    assert [one.name for one in accounts.list()] == ["Lou"]


def test_the_first_account_is_made_once(accounts: Accounts) -> None:
    accounts.create("Kim", Role.OWNER, WORDS, first=True)
    with pytest.raises(StoreError, match="there is an account already"):
        accounts.create("Eve", Role.OWNER, WORDS, first=True)


def test_a_key_opens_until_it_is_taken_back(accounts: Accounts) -> None:
    kim = accounts.create("Kim", Role.OWNER, WORDS)
    eve = accounts.create("Eve", Role.TRAINER, WORDS)
    token, secret = accounts.create_token(kim.id, "report")
    assert accounts.account_of_token(secret, NOON) == kim
    assert accounts.account_of_token(secret + "x") is None
    assert accounts.account_of_token("") is None
    assert [one.last_used_utc for one in accounts.tokens(kim.id)] == [NOON]
    with pytest.raises(StoreError, match="no such key"):
        accounts.revoke_token(token.id, eve.id)
    accounts.revoke_token(token.id, kim.id)
    assert accounts.account_of_token(secret) is None
    assert accounts.tokens(kim.id) == ()


def test_the_keys_of_a_closed_account_are_gone(accounts: Accounts) -> None:
    accounts.create("Kim", Role.OWNER, WORDS)
    eve = accounts.create("Eve", Role.TRAINER, WORDS)
    _, secret = accounts.create_token(eve.id, "report")
    accounts.disable(eve.id)
    assert accounts.account_of_token(secret) is None
    accounts.disable(eve.id, disabled=False)
    assert accounts.account_of_token(secret) is None


def test_the_audit_list_pages_back_and_forgets_the_oldest(accounts: Accounts, path: Path) -> None:
    for number in range(5):
        accounts.audit("Kim", ("login", "deletion")[number % 2], number, f"details {number}")
    assert [entry.subject for entry in accounts.audit_list(limit=2)] == ["4", "3"]
    last = accounts.audit_list(limit=2)[-1].position
    assert [entry.subject for entry in accounts.audit_list(before=last)] == ["2", "1", "0"]
    assert [entry.subject for entry in accounts.audit_list(what="deletion")] == ["3", "1"]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE audit SET position = position + ?", (MOST_ROWS,))
        connection.execute("UPDATE audit SET position = 1 WHERE subject = '0'")
    accounts.audit("Kim", "login")
    assert [entry.subject for entry in accounts.audit_list()] == ["", "4", "3", "2", "1"]
