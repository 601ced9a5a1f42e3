"""Safe mode: whatever is broken, the mat comes up without it and says what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from device.config import load_settings
from device.errors import StreamError
from device.service.safe_mode import AGAIN, NOTHING_FOUND, spare
from device.stream.client import StreamClient

DEADLINE_S = 30.0
FOREIGN = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "STATE_DIRECTORY", "RUNTIME_DIRECTORY")
Snapshot = dict[str, Any]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Snapshot]]:
    """Runs `pronemat safe` with the settings given and returns its first snapshot."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(settings: str, *options: str) -> Snapshot:
        environ = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        # As systemd does it: what is broken may be the file that names the directories.
        environ["STATE_DIRECTORY"] = str(tmp_path / "data")
        environ["RUNTIME_DIRECTORY"] = str(tmp_path / "run")
        config = tmp_path / "pronemat.toml"
        config.write_text(settings, encoding="utf-8")
        command = [sys.executable, "-m", "device", "safe", "--config", str(config), *options]
        processes.append(subprocess.Popen(command, env=environ))
        client = StreamClient(f"ipc://{tmp_path / 'run' / 'stream'}")
        deadline = time.monotonic() + DEADLINE_S
        while True:
            with suppress(StreamError):
                snapshot = client.command({"command": "snapshot"})
                # The problems are looked at a moment after the first frame.
                if snapshot["maintainer"]:
                    return snapshot
            assert processes[-1].poll() is None, "safe mode ended"
            assert time.monotonic() < deadline, "safe mode does not answer"

    yield begin
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE_S)


def test_broken_settings_are_replaced_by_defaults_and_the_line_is_named(
    start: Callable[..., Snapshot],
) -> None:
    snapshot = start("[web]\nprot = 8460\n", "--source", "demo")
    assert snapshot["maintainer"][0].startswith(
        "Safe mode. Without its settings, all are the defaults"
    )
    assert "line 2: unknown key 'prot' in [web]" in snapshot["maintainer"][0]
    assert snapshot["maintainer"][1] == AGAIN


def test_a_damaged_database_is_left_alone_and_sessions_go_into_another(
    start: Callable[..., Snapshot], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    damaged = b"no database at all, but long enough to be looked at" * 100
    (data / "pronemat.db").write_bytes(damaged)
    snapshot = start("", "--source", "demo")
    assert "Members and sessions so far are not in reach" in snapshot["maintainer"][0]
    assert "is damaged" in snapshot["maintainer"][0]
    assert (data / "pronemat.db").read_bytes() == damaged
    assert (data / "safe-mode" / "pronemat.db").exists()


def test_without_a_bus_the_page_still_runs_and_says_how_to_switch_it_on(
    start: Callable[..., Snapshot], tmp_path: Path
) -> None:
    snapshot = start("[bus]\nnumber = 31\n")
    assert snapshot["source"] == "mat"
    assert "No strip can be read: There is no I2C bus /dev/i2c-31" in snapshot["maintainer"][0]
    assert "dtparam=i2c_arm=on" in snapshot["maintainer"][0]
    client = StreamClient(f"ipc://{tmp_path / 'run' / 'stream'}")
    status = client.command({"command": "status"})
    assert status["frames"] > 0
    assert not any(chip["answering"] for chip in status["chips"].values())


def parts(tmp_path: Path, settings: str = "") -> Path:
    config = tmp_path / "pronemat.toml"
    config.write_text(
        f'[paths]\ndata = "{tmp_path / "data"}"\nrun = "{tmp_path / "run"}"\n{settings}',
        encoding="utf-8",
    )
    return config


def test_a_mat_file_that_makes_no_sense_gives_way_to_the_reference_mat(tmp_path: Path) -> None:
    (tmp_path / "mat.toml").write_text("[mat]\nlength = -1\n", encoding="utf-8")
    spared = spare(parts(tmp_path, '[mat]\nfile = "mat.toml"\n'), hardware=False)
    assert spared.settings.mat.file is None
    assert "Without its own mat file" in spared.sentences[0]


def test_a_damaged_calibration_is_left_out_and_kept(tmp_path: Path) -> None:
    calibration = tmp_path / "mine.json"
    calibration.write_text("{", encoding="utf-8")
    spared = spare(parts(tmp_path, '[mat]\ncalibration = "mine.json"\n'), hardware=False)
    assert not spared.settings.calibration_path.exists()
    assert "Without its calibration it counts by the data sheet" in spared.sentences[0]
    assert calibration.read_text(encoding="utf-8") == "{"


def test_what_works_is_kept_and_with_nothing_broken_the_log_is_named(tmp_path: Path) -> None:
    config = parts(tmp_path, "[web]\nport = 8470\n")
    spared = spare(config, hardware=False)
    assert spared.sentences == (NOTHING_FOUND,)
    assert spared.settings == load_settings(config)


def test_settings_for_the_pages_are_readable_whatever_the_file_says(tmp_path: Path) -> None:
    config = parts(tmp_path, "[web]\nport = 8470\n")
    spare_file = tmp_path / "spare.toml"
    command = [sys.executable, "-m", "device", "safe", "--settings-only", str(spare_file)]
    subprocess.run([*command, "--config", config], check=True, capture_output=True)
    assert load_settings(spare_file).web == load_settings(config).web
    assert load_settings(spare_file).paths == load_settings(config).paths
