"""`pronemat trainer`: the accounts of the dashboard. Passwords are asked for, never arguments."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from device.cli.options import config_option
from device.config import load_settings
from device.errors import PronematError
from device.store.account import Account, Role
from device.store.accounts import Accounts

BY = "console"
"""Who does it, in the list of what was done: whoever may write the database on this machine."""


@click.group(
    epilog="Examples: pronemat trainer add Kim; pronemat trainer add Kim --owner; "
    "pronemat trainer list --json"
)
def trainer() -> None:
    """Who may log in to the dashboard: add, list, reset, remove."""


@trainer.command(epilog="Example: pronemat trainer add Kim --owner")
@click.argument("name")
@click.option(
    "--owner", is_flag=True, help="May also make accounts, delete, and see what was done."
)
@config_option
def add(name: str, owner: bool, config: Path | None) -> None:
    """Make an account; its password is asked for twice.

    A script may write the password on the first line of the standard input.
    """
    with _opened(config) as accounts:
        role = Role.OWNER if owner else Role.TRAINER
        account = accounts.create(name, role, _new_password())
        accounts.audit(BY, "account", account.name, f"added as {account.role}")
    click.echo(f"{account.name} may log in, as {account.role}")


@trainer.command("list", epilog="Example: pronemat trainer list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of a table.")
@config_option
def list_all(as_json: bool, config: Path | None) -> None:
    """List the accounts."""
    with _opened(config) as accounts:
        rows = accounts.list()
    if as_json:
        click.echo(json.dumps([_plain(account) for account in rows]))
        return
    if not rows:
        click.echo("there is no account yet; make one with 'pronemat trainer add NAME --owner'")
        return
    table = Table("name", "role", "may log in", "since")
    for account in rows:
        since = f"{account.created_utc.astimezone():%Y-%m-%d}"
        table.add_row(account.name, account.role, "no" if account.disabled else "yes", since)
    Console().print(table)


@trainer.command(epilog="Example: pronemat trainer reset Kim")
@click.argument("name")
@config_option
def reset(name: str, config: Path | None) -> None:
    """Give an account another password, end its logins, and let it in again if it was locked."""
    with _opened(config) as accounts:
        account = _named(accounts, name)
        accounts.change_password(account.id, _new_password())
        if account.disabled:
            accounts.disable(account.id, disabled=False)
        accounts.audit(BY, "account", account.name, "password reset")
    click.echo(f"{account.name} has another password; every login of it has ended")


@trainer.command(epilog="Example: pronemat trainer remove Kim")
@click.argument("name")
@config_option
def remove(name: str, config: Path | None) -> None:
    """Remove an account with its tokens; what it did stays in the list of what was done."""
    with _opened(config) as accounts:
        account = _named(accounts, name)
        accounts.remove(account.id)
        accounts.audit(BY, "account", account.name, "removed")
    click.echo(f"{account.name} may log in no more")


@contextmanager
def _opened(config: Path | None) -> Iterator[Accounts]:
    accounts = Accounts(load_settings(config).database)
    try:
        yield accounts
    finally:
        accounts.close()


def _named(accounts: Accounts, name: str) -> Account:
    account = accounts.by_name(name)
    if account is None:
        known = ", ".join(one.name for one in accounts.list()) or "none"
        raise PronematError(f"there is no account '{name}'; there are: {known}.")
    return account


def _new_password() -> str:
    """Asked for twice at a terminal, unseen; one line where a script is at the other end."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != first:
        raise PronematError("the two passwords are not the same; try again.")
    return first


def _plain(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role,
        "disabled": account.disabled,
        "created_utc": account.created_utc.isoformat(),
    }
