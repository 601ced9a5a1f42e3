"""The units: systemd finds nothing wrong with them, and each gives up what it does not need."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.system.checks.run import CHECKS
from tests.system.staged import ETC, SYSTEMD, UNITS, sandboxed, stage

ANALYZE = shutil.which("systemd-analyze")
pytestmark = pytest.mark.skipif(
    ANALYZE is None and "CI" not in os.environ, reason="systemd-analyze is not installed"
)

MOST_EXPOSED = {"pronemat-device.service": 2.0, "pronemat-web.service": 2.0}
"""What was promised; every other sandboxed unit is held to the same."""


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


def version() -> int:
    match = re.match(r"systemd (\d+)", analyze("--version").stdout)
    assert match is not None
    return int(match[1])


@pytest.mark.parametrize("source", ["mat", "demo"])
def test_systemd_finds_nothing_wrong_with_any_unit(tmp_path: Path, source: str) -> None:
    units = stage(tmp_path, source, version())
    # The names of other packages' units that ours come after are not there to be checked.
    done = analyze(f"--root={tmp_path}", "--man=no", "--recursive-errors=no", "verify", *units)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("source", ["mat", "demo"])
@pytest.mark.parametrize("unit", sandboxed())
def test_what_a_unit_could_do_if_it_were_taken_over_is_little(
    tmp_path: Path, unit: str, source: str
) -> None:
    stage(tmp_path, source, version())
    done = analyze("security", "--offline=true", f"--root={tmp_path}", "--no-pager", unit)
    match = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert match is not None, done.stderr
    assert float(match[1]) < MOST_EXPOSED.get(unit, 2.0)


def test_only_the_device_and_its_safe_mode_see_bus_and_pins() -> None:
    seen = {}
    for path in UNITS.iterdir():
        allowed = re.findall(r"^DeviceAllow=(\S+)", path.read_text(encoding="utf-8"), re.M)
        if allowed:
            seen[path.name] = allowed
    # vcio is the Pi's firmware, which tells of under-voltage.
    assert seen == {
        "mat.conf": ["/dev/i2c-1", "char-gpiochip"],
        "pronemat-doctor.service": ["/dev/vcio"],
    }
    installed = (SYSTEMD / "lib.sh").read_text(encoding="utf-8")
    assert 'for name in device safe; do\n        put "$from/units/$source"' in installed
    for unit in ("pronemat-web", "pronemat-web-safe", "pronemat-backup", "pronemat-proxy"):
        assert "PrivateDevices=yes" in (UNITS / f"{unit}.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", ["pronemat-web", "pronemat-web-safe", "pronemat-backup"])
def test_who_is_no_maintainer_cannot_write_calibrations(unit: str) -> None:
    text = (UNITS / f"{unit}.service").read_text(encoding="utf-8")
    assert "ReadOnlyPaths=-/var/lib/pronemat/calibrations\n" in text


def test_the_proxy_passes_on_the_dashboard_and_nothing_of_the_kiosk() -> None:
    text = (SYSTEMD / "etc" / "Caddyfile").read_text(encoding="utf-8")
    assert re.findall(r"@dashboard path (.*)", text) == ["/trainer /trainer/* /static/*"]
    assert text.count("reverse_proxy") == 1
    unit = (UNITS / "pronemat-proxy.service").read_text(encoding="utf-8")
    assert "User=pronemat-proxy\n" in unit
    assert "InaccessiblePaths=-/var/lib/pronemat -/run/pronemat\n" in unit


def test_every_start_that_fails_three_times_ends_in_safe_mode() -> None:
    for unit in ("device", "web"):
        text = (UNITS / f"pronemat-{unit}.service").read_text(encoding="utf-8")
        assert "StartLimitBurst=3\n" in text
        safe = "safe" if unit == "device" else "web-safe"
        assert f"OnFailure=pronemat-{safe}.service\n" in text
        assert f"Conflicts=pronemat-{safe}.service\n" in text


def test_the_browsers_policy_is_json_and_leaves_it_nothing_but_the_page() -> None:
    policy = json.loads((SYSTEMD / "etc" / "chromium.json").read_text(encoding="utf-8"))
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == ["http://127.0.0.1", "file:///opt/pronemat/"]
    assert policy["AutoplayAllowed"] is True
    assert policy["TranslateEnabled"] is False


def test_the_readme_has_every_unit() -> None:
    text = (SYSTEMD / "README.md").read_text(encoding="utf-8")
    for unit in UNITS.glob("pronemat*"):
        assert f"`{unit.name}`" in text, unit.name


def test_units_are_installed_where_the_stage_puts_them() -> None:
    assert f"readonly UNITS=/{ETC}\n" in (SYSTEMD / "lib.sh").read_text(encoding="utf-8")


def test_every_row_of_the_fault_table_names_a_test_that_exists() -> None:
    text = (SYSTEMD / "README.md").read_text(encoding="utf-8")
    table = text.partition("## What a fault does")[2].partition("## Measured")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    tried = {check.__name__ for check in CHECKS} | {"cuts", "hang"}
    for row in rows:
        named = re.findall(r"`([^`]+)`", row.split("|")[-2])
        assert named or "none: needs a Pi" in row, row
        for name in named:
            assert name in tried or (SYSTEMD.parent / name).is_file(), name
