"""A small gym in a database: an owner, a trainer, a member with a session, and a guest's."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from device.store.account import Role
from device.store.accounts import Accounts
from device.store.database import open_database
from device.store.people import People
from device.store.records import RepTrace, SessionEnded, SetEnded
from device.store.writer import Writer
from tests.store.visits import Visit, at, store

PASSWORD = "four quiet hip bones"  # noqa: S105 (of a gym that is made up)
TRACE = {
    "t_s": [-0.1, 0.0, 1.0, 2.0, 3.0],
    "rows_pct": {"chest": [12.0, 12.1, 9.0, 8.8, 12.0], "asis": [9.0, 9.1, 14.0, 14.2, 9.0]},
    "tilt_pct": [0.0, 0.1, 0.4, 0.5, 0.0],
    "roll_pct": [0.0, 0.2, 4.0, 4.1, 0.1],
    "phase": ["ready", "lifting", "holding", "holding", "lowering"],
}


@dataclass(frozen=True)
class SmallGym:
    """The ids of what is in the database."""

    database: Path
    member: UUID
    session: UUID
    rep: UUID
    guest_session: UUID
    token: str
    token_id: UUID
    trainer_account: UUID


def make_gym(database: Path) -> SmallGym:
    """Fill a database."""
    with ExitStack() as stack:
        accounts = stack.enter_context(closing(Accounts(database)))
        people = stack.enter_context(closing(People(database)))
        owner = accounts.create("Olga", Role.OWNER, PASSWORD)
        trainer = accounts.create("Tom", Role.TRAINER, PASSWORD)
        token, secret = accounts.create_token(owner.id, "a table")
        member = people.create(
            {"name": "Ada Swift", "code": "0427", "consent_utc": "2026-05-01", "notes": "left knee"}
        )
        engine = open_database(database)
        with closing(Writer(engine, database)) as writer:
            mine, guests = Visit(member_id=member.id), Visit(begun=at(500))
            first = mine.rep(1)
            store(
                writer,
                *mine.begin,
                first,
                RepTrace(first.id, TRACE, at(2)),
                mine.rep(2),
                SetEnded(mine.set_id, mine.id, at(30)),
                SessionEnded(mine.id, at(40)),
                *guests.begin,
                guests.rep(1, at(510)),
                SessionEnded(guests.id, at(540)),
            )
    return SmallGym(database, member.id, mine.id, first.id, guests.id, secret, token.id, trainer.id)
