"""What an installed mat must survive, tried in a booted Debian: rows of the fault table."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.system import prepared
from tests.system.checks.damage import database_breaks, saves, settings_break
from tests.system.checks.limits import (
    network_sees_the_dashboard_alone,
    verifies,
    watchdog_is_set,
    web_is_caged,
    writes_little,
)
from tests.system.checks.recovery import (
    hung,
    killed,
    kiosk_starts,
    no_screen_at_the_start,
    page_crashes,
    pages_are_away,
    screen_pulled,
    starts,
)
from tests.system.checks.releases import installs_again, is_removed, update_fails, update_works
from tests.system.container import Container
from tests.system.installed import CONNECTED, FRAMES, SERVED, VENV, Check, Mat, Result

HEADLESS = """[Service]
# The container has no screen: the compositor draws into memory.
PAMName=
TTYPath=
StandardInput=null
TTYVHangup=no
TTYReset=no
TTYVTDisallocate=no
UtmpIdentifier=
Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman
"""

CHECKS: tuple[Check, ...] = (
    starts,
    kiosk_starts,
    installs_again,
    verifies,
    watchdog_is_set,
    killed("pronemat-device", FRAMES),
    killed("pronemat-web", SERVED),
    killed("pronemat-proxy", "true"),
    killed("pronemat-kiosk", CONNECTED),
    hung,
    page_crashes,
    pages_are_away,
    screen_pulled,
    no_screen_at_the_start,
    network_sees_the_dashboard_alone,
    web_is_caged,
    settings_break,
    database_breaks,
    saves,
    writes_little,
    update_fails,
    update_works,
    is_removed,
)


def check_all(work: Path, suite: str, names: Sequence[str] = ()) -> bool:
    """Install it into a bare system, boot that without a network, try everything, or `names`."""
    checks = [check for check in CHECKS if not names or check.__name__ in names]
    assert len(checks) >= len(names), f"some of these are none: {names}"
    root = prepared.fresh(work, suite, f"checked-{suite}")
    begun_s = time.monotonic()
    prepared.inside(root, "/root/pronemat/systemd/install", "--no-hardware")
    say(f"installed into a bare Debian {suite} in {time.monotonic() - begun_s:.0f} s")
    # To pull a screen with.
    prepared.inside(root, "bash", "-c", "apt-get install -qq --yes wlr-randr > /dev/null 2>&1")
    # For the update, which is tried without a network as well.
    options = "--quiet --dest /root/wheels --require-hashes -r"
    pip = f"{VENV}/pip download {options} /opt/pronemat/current/requirements.txt"
    prepared.inside(root, "bash", "-c", pip)
    drop_in = root / "etc" / "systemd" / "system" / "pronemat-kiosk.service.d"
    drop_in.mkdir()
    (drop_in / "90-headless.conf").write_text(HEADLESS, encoding="utf-8")
    box = Container(root)
    try:
        box.power_on()
        box.wait_for_shell()
        return try_all(Mat(box), checks)
    finally:
        box.end()


def try_all(mat: Mat, checks: Sequence[Check]) -> bool:
    """Try each, each with a line of the report; True if all are well."""
    well = True
    for check in checks:
        try:
            result = check(mat)
        except (subprocess.SubprocessError, ValueError, OSError, AssertionError) as error:
            result = Result(False, f"{check.__name__}: {type(error).__name__}: {error}")
        well = well and result.well
        say(f"{'ok  ' if result.well else 'BAD '} {result.text}")
    return well


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
