"""Every calibration is kept, one is in force, and nothing that happens to the disk loses either."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from device.calibration_file import calibration_digest, load_calibration
from device.calibrations.history import FACTORY, History
from device.calibrations.record import Record, Taken
from device.config import BusSettings, PathSettings, Settings
from device.core.calibration import datasheet_calibration
from device.core.mat import Mat
from device.daemon import mat_feed
from device.errors import BusError, CalibrationError
from tests.calibrations.conftest import write_points

Calibrate = Callable[..., Result]


def test_what_was_put_in_force_is_loaded_and_gives_the_same_newtons(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    assert load_calibration(history.current, mat) is None
    history.put_in_force(records[0])
    loaded = load_calibration(history.current, mat)
    assert loaded is not None
    assert (loaded.name, loaded.calibrated) == ("mat 1", True)
    counts = np.linspace(100.0, 20000.0, len(mat.channels))
    wanted = records[0].calibration.forces_n(counts)
    np.testing.assert_allclose(loaded.forces_n(counts), wanted, rtol=1e-4)
    assert calibration_digest(loaded) == calibration_digest(records[0].calibration)
    assert calibration_digest(loaded) != calibration_digest(datasheet_calibration(mat))


def test_who_when_and_how_come_back_as_they_were(
    history: History, records: tuple[Record, ...]
) -> None:
    history.put_in_force(records[0])
    kept = history.get(records[0].id)
    assert kept.to_json() == records[0].to_json()
    assert history.get("current").to_json() == history.get("latest").to_json()
    assert kept.taken["asis_left"].person == "anna"
    assert kept.readings["asis_left"][0].force_n == 0.0


def test_all_are_kept_and_any_comes_back(history: History, records: tuple[Record, ...]) -> None:
    for record in records:
        history.put_in_force(record)
    assert [entry.id for entry in history.entries()] == [record.id for record in records]
    assert history.before().id == records[1].id
    history.put_in_force(history.before())
    assert history.before().id == records[0].id
    history.put_in_force(history.before())
    assert history.before().id == FACTORY
    assert len(history.entries()) == 3


def test_the_factory_s_cannot_be_lost(mat: Mat, history: History) -> None:
    factory = history.get(FACTORY)
    assert factory.calibration.calibrated is False
    history.put_in_force(factory)
    loaded = load_calibration(history.current, mat)
    assert loaded is not None
    assert not loaded.calibrated
    for file in history.folder.iterdir():
        file.unlink()
    assert history.get(FACTORY).calibration.name == factory.calibration.name


def test_the_beginning_of_a_name_is_enough_where_it_is_the_only_one(
    history: History, records: tuple[Record, ...]
) -> None:
    for record in records:
        history.keep(record)
    assert history.get("2026-02").id == records[1].id
    with pytest.raises(CalibrationError, match="several calibrations begin with '2026'"):
        history.get("2026")
    with pytest.raises(CalibrationError, match=f"no 'anna' is kept; there are {FACTORY}, 2026-01"):
        history.get("anna")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 2, "calibration": {}}',
        "\xff",
        "null",
        "[" * 9999,
    ],
)
def test_a_file_edited_into_nonsense_is_one_sentence_and_the_others_go_on(
    mat: Mat, history: History, records: tuple[Record, ...], text: str
) -> None:
    for record in records[:2]:
        history.put_in_force(record)
    for file in (history.current, history.folder / f"{records[1].id}.json"):
        file.write_bytes(text.encode("latin-1"))
    with pytest.raises(CalibrationError, match=r"cannot be used .*; go back to the one before by"):
        load_calibration(history.current, mat)
    with pytest.raises(CalibrationError, match="rollback"):
        history.in_force()
    with pytest.raises(CalibrationError, match="choose another"):
        history.get(records[1].id)
    assert [entry.problem is None for entry in history.entries()] == [True, False]
    history.put_in_force(history.before())
    loaded = load_calibration(history.current, mat)
    assert loaded is not None
    assert loaded.name == "mat 1"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("calibration", "curves", "chest", "siemens", 3), -1.0),
        (("calibration", "curves", "chest", "force_n", 0), 5.0),
        (("calibration", "curves", "chest", "siemens", 2), "much"),
        (("taken", "chest"), "yesterday"),
        (("readings", "chest", 0), 7),
        (("conditions",), 3),
    ],
)
def test_every_part_of_a_file_is_checked(
    history: History, records: tuple[Record, ...], path: tuple[str | int, ...], value: object
) -> None:
    history.put_in_force(records[0])
    document = json.loads(history.current.read_text())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    history.current.write_text(json.dumps(document))
    with pytest.raises(CalibrationError, match=r"the calibration in force.*rollback"):
        history.in_force()


def test_a_disk_that_refuses_leaves_the_one_before_in_force(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    history.put_in_force(records[0])
    history.keep(records[1])
    (history.folder / "current.json.new").mkdir()
    with pytest.raises(CalibrationError, match="nothing was changed"):
        history.put_in_force(records[1])
    loaded = load_calibration(history.current, mat)
    assert loaded is not None
    assert loaded.name == "mat 1"


def test_a_calibration_of_the_first_format_is_loaded_and_not_lost(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    history.folder.mkdir(parents=True)
    curves = records[0].calibration.to_json()
    history.current.write_text(json.dumps({"format": 1, "calibration": curves}))
    assert load_calibration(history.current, mat) is not None
    history.put_in_force(records[1])
    kept = [entry.record for entry in history.entries() if entry.id != records[1].id]
    assert [record.calibration.name for record in kept if record] == ["mat 1"]


def test_the_one_file_of_an_older_version_is_adopted(
    mat: Mat, history: History, records: tuple[Record, ...], calibrate: Calibrate
) -> None:
    old = history.folder.parent / "calibration.json"
    old.parent.mkdir(parents=True)
    old.write_text("{")
    with pytest.raises(CalibrationError, match=r"calibration.json of an older version cannot be"):
        history.adopt_old()
    assert calibrate("list").exit_code == 0
    old.write_text(json.dumps({"format": 1, "calibration": records[0].calibration.to_json()}))
    (adopted,) = [row for row in json.loads(calibrate("list", "--json").output) if row["in_force"]]
    assert adopted["id"] != FACTORY
    assert not old.exists()
    loaded = load_calibration(history.current, mat)
    assert loaded is not None
    assert loaded.name == "mat 1"
    assert history.adopt_old() is None
    # A second one is kept, and leaves what is in force as it is.
    old.write_text(json.dumps({"format": 1, "calibration": records[1].calibration.to_json()}))
    assert history.adopt_old() is not None
    assert len(history.entries()) == 2
    assert history.get("current").id == adopted["id"]


def test_the_daemon_adopts_it_at_its_start(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    data = history.folder.parent
    data.mkdir(parents=True)
    document = {"format": 1, "calibration": records[0].calibration.to_json()}
    (data / "calibration.json").write_text(json.dumps(document))
    with pytest.raises(BusError):
        mat_feed(Settings(paths=PathSettings(data=data), bus=BusSettings(number=31)), mat)
    assert load_calibration(history.current, mat) is not None


def test_simulated_weights_never_come_into_force_on_a_real_mat(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    history.put_in_force(records[0])
    document = json.loads(history.current.read_text()) | {"simulated": True}
    history.current.write_text(json.dumps(document))
    with pytest.raises(CalibrationError, match="simulated weights"):
        load_calibration(history.current, mat)
    assert load_calibration(history.current, mat, simulated=True) is not None


ALTERNATE = """
import sys
from pathlib import Path
from device.calibrations.history import History
from device.mat_file import load_mat
folder = Path(sys.argv[1])
history = History(folder, folder / "current.json", load_mat())
records = [entry.record for entry in history.entries()]
print("ready", flush=True)
while True:
    for record in records:
        history.put_in_force(record)
"""


def test_killed_at_any_moment_the_old_or_the_new_one_is_there(
    mat: Mat, history: History, records: tuple[Record, ...]
) -> None:
    for record in records[:2]:
        history.put_in_force(record)
    chance = random.Random(5)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", ALTERNATE, history.folder], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 0.05))
        process.kill()
        process.communicate()
        loaded = load_calibration(history.current, mat)
        assert loaded is not None
        assert loaded.name in ("mat 1", "mat 2")


# -- the commands ------------------------------------------------------------------------------


def test_points_of_a_file_come_into_force_with_date_person_and_conditions(
    mat: Mat, tmp_path: Path, calibrate: Calibrate
) -> None:
    points = write_points(tmp_path / "ours.points.csv", mat, 1)
    done = calibrate("--from", str(points), "--person", "Ännie", "--temperature", "21.5")
    assert done.exit_code == 0, done.output
    assert "is in force; a daemon that is started from now on takes it" in done.output
    (factory, ours) = json.loads(calibrate("list", "--json").output)
    assert not factory["in_force"]
    assert ours["in_force"]
    assert ours["person"] == "Ännie"
    assert ours["conditions"]["temperature_c"] == "21.5"
    assert ours["made_utc"].endswith("Z")
    shown = calibrate("show")
    assert "asis_left" in shown.output
    assert "Ännie" in shown.output


def test_points_that_make_no_sense_change_nothing(
    mat: Mat, tmp_path: Path, history: History, records: tuple[Record, ...], calibrate: Calibrate
) -> None:
    history.put_in_force(records[0])
    points = tmp_path / "bad.points.csv"
    points.write_text("sensor,force_n,counts\nchest,0,10\n")
    done = calibrate("--from", str(points))
    assert isinstance(done.exception, CalibrationError)
    in_force = history.in_force()
    assert in_force is not None
    assert in_force.id == records[0].id


def test_list_show_and_diff_say_what_was_and_what_is(
    history: History, records: tuple[Record, ...], calibrate: Calibrate
) -> None:
    for record in records[:2]:
        history.put_in_force(record)
    (history.folder / "2026-01-01-hand-0000.json").write_text("{")
    listed = calibrate("list").output
    assert "CANNOT BE USED" in listed
    assert FACTORY in listed
    marked = [line for line in listed.splitlines() if ">" in line]
    assert len(marked) == 1
    assert "0002" in listed
    rows = json.loads(calibrate("diff", records[0].id, "--json").output)
    assert rows["before"] == records[0].id
    assert rows["after"] == records[1].id
    assert any(abs(one) > 1.0 for one in rows["change_pct"]["asis_left"].values())
    same = json.loads(calibrate("diff", records[1].id, "--json").output)
    assert set(same["change_pct"]["asis_left"].values()) == {0.0}
    drawn = calibrate("show", records[0].id, "--strip", "asis_left").output
    assert "conductance (uS) over force (N)" in drawn
    assert "\x1b" not in drawn


def test_the_list_knows_what_a_visit_took_though_midnight_came_in_between(
    history: History, records: tuple[Record, ...], calibrate: Calibrate
) -> None:
    visit = {
        "asis_left": Taken("2026-02-04T23:50:00Z", "anna"),
        "pubis": Taken("2026-02-05T00:10:00Z", "anna"),
    }
    history.put_in_force(records[0])
    history.put_in_force(replace(records[1], taken={**records[0].taken, **visit}))
    listed = calibrate("list").output.splitlines()
    first, second = (line for line in listed if "-anna-" in line)
    assert " all " in first
    assert "asis_left pubis" in second


def test_rollback_asks_and_goes_back_step_by_step(
    history: History, records: tuple[Record, ...], calibrate: Calibrate
) -> None:
    for record in records:
        history.put_in_force(record)
    assert calibrate("rollback", given="n\n").exit_code == 1
    for wanted in (records[1].id, records[0].id, FACTORY):
        done = calibrate("rollback", given="y\n")
        assert done.exit_code == 0, done.output
        assert f"{wanted} is in force" in done.output
    assert "UNCALIBRATED" in calibrate("show").output
    assert calibrate("rollback", records[2].id, "--yes").exit_code == 0
    in_force = history.in_force()
    assert in_force is not None
    assert in_force.id == records[2].id
