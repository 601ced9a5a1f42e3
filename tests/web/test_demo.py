"""`pronemat demo`, as a person runs it: real daemon, simulated member, real Chromium."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from device.stream.client import StreamClient
from tests.web.processes import eventually, free_port

FIRST_REP_WITHIN_MS = 60_000
ENDED_WITHIN_S = 60.0
"""Three where nobody else needs the processor."""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short one: a socket's name has at most 107 characters, pytest's own paths are longer."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def live_at(pace: str, tmp_path: Path) -> None:
    """The running demonstration's world from now on lives at this pace."""
    (folder,) = tmp_path.glob("pronemat-demo-*")
    client = StreamClient(f"ipc://{folder}/stream")
    assert client.command({"command": "member", "do": pace})["ok"]


@contextmanager
def demo(tmp_path: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, its temporary files kept where the test can look."""
    process = subprocess.Popen(
        [sys.executable, "-m", "device", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=ENDED_WITHIN_S)


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def test_one_command_shows_a_member_training(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, "--port", str(port)) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == (
            f"pronemat runs at http://127.0.0.1:{port}/ with a simulated member. Ctrl-C ends it.\n"
        )
        assert process.stdout.readline() == "On its keypad 1234 is Ada, a member.\n"
        assert f"http://127.0.0.1:{port}/trainer/ as demo, " in process.stdout.readline()
        # It has an account: no code for a first one lies about.
        (folder,) = tmp_path.glob("pronemat-demo-*")
        assert "no account yet" not in (folder / "page.log").read_text()
        # The printed address answers at once.
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("Simulated", exact=True)).to_be_visible()
        live_at("pace_fast", tmp_path)
        page.locator("#reps li[data-verdict]").first.wait_for(timeout=FIRST_REP_WITHIN_MS)
        live_at("pace_slow", tmp_path)
        expect(page.locator("#count")).to_have_text(re.compile("[1-9]"))
        expect(page.locator("#now-word")).to_have_text(re.compile("Hip|Back arched|Not sure"))
        expect(page.locator("#reason")).to_have_text(re.compile(r"\w+.*\."))
        live_at("pace_fast", tmp_path)
        counted = page.locator("#cue-log li[data-kind=count]").first
        counted.wait_for(state="attached", timeout=FIRST_REP_WITHIN_MS)
        expect(counted).to_have_text("one")
        children = children_of(process.pid)
        assert len(children) == 2
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=ENDED_WITHIN_S)
        assert (process.returncode, complaint) == (0, "")
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with demo(tmp_path, "--port", str(port)) as process:
            out, complaint = process.communicate(timeout=ENDED_WITHIN_S)
    assert (process.returncode, out) == (1, "")
    assert complaint == (
        f"pronemat: port {port} is in use, perhaps by another pronemat; "
        "end that one or choose another port with --port.\n"
    )


def test_a_part_that_dies_ends_the_whole_with_a_sentence(tmp_path: Path) -> None:
    with demo(tmp_path, "--port", str(free_port())) as process:
        assert process.stdout is not None
        process.stdout.readline()
        children = children_of(process.pid)
        os.kill(children[0], signal.SIGKILL)
        _, complaint = process.communicate(timeout=ENDED_WITHIN_S)
    assert process.returncode == 1
    assert complaint.startswith("pronemat: the daemon of the demonstration has ended (exit -9)")
    assert complaint.count("\n") == 1
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_children_do_not_outlive_a_killed_demo(tmp_path: Path) -> None:
    with demo(tmp_path, "--port", str(free_port())) as process:
        children = eventually(lambda: running_children(process.pid))
        process.kill()
        eventually(lambda: not [child for child in children if alive(child)])


def running_children(pid: int) -> list[int]:
    """The demonstration's parts, once the last has become the program that it is to be."""
    children = children_of(pid)
    pages = [one for one in children if b"-m\0web" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return children if pages else []


def alive(pid: int) -> bool:
    """Whether it runs; one that has ended and waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
