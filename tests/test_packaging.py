"""The wheel carries everything the program needs at run time, and the locks pin all of it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "tests/requirements.lock", "systemd/requirements.lock")
DATA_ENDINGS = {".toml", ".html", ".css", ".js", ".svg", ".json", ".mako", ".ogg", ".mp3", ".wav"}
"""Files beside the code that the program opens when it runs."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(out), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_every_file_of_the_program_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "device", "web", "hardware/mat.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    wanted = {name for name in tracked if Path(name).suffix in DATA_ENDINGS | {".py"}}
    assert "hardware/mat.toml" in wanted
    assert not wanted - inside


def test_the_wheel_alone_is_enough_to_run(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, away from the checkout, with only its dependencies at hand."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    script = (
        "import sys\n"
        # The checkout's editable install stands behind the wheel's folder, but must not be used.
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "import device, web\n"
        f"assert device.__file__.startswith({str(tmp_path)!r}), device.__file__\n"
        f"assert web.__file__.startswith({str(tmp_path)!r}), web.__file__\n"
        "from device.cli import main\n"
        "sys.argv = ['pronemat', 'mat', '--json']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"asis_left"' in done.stdout


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)}


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~;\[ ]", text)[0]) for text in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_file_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "http" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    for block in blocks:
        assert "==" in block, block
        assert "--hash=sha256:" in block, block


def test_the_locks_hold_every_dependency() -> None:
    extras = PROJECT["optional-dependencies"]
    build = {"hatchling", "editables"}
    assert names(PROJECT["dependencies"]) | build <= pinned("requirements.lock")
    assert names(extras["test"]) | pinned("requirements.lock") <= pinned("tests/requirements.lock")
    assert names(extras["pi"]) | pinned("requirements.lock") <= pinned("systemd/requirements.lock")


def test_the_readme_gives_every_dependency_its_reason() -> None:
    rows = re.findall(
        r"^\| `([A-Za-z0-9-]+)` \| (.+) \|$",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    reasons = {normal(name): reason for name, reason in rows}
    extras = PROJECT["optional-dependencies"]
    wanted = names([*PROJECT["dependencies"], *extras["pi"], *extras["test"]])
    assert not wanted - set(reasons), "dependencies without a line in README.md"
    assert all(reasons[name].strip() for name in wanted)
