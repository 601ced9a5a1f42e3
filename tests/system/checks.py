"""What an installed mat must survive, tried in a booted Debian: rows of the fault table."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.system import prepared
from tests.system.container import Container
from tests.system.installed import COMMAND, CONNECTED, FETCH, FRAMES, SERVED, VENV, Mat

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
OFFLINE = "PIP_NO_INDEX=1 PIP_FIND_LINKS=/root/wheels"
IDLE_S = 120.0
DAY_S = 86_400
MOST_IDLE_BYTES = 5_000_000
HERE = "https://127.0.0.1"
FROM_THE_NETWORK = {
    f"GET {HERE}/trainer mat.local": ("200", "302", "303", "308"),
    f"GET {HERE}/trainer/login mat.local": ("200", "302", "303"),
    f"GET {HERE}/ mat.local": ("302",),
    f"GET {HERE}/stream mat.local": ("404",),
    f"POST {HERE}/control/start mat.local": ("404",),
    f"POST {HERE}/trainer/../control/start mat.local": ("404",),
    f"POST {HERE}/trainer/%2e%2e/control/start mat.local": ("404",),
    f"POST {HERE}/sound/on mat.local": ("404",),
    f"GET {HERE}/trainer localhost": ("421",),
    "GET http://127.0.0.1/trainer mat.local": ("302",),
    "GET http://127.0.0.1/pronemat-ca.crt mat.local": ("200",),
}
"""What is asked through the proxy, and how it may be answered."""


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    well: bool
    text: str


Check = Callable[[Mat], Result]


def starts(mat: Mat) -> Result:
    took_s = mat.well()
    return Result(took_s < 60, f"page served and frames {took_s:.1f} s after systemd answered")


def kiosk_starts(mat: Mat) -> Result:
    took_s = mat.until(CONNECTED)
    return Result(took_s < 60, f"cage and Chromium show the page {took_s:.1f} s later")


def installs_again(mat: Mat) -> Result:
    said = mat.says("/root/pronemat/systemd/install --no-hardware")
    well = "it runs" in said and "building" not in said and "Debian packages" not in said
    return Result(well, f"a second install without a network changes nothing: {said!r}")


def verifies(mat: Mat) -> Result:
    units = "pronemat.target /etc/systemd/system/pronemat-*.service"
    said = mat.says(f"systemd-analyze verify --man=no {units}")
    return Result("pronemat" not in said, f"systemd-analyze verify, installed: {said or 'clean'}")


def killed(unit: str, restored: str) -> Check:
    def check(mat: Mat) -> Result:
        before = mat.main_pid(unit)
        mat.says(f"kill -9 {before}; until ! [ -e /proc/{before} ]; do sleep 0.1; done")
        took_s = mat.until(f"systemctl -q is-active {unit} && {restored}")
        well = took_s < 30 and mat.main_pid(unit) not in (before, "0")
        return Result(well, f"kill -9 of {unit}: back after {took_s:.1f} s")

    return check


def hung(mat: Mat) -> Result:
    before = mat.main_pid("pronemat-device")
    mat.says(f"kill -STOP {before}")
    killed_s = mat.until(f"! [ -e /proc/{before} ]")
    took_s = killed_s + mat.well()
    said = mat.says("journalctl -u pronemat-device --no-pager | grep -c 'Watchdog timeout'")
    well = killed_s < 10 and took_s < 30 and said != "0"
    text = f"a hung daemon is killed after {killed_s:.1f} s, all is well after {took_s:.1f} s"
    return Result(well, text)


KILL_RENDERERS = """for command in /proc/[0-9]*/cmdline; do
    process=${command#/proc/}
    tr '\\0' ' ' < "$command" 2> /dev/null | grep -q -- '--type=renderer' &&
        kill -9 "${process%/cmdline}"
done"""


def page_crashes(mat: Mat) -> Result:
    """The page's renderer dies ("Aw, Snap!") and the browser lives on."""
    mat.until(CONNECTED)
    restarts = "systemctl show -p NRestarts --value pronemat-kiosk"
    before = mat.says(restarts)
    mat.says(KILL_RENDERERS)
    noticed_s = mat.until(f'[ "$({restarts})" != {before} ]')
    took_s = noticed_s + mat.until(CONNECTED)
    text = f"a crashed page is noticed after {noticed_s:.1f} s and shown after {took_s:.1f} s"
    return Result(took_s < 60, text)


def pages_are_away(mat: Mat) -> Result:
    mat.says("systemctl stop pronemat-web; systemctl restart pronemat-kiosk; sleep 15")
    waits = mat.says("systemctl show pronemat-kiosk -p StatusText")
    mat.says("systemctl start pronemat-web")
    took_s = mat.until(CONNECTED)
    well = "not served" in waits and took_s < 15
    return Result(well, f"a browser that waits has the page {took_s:.1f} s after it is back")


def network_sees_the_dashboard_alone(mat: Mat) -> Result:
    mat.until("systemctl -q is-active pronemat-proxy")
    got = mat.python(FETCH, *FROM_THE_NETWORK).split()
    if len(got) != len(FROM_THE_NETWORK):
        return Result(False, f"through the proxy: {got}")
    wrong = [
        f"{line} gave {code}"
        for (line, allowed), code in zip(FROM_THE_NETWORK.items(), got, strict=True)
        if code not in allowed
    ]
    return Result(not wrong, f"through the proxy: {wrong or 'the dashboard and nothing else'}")


def web_is_caged(mat: Mat) -> Result:
    as_web = "setpriv --reuid=pronemat --regid=pronemat --init-groups"
    inside = f"nsenter -t {mat.main_pid('pronemat-web')} -m {as_web}"
    data = mat.true(f"{inside} touch /var/lib/pronemat/scratch")
    wrote = [
        place
        for place in ("/var/lib/pronemat/calibrations", "/etc", "/opt/pronemat", "/usr", "/boot")
        if mat.true(f"{inside} touch {place}/forged")
    ]
    devices = mat.says(f"{inside} ls /dev").split()
    seen = [name for name in devices if name.startswith(("i2c", "gpio", "mem", "vd", "sd"))]
    mat.says("rm -f /var/lib/pronemat/scratch")
    text = f"web may write members: {data}; elsewhere: {wrote or 'no'}; devices: {seen or 'none'}"
    return Result(data and not wrote and not seen, text)


def maintainer(mat: Mat) -> str:
    """What the page says to the maintainer."""
    answer = json.loads(mat.python(COMMAND, '{"command": "snapshot"}'))
    return " ".join(answer["maintainer"])[:300]


RESTART = "systemctl restart --no-block pronemat-device pronemat-web"
STOP = "systemctl stop pronemat-device pronemat-safe pronemat-web pronemat-web-safe"
START = "systemctl start --no-block pronemat-device pronemat-web"


def settings_break(mat: Mat) -> Result:
    file = "/etc/pronemat/pronemat.toml"
    mat.says(f"cp {file} /root/kept; echo 'prot = 1' >> {file}; {RESTART}")
    took_s = mat.until(f"systemctl -q is-active pronemat-safe pronemat-web-safe && {SERVED}")
    said = maintainer(mat)
    mat.says(f"cp /root/kept {file}; {START}")
    back_s = mat.well()
    well = took_s < 90 and "line 5: unknown key 'prot'" in said and back_s < 30
    text = f"broken settings: safe mode after {took_s:.1f} s, well {back_s:.1f} s after the remedy"
    return Result(well, f"{text}; it says {said!r}")


def database_breaks(mat: Mat) -> Result:
    mat.says(
        f"{STOP}; cd /var/lib/pronemat; mkdir -p /root/db; mv pronemat.db* /root/db/; "
        "head -c 100000 /dev/urandom > pronemat.db; chown pronemat: pronemat.db; "
        f"md5sum /var/lib/pronemat/pronemat.db > /root/sum; {START}"
    )
    took_s = mat.until(f"systemctl -q is-active pronemat-safe && {SERVED}")
    said = maintainer(mat)
    untouched = mat.true("md5sum -c /root/sum --status")
    mat.says(f"{STOP}; cd /var/lib/pronemat; rm -f pronemat.db*; mv /root/db/* .; {START}")
    back_s = mat.well()
    well = took_s < 90 and "is damaged" in said and untouched and back_s < 30
    text = f"damaged database: safe mode after {took_s:.1f} s, well {back_s:.1f} s after the remedy"
    return Result(well, f"{text}, left as it was: {untouched}; it says {said!r}")


def saves(mat: Mat) -> Result:
    mat.says("systemctl start pronemat-backup")
    state = mat.says("systemctl show -p Result --value pronemat-backup")
    timer = mat.says("systemctl is-active pronemat-backup.timer")
    files = mat.says("ls /var/lib/pronemat/backups").split()
    well = (state, timer, len(files)) == ("success", "active", 2)
    return Result(well, f"backup: {state}, {files}; its timer is {timer}")


WRITTEN = """for unit in device web proxy kiosk doctor; do
    for group in /sys/fs/cgroup/system.slice /sys/fs/cgroup/*/system.slice; do
        cat $group/pronemat-$unit.service/cgroup.procs 2> /dev/null
    done
done | sort -u | while read -r process; do
    awk '/^write_bytes/ { print $2 }' "/proc/$process/io" 2> /dev/null
done | awk '{ sum += $1; count += 1 } END { print count + 0, sum + 0 }'"""


def writes_little(mat: Mat) -> Result:
    """Bytes that all our processes hand to the disk while nobody exercises, and while one does."""
    mat.says("systemctl stop pronemat-backup.timer")
    get_up, go_on = (json.dumps({"command": "member", "do": do}) for do in ("get_up", "script"))

    def per_day() -> float:
        _, before = map(int, mat.says(WRITTEN).split())
        time.sleep(IDLE_S)
        count, after = map(int, mat.says(WRITTEN).split())
        assert count > 2, "whose writing is to be measured?"
        return (after - before) * DAY_S / IDLE_S

    mat.python(COMMAND, get_up, '{"command": "stop"}')
    time.sleep(20)
    idle = per_day()
    mat.python(COMMAND, go_on)
    busy = per_day()
    text = f"written to the disk: {idle / 1e6:.2f} MB a day idle, {busy / 1e6:.0f} MB in use"
    return Result(idle < MOST_IDLE_BYTES, f"{text} without a pause ({busy / 24e6:.2f} MB an hour)")


def update_fails(mat: Mat) -> Result:
    mat.says(
        "cp -r /root/pronemat /root/newer; cd /root/newer; "
        "sed -i 's/^__version__ = .*/__version__ = \"9.9.9\"/' device/__init__.py; "
        "sed -i '1i raise SystemExit(3)' device/daemon.py"
    )
    before = mat.says("readlink /opt/pronemat/current")
    said = mat.says(f"cd /root/newer; {OFFLINE} PRONEMAT_HEALTHY_WITHIN_S=20 systemd/update")
    back = mat.says("readlink /opt/pronemat/current") == before
    took_s = mat.well()
    well = back and "went back" in said and took_s < 30
    return Result(well, f"an update that does not come up is undone: {said.splitlines()[-1:]}")


def update_works(mat: Mat) -> Result:
    mat.says(
        "cd /root/newer; sed -i 1d device/daemon.py; sed -i 's/9.9.9/9.9.8/' device/__init__.py"
    )
    said = mat.says(f"cd /root/newer; {OFFLINE} systemd/update")
    version = mat.says("/usr/local/bin/pronemat --version")
    well = "updated to 9.9.8" in said and "9.9.8" in version
    return Result(well, f"an update that works: {said.splitlines()[-1:]}")


def is_removed(mat: Mat) -> Result:
    kept = mat.says(
        "/root/pronemat/systemd/install --uninstall; ls /var/lib/pronemat /etc/pronemat; "
        "ls -d /opt/pronemat; systemctl list-unit-files --no-legend 'pronemat*'"
    )
    purged = mat.says(
        "/root/pronemat/systemd/install --uninstall --purge; "
        "ls -d /var/lib/pronemat /etc/pronemat; id pronemat"
    )
    well = "pronemat.db" in kept and "pronemat.toml" in kept and "pronemat-device" not in kept
    well = well and purged.count("No such file") == 2 and "no such user" in purged
    return Result(well, f"--uninstall keeps the data, --purge none: {well or (kept, purged)}")


CHECKS: tuple[Check, ...] = (
    starts,
    kiosk_starts,
    installs_again,
    verifies,
    killed("pronemat-device", FRAMES),
    killed("pronemat-web", SERVED),
    killed("pronemat-proxy", "true"),
    killed("pronemat-kiosk", CONNECTED),
    hung,
    page_crashes,
    pages_are_away,
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


def check_all(work: Path, suite: str) -> bool:
    """Install it into a bare system, boot that without a network, and try everything."""
    root = prepared.fresh(work, suite, "checked")
    begun_s = time.monotonic()
    prepared.inside(root, "/root/pronemat/systemd/install", "--no-hardware")
    say(f"installed into a bare Debian {suite} in {time.monotonic() - begun_s:.0f} s")
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
        return try_all(Mat(box))
    finally:
        box.end()


def try_all(mat: Mat) -> bool:
    """Every check, each with a line of the report; True if all are well."""
    well = True
    for check in CHECKS:
        try:
            result = check(mat)
        except (subprocess.SubprocessError, ValueError, OSError, AssertionError) as error:
            name = getattr(check, "__name__", "check")
            result = Result(False, f"{name}: {type(error).__name__}: {error}")
        well = well and result.well
        say(f"{'ok  ' if result.well else 'BAD '} {result.text}")
    return well


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
