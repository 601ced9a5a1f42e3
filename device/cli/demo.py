"""`pronemat demo`: the whole product with a simulated member, in one command."""

from __future__ import annotations

import ctypes
import errno
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

import click

from device.config import load_settings
from device.errors import AlreadyRunningError, PronematError, StreamError
from device.store.account import Role
from device.store.accounts import Accounts
from device.store.database import open_database
from device.store.people import People
from device.stream.client import StreamClient

HOST = "127.0.0.1"
MEMBER_NAME, MEMBER_CODE = "Ada", "1234"
TRAINER_NAME = "demo"
LOOK_EVERY_S = 0.05
START_WITHIN_S = 60.0
"""Generous: the first start on a Pi compiles every module."""
END_WITHIN_S = 3.0
"""Both ends finish within a second; after this they are killed."""
PR_SET_PDEATHSIG = 1
"""prctl(2): the kernel sends a child this signal when its parent is gone, however it went."""


@click.command(epilog="Example: pronemat demo --port 8470")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the page.  [default: 8460]")
@click.option("--seed", default=0, show_default=True, help="Which simulated member.")
def demo(port: int | None, seed: int) -> None:
    """Run the whole product without hardware: a simulated member trains on an emulated mat.

    Ctrl-C ends it. What it stored is thrown away.
    """
    port = port or load_settings().web.port
    _check_port(port)
    leave = threading.Event()
    with _leaving_by_signal(leave), tempfile.TemporaryDirectory(prefix="pronemat-demo-") as folder:
        _run(Path(folder), port, seed, leave)


def _run(folder: Path, port: int, seed: int, leave: threading.Event) -> None:
    place = ["--run", str(folder), "--data", str(folder)]
    commands = {
        "daemon": ["device", "daemon", "--source", "demo", "--seed", str(seed), *place],
        "page": ["web", "--host", HOST, "--port", str(port), *place],
    }
    # Before the pages start, which else would find no account and log the code for the first one.
    password = _make_people(load_settings(overrides={"paths.data": folder}).database)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = _start(command, folder / f"{name}.log")
        address = f"http://{HOST}:{port}/"
        client = StreamClient(f"ipc://{folder / 'stream'}")
        _wait(children, folder, leave, lambda: _answers(address) and _publishes(client))
        if not leave.is_set():
            click.echo(f"pronemat runs at {address} with a simulated member. Ctrl-C ends it.")
            click.echo(f"On its keypad {MEMBER_CODE} is {MEMBER_NAME}, a member.")
            click.echo(f"The trainer's pages: {address}trainer/ as {TRAINER_NAME}, {password}")
        while not leave.wait(LOOK_EVERY_S):
            _check(children, folder)
    finally:
        _end(children)


def _make_people(database: Path) -> str:
    """A member and a trainer to try the demonstration with; returns the trainer's password, which
    is another one each time."""
    open_database(database).dispose()
    password = secrets.token_urlsafe(12)
    with closing(People(database)) as people, closing(Accounts(database)) as accounts:
        people.create({"name": MEMBER_NAME, "code": MEMBER_CODE})
        accounts.create(TRAINER_NAME, Role.OWNER, password)
    return password


def _start(module: list[str], log: Path) -> subprocess.Popen[bytes]:
    """A child in a process group of its own, so that Ctrl-C reaches it through us alone."""
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            [sys.executable, "-m", *module],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=_end_with_parent,
        )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(
    children: Mapping[str, subprocess.Popen[bytes]],
    folder: Path,
    leave: threading.Event,
    ready: Callable[[], bool],
) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while not ready():
        _check(children, folder)
        if time.monotonic() > deadline:
            raise PronematError(
                f"the demonstration did not start within {START_WITHIN_S:g} s; "
                f"end other programs and try again."
            )
        if leave.wait(LOOK_EVERY_S):
            return


def _check(children: Mapping[str, subprocess.Popen[bytes]], folder: Path) -> None:
    """Nothing is started again silently: if a part has ended, so does the whole, saying why."""
    for name, child in children.items():
        code = child.poll()
        if code is not None:
            lines = (folder / f"{name}.log").read_text(errors="replace").strip().splitlines()
            last = lines[-1].removeprefix("pronemat: ") if lines else "it said nothing."
            raise PronematError(f"the {name} of the demonstration has ended (exit {code}): {last}")


def _end(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + END_WITHIN_S
    for child in children.values():
        try:
            child.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=1) as page:  # noqa: S310 (our own address)
            return bool(page.status == 200)
    except OSError:
        return False


def _publishes(client: StreamClient) -> bool:
    try:
        return bool(client.command({"command": "status"}, 1.0)["ok"])
    except StreamError:
        return False


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server does, so that a port just given back counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PronematError(
                    f"port {port} cannot be opened ({error.strerror}); choose another with --port."
                ) from None
            raise AlreadyRunningError(
                f"port {port} is in use, perhaps by another pronemat; "
                f"end that one or choose another port with --port."
            ) from None


@contextmanager
def _leaving_by_signal(leave: threading.Event) -> Iterator[None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        leave.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
