"""One file with everything: taken while the program runs, checked, and put back whole."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from device.backup.archive import Manifest, read_manifest
from device.backup.bring_back import Restored, owned, restore_backup
from device.backup.finish import READY, finish_restore
from device.backup.take import take_backup
from device.errors import AlreadyRunningError, BackupError
from device.store.database import connect, open_database
from device.store.migrate import migrate
from device.store.people import People
from device.store.queries import History
from device.store.writer import Writer
from tests.backup.conftest import Place
from tests.store.visits import Visit, store


def nothing(_share: float) -> None:
    """A progress bar that nobody sees."""


def back_up(place: Place, file: Path) -> Manifest:
    return take_backup(file, place.settings, place.config, nothing)


def restore(place: Place, file: Path, with_settings: bool = True) -> Restored:
    return restore_backup(file, place.settings, place.config, nothing, with_settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.pronemat"


def rewrite(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the archive's entries, as a broken stick or a curious person might."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def everything(place: Place) -> dict[str, bytes]:
    """All that the data directory holds, but for locks and the database's log."""
    return {
        str(path.relative_to(place.data)): path.read_bytes()
        for path in place.data.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".db-shm", ".reserve")
    }


def test_a_gym_goes_on_on_another_machine(here: Place, other: Place, file: Path) -> None:
    back_up(here, file)
    here.config.write_text(here.config.read_text().replace("8461", "9000"))
    restored = restore(other, file)
    assert restored.kept is None
    assert other.people() == ["Anna"]
    with closing(History(other.settings.database)) as history:
        (summary,) = history.sessions()
        assert (summary.reps, summary.clean) == (3, 3)
    assert other.settings.web.port == 8461
    kept = other.settings.calibrations_folder
    assert json.loads((kept / "current.json").read_text())["calibration"] == "in force"
    assert (kept / "2026-05-01-anna-3fa9.json").exists()


def test_only_the_owner_may_read_the_file_and_nothing_else_is_left(here: Place, file: Path) -> None:
    manifest = back_up(here, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in file.parent.iterdir()} == {"here", "monday.pronemat"}
    assert read_manifest(file) == manifest


def test_it_is_taken_while_sessions_are_written_and_is_of_one_moment(
    here: Place, other: Place, file: Path
) -> None:
    database = here.settings.database
    ending = threading.Event()
    written = 0

    def lift() -> None:
        nonlocal written
        with closing(Writer(open_database(database), database)) as writer:
            visit = Visit()
            store(writer, *visit.begin)
            while not ending.is_set():
                written += 1
                store(writer, visit.rep(written))

    lifting = threading.Thread(target=lift)
    lifting.start()
    try:
        while written < 3:
            assert lifting.is_alive()
        back_up(here, file)
    finally:
        ending.set()
        lifting.join()
    restore(other, file)
    with closing(History(other.settings.database)) as history:
        newest = history.session(history.sessions()[0].id)
    assert newest is not None
    numbers = [rep.number for one in newest.sets for rep in one.reps]
    assert numbers == list(range(1, len(numbers) + 1))
    assert newest.summary.reps == len(numbers)


def test_what_was_there_before_is_kept_and_can_be_put_back(here: Place, file: Path) -> None:
    back_up(here, file)
    here.trained("Bea")
    restored = restore(here, file)
    assert here.people() == ["Anna"]
    assert restored.kept is not None
    restore(here, restored.kept)
    assert here.people() == ["Anna", "Bea"]


def test_whoever_has_the_database_open_sees_what_was_restored(here: Place, file: Path) -> None:
    back_up(here, file)
    with closing(People(here.settings.database)) as people:
        people.create({"name": "Bea"})
        restore(here, file)
        assert [member.name for member in people.search()] == ["Anna"]
        people.create({"name": "Carl"})
    assert here.people() == ["Anna", "Carl"]


def test_a_member_who_was_deleted_since_stays_deleted(here: Place, file: Path) -> None:
    bea = here.trained("Bea")
    back_up(here, file)
    with closing(People(here.settings.database)) as people:
        people.delete(bea)
    restore(here, file)
    assert here.people() == ["Anna"]
    assert b"Bea" not in here.settings.database.read_bytes()
    with closing(History(here.settings.database)) as history:
        assert len(history.sessions()) == 1


def test_the_backup_knows_who_was_deleted_before_it(here: Place, other: Place, file: Path) -> None:
    bea = here.trained("Bea")
    early = file.with_name("early.pronemat")
    back_up(here, early)
    with closing(People(here.settings.database)) as people:
        people.delete(bea)
    back_up(here, file)
    restore(other, file)
    restore(other, early)
    assert other.people() == ["Anna"]


def test_while_a_daemon_runs_nothing_is_restored(here: Place, file: Path) -> None:
    back_up(here, file)
    with owned(here.data), pytest.raises(AlreadyRunningError, match=r"a daemon uses .*; stop it"):
        restore(here, file)


def test_a_backup_of_a_newer_program_is_refused_before_anything_changes(
    here: Place, file: Path
) -> None:
    def newer_tables(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"])
        entries["manifest.json"] = json.dumps(manifest | {"revision": "9999"}).encode()

    def newer_format(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"])
        entries["manifest.json"] = json.dumps(manifest | {"format": 99}).encode()

    for change in (newer_tables, newer_format):
        back_up(here, file)
        rewrite(file, change)
        before = everything(here)
        with pytest.raises(BackupError, match=r"written by a newer pronemat .*; update"):
            restore(here, file)
        assert everything(here) == before
        file.unlink()


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(other: Place, file: Path) -> None:
    database = other.settings.database
    database.parent.mkdir()
    engine = connect(database)
    migrate(engine, "0001")
    engine.dispose()
    assert back_up(other, file).revision == "0001"
    other.trained("Anna")
    restore(other, file)
    assert other.people() == []
    with closing(History(database)) as history:
        assert history.sessions() == ()


@pytest.mark.parametrize("part", ["database", "calibration", "settings"])
def test_a_part_that_is_not_what_was_written_is_named_and_nothing_changes(
    here: Place, file: Path, part: str
) -> None:
    back_up(here, file)

    def damage(entries: dict[str, bytes]) -> None:
        content = bytearray(entries[part])
        content[len(content) // 2] ^= 1
        entries[part] = bytes(content)

    rewrite(file, damage)
    before = everything(here)
    with pytest.raises(BackupError, match=f"is damaged: {part} .* Nothing was changed"):
        restore(here, file)
    assert everything(here) == before


def test_a_file_that_was_cut_short_anywhere_changes_nothing(here: Place, file: Path) -> None:
    back_up(here, file)
    whole = file.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(BackupError, match="copy it again"):
            restore(here, file)
    # A bit may flip where it does no harm; where it does, that is said.
    for place in range(0, len(whole), max(len(whole) // 12, 1)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        file.write_bytes(flipped)
        try:
            restore(here, file)
        except BackupError:
            assert here.people() == ["Anna"]
            assert (here.settings.calibrations_folder / "current.json").exists()


@pytest.mark.parametrize("name", ["../../evil", "calibrations/../../evil", "/etc/evil", ""])
def test_a_part_cannot_lead_out_of_the_data_directory(here: Place, file: Path, name: str) -> None:
    back_up(here, file)

    def lead_out(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"])
        manifest["parts"].append({"name": name, "size": 4, "sha256": "0" * 64})
        entries["manifest.json"] = json.dumps(manifest).encode()

    rewrite(file, lead_out)
    with pytest.raises(BackupError, match="is no backup of pronemat: it has a part"):
        restore(here, file)


@pytest.mark.parametrize("content", [b"my holiday", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_one_sentence(here: Place, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BackupError, match="backup of pronemat"):
        restore(here, file)
    with pytest.raises(BackupError, match="there is no backup"):
        restore(here, file.with_name("nowhere"))


def test_a_backup_never_takes_the_place_of_another_file(here: Place, file: Path) -> None:
    file.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        back_up(here, file)
    assert file.read_text() == "mine"


def test_before_anything_is_stored_there_is_nothing_to_back_up(other: Place, file: Path) -> None:
    with pytest.raises(BackupError, match="nothing is stored yet"):
        back_up(other, file)
    assert not file.exists()


def test_a_damaged_database_is_not_backed_up_but_can_be_restored_over(
    here: Place, file: Path
) -> None:
    back_up(here, file)
    database = here.settings.database
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.write_bytes(b"nonsense" * 4096)
    with pytest.raises(BackupError, match=r"cannot be copied|is damaged"):
        back_up(here, file.with_name("tuesday"))
    restored = restore(here, file)
    assert restored.damaged
    assert here.people() == ["Anna"]
    (aside,) = here.data.glob("pronemat.db.damaged-*Z")
    assert aside.read_bytes().startswith(b"nonsense")


def test_settings_that_do_not_serve_here_are_refused_with_the_way_round(
    here: Place, other: Place, file: Path
) -> None:
    here.config.write_text(here.config.read_text() + "[session]\nset_pause_s = 20\n")
    back_up(here, file)

    def of_the_future(entries: dict[str, bytes]) -> None:
        content = entries["settings"].replace(b"set_pause_s", b"of_the_future")
        entries["settings"] = content
        manifest = json.loads(entries["manifest.json"])
        for part in manifest["parts"]:
            if part["name"] == "settings":
                part["size"], part["sha256"] = len(content), hashlib.sha256(content).hexdigest()
        entries["manifest.json"] = json.dumps(manifest).encode()

    rewrite(file, of_the_future)
    with pytest.raises(BackupError, match=r"of_the_future.*--without-settings"):
        restore(other, file)
    assert not other.settings.database.exists()
    restore(other, file, with_settings=False)
    assert other.people() == ["Anna"]


def test_a_restore_that_was_cut_short_is_finished_later(
    here: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails at the moment when the database is to be replaced."""
    back_up(here, file)
    here.trained("Bea")

    def power_cut(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("device.backup.finish._replace_database", power_cut)
        with pytest.raises(KeyboardInterrupt):
            restore(here, file)
    assert (here.data / READY).is_dir()
    assert here.people() == ["Anna", "Bea"]
    assert finish_restore(here.data)
    assert here.people() == ["Anna"]
    assert not finish_restore(here.data)


def test_the_bar_only_ever_rises_to_its_end(here: Place, other: Place, file: Path) -> None:
    shares: list[float] = []
    take_backup(file, here.settings, here.config, shares.append)
    restored: list[float] = []
    restore_backup(file, other.settings, other.config, restored.append)
    for seen in (shares, restored):
        assert seen == sorted(seen)
        assert seen[-1] == 1.0
