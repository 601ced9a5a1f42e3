"""The scripts: clean for shellcheck, and what can be tried of them without a system to change."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.system.staged import SYSTEMD

ROOT = SYSTEMD.parent
SCRIPTS = sorted(
    path
    for folder in (SYSTEMD, SYSTEMD / "kiosk", ROOT / "tests" / "system", ROOT / ".ci")
    for path in folder.iterdir()
    if path.is_file() and re.match(rb"#!.*\b(ba)?sh\b|# shellcheck shell", path.read_bytes())
)


def bash(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    sourced = f"source {SYSTEMD}/lib.sh; source {SYSTEMD}/release.sh; set -euo pipefail; {script}"
    return subprocess.run(["bash", "-c", sourced, "-", *arguments], capture_output=True, text=True)


@pytest.mark.skipif(
    shutil.which("shellcheck") is None and "CI" not in os.environ, reason="no shellcheck here"
)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    done = subprocess.run(
        ["shellcheck", "-x", script.relative_to(ROOT)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == ""


def test_every_script_is_looked_at() -> None:
    names = {path.name for path in SCRIPTS}
    assert names >= {
        "install",
        "update",
        "lib.sh",
        "release.sh",
        "healthy",
        "start",
        "watch",
        "run",
    }


@pytest.mark.parametrize("wrong", [["--nonsense"], ["--purge"]])
def test_a_wrong_option_changes_nothing_and_shows_the_usage(wrong: list[str]) -> None:
    done = subprocess.run([SYSTEMD / "install", *wrong], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: sudo systemd/install")


def test_help_names_every_option() -> None:
    done = subprocess.run([SYSTEMD / "install", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    text = (SYSTEMD / "install").read_text(encoding="utf-8")
    for option in re.findall(r"^        (--[a-z-]+)[) |]", text, re.M):
        assert option in done.stdout


def test_a_release_is_named_by_version_and_content(tmp_path: Path) -> None:
    def release() -> str:
        done = bash('release_of "$1"', tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    for folder in ("device", "web", "hardware", "systemd"):
        (tmp_path / folder).mkdir()
    (tmp_path / "device" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    for file in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        (tmp_path / file).touch()
    first = release()
    assert re.fullmatch(r"1\.2\.3-[0-9a-f]{8}", first)
    (tmp_path / "web" / "__pycache__").mkdir()
    (tmp_path / "web" / "__pycache__" / "app.pyc").touch()
    assert release() == first
    (tmp_path / "web" / "app.py").write_text("# changed\n")
    assert release() != first


def test_the_pointer_is_one_clear_pixel_for_every_name(tmp_path: Path) -> None:
    done = bash('make_cursors "$1"', tmp_path)
    assert done.returncode == 0, done.stderr
    data = (tmp_path / "left_ptr").read_bytes()
    magic, header, _, entries = struct.unpack_from("<4sIII", data)
    kind, size, place = struct.unpack_from("<III", data, header)
    assert (magic, entries, kind, size) == (b"Xcur", 1, 0xFFFD0002, 1)
    width, height = struct.unpack_from("<II", data, place + 16)
    assert (width, height, data[place + 36 :]) == (1, 1, b"\0\0\0\0")
    assert (tmp_path / "pointer").resolve() == (tmp_path / "left_ptr").resolve()


def test_where_lgpio_has_no_wheel_only_lgpio_leaves_the_list(tmp_path: Path) -> None:
    """The lock without lgpio and its hashes, as the installer makes it for Python 3.13."""
    lock = tmp_path / "requirements.txt"
    shutil.copy(SYSTEMD / "requirements.lock", lock)
    edit = re.search(r"sed -i '(.*lgpio.*)' ", (SYSTEMD / "release.sh").read_text(encoding="utf-8"))
    assert edit is not None
    subprocess.run(["sed", "-i", edit[1], lock], check=True)
    names = re.findall(r"^([a-z0-9-]+)==", lock.read_text(encoding="utf-8"), re.M)
    full = (SYSTEMD / "requirements.lock").read_text(encoding="utf-8")
    assert names == [name for name in re.findall(r"^([a-z0-9-]+)==", full, re.M) if name != "lgpio"]
    assert lock.read_text(encoding="utf-8").count("--hash") < full.count("--hash")
