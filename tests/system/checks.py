"""What an installed mat must survive, tried in a booted Debian: each check is a row of the fault table."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.system import prepared
from tests.system.container import Container

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
VENV = "/opt/pronemat/current/venv/bin"
GET = (
    VENV
    + """/python -P - "$@" <<'PYTHON'
import ssl, sys
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener, HTTPSHandler
class Stay(HTTPRedirectHandler):
    def redirect_request(self, *args): return None
context = ssl._create_unverified_context()
for line in sys.argv[1:]:
    method, url, *host = line.split()
    request = Request(url, method=method, headers={"Host": host[0]} if host else {})
    try:
        answer = build_opener(Stay, HTTPSHandler(context=context)).open(request, timeout=20)
        print(answer.status)
    except HTTPError as error:
        print(error.code)
PYTHON
"""
)
SERVED = "exec 3<>/dev/tcp/127.0.0.1/8460 && printf 'GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ s _ <&3 && [[ $s == 200 ]]"
FRAMES = "/opt/pronemat/current/systemd/healthy"
CONNECTED = "systemctl show pronemat-kiosk -p StatusText | grep -q 'page is connected'"
WITHIN_S = 180.0
IDLE_S = 120.0
DAY_S = 86_400
MOST_IDLE_BYTES = 5_000_000


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    well: bool
    text: str


class Mat:
    """The installed system, with what is asked of it again and again."""

    def __init__(self, box: Container) -> None:
        self.box = box

    def says(self, script: str) -> str:
        return self.box.run(script).strip()

    def true(self, script: str) -> bool:
        return self.says(f"if {{ {script}; }} > /dev/null 2>&1; then echo yes; fi") == "yes"

    def until(self, script: str) -> float:
        """Seconds until a condition of the shell holds; infinite if it does not in time."""
        begun_s = time.monotonic()
        while time.monotonic() - begun_s < WITHIN_S:
            if self.true(script):
                return time.monotonic() - begun_s
            time.sleep(0.1)
        return float("inf")

    def well(self) -> float:
        """Seconds until daemon and page are as they should be."""
        return self.until(f"systemctl -q is-active pronemat-device pronemat-web && {FRAMES}")

    def main_pid(self, unit: str) -> str:
        return self.says(f"systemctl show -p MainPID --value {unit}")


Check = Callable[[Mat], Result]


def starts(mat: Mat) -> Result:
    took_s = mat.well()
    return Result(took_s < 60, f"page served and frames {took_s:.1f} s after systemd answered")


def kiosk_starts(mat: Mat) -> Result:
    took_s = mat.until(CONNECTED)
    return Result(took_s < 60, f"cage and Chromium show the page, {took_s:.1f} s later")


def installs_again(mat: Mat) -> Result:
    said = mat.says("/root/pronemat/systemd/install --no-hardware")
    well = "it runs" in said and "building" not in said and "Debian packages" not in said
    return Result(well, f"a second install without a network changes nothing: {said!r}")


def verifies(mat: Mat) -> Result:
    said = mat.says(
        "systemd-analyze verify --man=no pronemat.target /etc/systemd/system/pronemat-*.service"
    )
    return Result(
        "pronemat" not in said, f"systemd-analyze verify of the installed units: {said or 'clean'}"
    )


def killed(unit: str, restored: str) -> Check:
    def check(mat: Mat) -> Result:
        before = mat.main_pid(unit)
        mat.says(f"kill -9 {before}")
        took_s = mat.until(
            f'[ "$(systemctl show -p MainPID --value {unit})" != {before} ] && {restored}'
        )
        return Result(took_s < 30, f"kill -9 of {unit}: back after {took_s:.1f} s")

    return check


def hung(mat: Mat) -> Result:
    before = mat.main_pid("pronemat-device")
    mat.says(f"kill -STOP {before}")
    killed_s = mat.until(f"! [ -e /proc/{before} ]")
    took_s = killed_s + mat.well()
    said = mat.says("journalctl -u pronemat-device --no-pager | grep -c 'Watchdog timeout'")
    well = killed_s < 10 and took_s < 30 and said != "0"
    return Result(
        well, f"a hung daemon is killed after {killed_s:.1f} s and well after {took_s:.1f} s"
    )


def page_crashes(mat: Mat) -> Result:
    mat.until(CONNECTED)
    # The page's renderer, as a crash of it ("Aw, Snap!"): the browser itself lives on.
    mat.says("pkill -9 -f -- --type=renderer; sleep 6")
    lost = not mat.true(CONNECTED)
    took_s = 6 + mat.until(CONNECTED)
    return Result(
        lost and took_s < 90, f"a crashed page is noticed, and shown again after {took_s:.1f} s"
    )


def pages_are_away(mat: Mat) -> Result:
    mat.says("systemctl stop pronemat-web; systemctl restart pronemat-kiosk; sleep 15")
    restarts = mat.says("systemctl show -p NRestarts --value pronemat-kiosk")
    waits = mat.says("systemctl show pronemat-kiosk -p StatusText")
    mat.says("systemctl start pronemat-web")
    took_s = mat.until(CONNECTED)
    well = "not served" in waits and took_s < 15
    return Result(
        well,
        f"without pages the browser waits ({restarts} restarts); shown {took_s:.1f} s after they are back",
    )


def network_sees_the_dashboard_alone(mat: Mat) -> Result:
    here = "https://127.0.0.1"
    asked = {
        f"GET {here}/trainer mat.local": ("200", "302", "303", "308"),
        f"GET {here}/ mat.local": ("302",),
        f"GET {here}/stream mat.local": ("404",),
        f"POST {here}/control/start mat.local": ("404",),
        f"POST {here}/trainer/../control/start mat.local": ("404",),
        f"POST {here}/trainer/%2e%2e/control/start mat.local": ("404",),
        f"POST {here}/sound/on mat.local": ("404",),
        f"GET {here}/trainer localhost": ("421",),
        "GET http://127.0.0.1/trainer mat.local": ("302",),
        "GET http://127.0.0.1/pronemat-ca.crt mat.local": ("200",),
    }
    mat.until("systemctl -q is-active pronemat-proxy")
    arguments = " ".join(f"'{line}'" for line in asked)
    got = mat.says(f"set -- {arguments}\n{GET}").split()
    wrong = [
        f"{line} gave {code}"
        for (line, allowed), code in zip(asked.items(), got, strict=False)
        if code not in allowed
    ]
    well = not wrong and len(got) == len(asked)
    return Result(
        well, f"through the proxy: {'the dashboard and nothing else' if well else wrong or got}"
    )


def web_is_caged(mat: Mat) -> Result:
    inside = f"nsenter -t {mat.main_pid('pronemat-web')} -m setpriv --reuid=pronemat --regid=pronemat --init-groups"
    wrote = mat.true(f"{inside} touch /var/lib/pronemat/calibrations/forged")
    data = mat.true(f"{inside} touch /var/lib/pronemat/scratch && rm /var/lib/pronemat/scratch")
    system = mat.true(f"{inside} touch /etc/forged /opt/forged /boot/forged")
    devices = mat.says(f"{inside} ls /dev").split()
    well = (
        data
        and not wrote
        and not system
        and not any(d.startswith(("i2c", "gpio", "mem")) for d in devices)
    )
    return Result(
        well,
        f"web writes members (yes: {data}), no calibration ({wrote}), no system file ({system})",
    )


def settings_break(mat: Mat) -> Result:
    mat.says(
        "cp /etc/pronemat/pronemat.toml /root/kept; echo 'prot = 1' >> /etc/pronemat/pronemat.toml"
    )
    mat.says("systemctl restart --no-block pronemat-device pronemat-web")
    took_s = mat.until(f"systemctl -q is-active pronemat-safe pronemat-web-safe && {SERVED}")
    said = mat.says(ASK_MAINTAINER)
    mat.says(
        "cp /root/kept /etc/pronemat/pronemat.toml; systemctl start --no-block pronemat-device pronemat-web"
    )
    back_s = mat.well()
    well = took_s < 60 and "line 5: unknown key 'prot'" in said and back_s < 30
    return Result(
        well,
        f"broken settings: safe mode after {took_s:.1f} s says {said!r}; mended: well after {back_s:.1f} s",
    )


ASK_MAINTAINER = (
    VENV
    + """/python -P - <<'PYTHON'
from device.stream.client import StreamClient
answer = StreamClient("ipc:///run/pronemat/stream").command({"command": "snapshot"}, 10.0)
print(" ".join(answer["maintainer"])[:400])
PYTHON"""
)


def database_breaks(mat: Mat) -> Result:
    mat.says(
        "systemctl stop pronemat-device pronemat-web; cd /var/lib/pronemat; mkdir -p /root/db; mv pronemat.db* /root/db/;"
        "head -c 100000 /dev/urandom > pronemat.db; chown pronemat: pronemat.db; md5sum pronemat.db > /root/sum;"
        "systemctl start --no-block pronemat-device pronemat-web"
    )
    took_s = mat.until(f"systemctl -q is-active pronemat-safe && {SERVED}")
    said = mat.says(ASK_MAINTAINER)
    untouched = mat.true("md5sum -c /root/sum --status")
    mat.says(
        "systemctl stop pronemat-safe pronemat-web pronemat-web-safe; cd /var/lib/pronemat; rm -f pronemat.db*; mv /root/db/* .;"
        "systemctl start --no-block pronemat-device pronemat-web"
    )
    back_s = mat.well()
    well = took_s < 90 and "is damaged" in said and untouched and back_s < 30
    return Result(
        well,
        f"damaged database: safe mode after {took_s:.1f} s says {said!r}; file untouched: {untouched}; well again after {back_s:.1f} s",
    )


def saves(mat: Mat) -> Result:
    mat.says("systemctl start pronemat-backup")
    state = mat.says(
        "systemctl show -p Result --value pronemat-backup; systemctl show -p ActiveState --value pronemat-backup.timer"
    ).split()
    files = mat.says(
        "find /var/lib/pronemat -newer /root/sum -type f -name '*backup*' -o -path '*backups/*' -type f | head -3"
    )
    return Result(
        state == ["success", "active"] and bool(files),
        f"nightly backup: {state[0]}, {files.split()}",
    )


def writes_little(mat: Mat) -> Result:
    """Bytes handed to the disk by every process of ours while nobody exercises."""
    mat.says("systemctl stop pronemat-backup.timer")
    # The simulated member would train: an empty mat is what idle means.
    mat.says(
        f'{VENV}/python -P -c \'from device.stream.client import StreamClient; c = StreamClient("ipc:///run/pronemat/stream"); c.command({{"command": "stop"}}, 5.0); c.command({{"command": "member", "do": "get_up"}}, 5.0)\''
    )
    total = "for u in device web proxy kiosk; do for p in $(cat /sys/fs/cgroup/system.slice/pronemat-$u.service/cgroup.procs 2>/dev/null || pgrep -f pronemat-$u); do awk '/^write_bytes/ {print $2}' /proc/$p/io; done; done | awk '{s += $1} END {print s + 0}'"
    time.sleep(20)
    before = int(mat.says(total))
    time.sleep(IDLE_S)
    wrote = int(mat.says(total)) - before
    day = wrote * DAY_S / IDLE_S
    return Result(
        day < MOST_IDLE_BYTES,
        f"idle, {wrote} bytes to the disk in {IDLE_S:g} s: {day / 1e6:.2f} MB a day",
    )


def update_fails(mat: Mat) -> Result:
    mat.says(
        "rm -rf /root/newer; cp -r /root/pronemat /root/newer; cd /root/newer; sed -i 's/__version__ = .*/__version__ = \"9.9.9\"/' device/__init__.py; sed -i '1i raise SystemExit(3)' device/daemon.py"
    )
    before = mat.says("readlink /opt/pronemat/current")
    # The new release is built from what pip has kept: no network.
    said = mat.says(f"cd /root/newer; {OFFLINE} PRONEMAT_HEALTHY_WITHIN_S=20 systemd/update")
    back = mat.says("readlink /opt/pronemat/current") == before
    took_s = mat.well()
    return Result(
        back and "went back" in said and took_s < 30,
        f"an update that does not come up is undone: {said.splitlines()[-1:]}, well: {took_s:.1f} s",
    )


def update_works(mat: Mat) -> Result:
    mat.says(
        "cd /root/newer; sed -i 1d device/daemon.py; sed -i 's/9.9.9/9.9.8/' device/__init__.py"
    )
    said = mat.says(f"cd /root/newer; {OFFLINE} systemd/update")
    version = mat.says("pronemat --version")
    return Result(
        "updated to 9.9.8" in said and "9.9.8" in version,
        f"an update that works: {said.splitlines()[-1:]}",
    )


def is_removed(mat: Mat) -> Result:
    kept = mat.says(
        "/root/pronemat/systemd/install --uninstall; ls /var/lib/pronemat /etc/pronemat; ls -d /opt/pronemat; ls /etc/systemd/system | grep pronemat; systemctl list-units 'pronemat*' --all --no-legend"
    )
    purged = mat.says(
        "/root/pronemat/systemd/install --uninstall --purge; ls -d /var/lib/pronemat /etc/pronemat; id pronemat"
    )
    well = "pronemat.db" in kept and "pronemat.toml" in kept and "pronemat-device" not in kept
    well = well and purged.count("No such file") == 2 and "no such user" in purged
    return Result(well, f"--uninstall keeps the data, --purge nothing: {well or (kept, purged)}")


OFFLINE = "PIP_NO_INDEX=1 PIP_FIND_LINKS=/root/wheels"

CHECKS: tuple[Check, ...] = (
    starts,
    kiosk_starts,
    installs_again,
    verifies,
    killed("pronemat-device", FRAMES),
    killed("pronemat-web", SERVED),
    killed("pronemat-proxy", "systemctl -q is-active pronemat-proxy"),
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
    print(f"installed into a bare Debian {suite} in {time.monotonic() - begun_s:.0f} s", flush=True)
    # For the update, which is tried without a network as well.
    pip = f"{VENV}/pip download --quiet --dest /root/wheels --require-hashes -r /opt/pronemat/current/requirements.txt"
    prepared.inside(root, "bash", "-c", pip)
    drop_in = root / "etc" / "systemd" / "system" / "pronemat-kiosk.service.d"
    drop_in.mkdir()
    (drop_in / "90-headless.conf").write_text(HEADLESS, encoding="utf-8")
    box = Container(root)
    well = True
    try:
        box.power_on()
        box.wait_for_shell()
        for check in CHECKS:
            try:
                result = check(Mat(box))
            except (subprocess.SubprocessError, ValueError, OSError) as error:
                name = getattr(check, "__name__", "check")
                result = Result(False, f"{name}: {type(error).__name__}: {error}")
            well = well and result.well
            print(f"{'ok  ' if result.well else 'BAD '} {result.text}", flush=True)
    finally:
        box.end()
    return well
