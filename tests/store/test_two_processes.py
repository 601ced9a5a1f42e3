"""The daemon stores sessions while the pages write about people: neither loses anything."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from device.store.people import People
from device.store.queries import History
from device.store.writer import Writer
from tests.store.visits import DEADLINE_S, REP, Visit, numbers, store, wait_for

REPS = 100
IN_A_ROW = 10
"""Reps that may wait at a time: many more than one mat ever has."""
PUT_S = 0.02
"""A rep is handed over within a frame's time and a bit, whatever the disk and the pages do."""
PAGES = """
import sys
from pathlib import Path
from device.store.people import People
from device.store.accounts import Accounts

people, accounts = People(Path(sys.argv[1])), Accounts(Path(sys.argv[1]))
print("begun", flush=True)
for number in range(10_000):
    member = people.create({"name": f"Page {number}", "notes": "x" * 3000})
    accounts.audit("Kim", "member", member.id)
    if number % 5 == 4:
        people.delete(member.id)
    if Path(sys.argv[2]).exists():
        break
print(number + 1, flush=True)
"""


def test_every_rep_is_stored_while_another_process_writes_all_the_time(
    engine: Engine, path: Path, history: History, tmp_path: Path
) -> None:
    enough = tmp_path / "enough"
    visit = Visit()
    pages = subprocess.Popen(
        [sys.executable, "-c", PAGES, str(path), str(enough)], stdout=subprocess.PIPE, text=True
    )
    with pages, closing(Writer(engine, path)) as writer:
        assert pages.stdout is not None
        assert pages.stdout.readline() == "begun\n"
        store(writer, *visit.begin)
        slow = 0
        for number in range(1, REPS + 1):
            rep = visit.rep(number, rep=REP)
            began_s = time.thread_time()
            writer.put(rep)
            slow += time.thread_time() - began_s > PUT_S
            wait_for(lambda: writer.waiting < IN_A_ROW)
        assert writer.flush(DEADLINE_S)
        enough.touch()
        written = int(pages.stdout.readline())
        assert pages.wait(DEADLINE_S) == 0
    assert slow == 0
    assert numbers(history, visit.id) == list(range(1, REPS + 1))
    with closing(People(path)) as people:
        assert people.count() == written - written // 5
