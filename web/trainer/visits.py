"""A trainer's visit: what the cookie remembers between a login and a logout."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from device.errors import StoreError
from device.store.account import Account
from device.store.accounts import Accounts

LASTS_S = 12 * 3600.0
"""A login serves for a working day."""
KEY_BYTES = 32
KEY_FILE = "web.key"


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, which is for TLS only wherever TLS is spoken."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def begin_visit(cookie: MutableMapping[str, Any], account: Account) -> None:
    """Remember a login. What the cookie held before is forgotten."""
    cookie.clear()
    cookie["account"] = str(account.id)
    cookie["version"] = account.version
    cookie["since"] = int(time.time())


def account_of_visit(cookie: MutableMapping[str, Any], accounts: Accounts) -> Account | None:
    """Whose visit this is; None if it has ended: by time, another password, a closed account."""
    try:
        account_id, since_s = UUID(cookie["account"]), float(cookie["since"])
        version = int(cookie["version"])
    except (KeyError, TypeError, ValueError):
        return None
    if not 0.0 <= time.time() - since_s < LASTS_S:
        return None
    account = accounts.get(account_id)
    if account is None or account.disabled or account.version != version:
        return None
    return account


def signing_key(directory: Path) -> bytes:
    """The key that signs the cookies, made at the first start and readable by this user alone.

    Raises `StoreError` if it can be neither read nor kept.
    """
    path = directory / KEY_FILE
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_bytes()
        else:
            key = secrets.token_bytes(KEY_BYTES)
            with os.fdopen(descriptor, "wb") as file:
                file.write(key)
    except OSError as error:
        raise StoreError(
            f"the key file {path} cannot be used: {error.strerror}; give the user who serves the "
            "pages the right to write that directory."
        ) from None
    if len(key) != KEY_BYTES:
        raise StoreError(f"the key file {path} is damaged; remove it, and everybody logs in anew.")
    return key
