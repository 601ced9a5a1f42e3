"""What each part may not do: be reached, write, wear out the card."""

from __future__ import annotations

import json
import time

from tests.system.installed import COMMAND, FETCH, Mat, Result

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


def verifies(mat: Mat) -> Result:
    units = "pronemat.target /etc/systemd/system/pronemat-*.service"
    said = mat.says(f"systemd-analyze verify --man=no {units}")
    return Result("pronemat" not in said, f"systemd-analyze verify, installed: {said or 'clean'}")


WATCHDOG = "/etc/systemd/system.conf.d/pronemat.conf"


def watchdog_is_set(mat: Mat) -> Result:
    """Where there is a Pi's watchdog, systemd would feed it: what the manager makes of our file."""
    mat.says(
        f"install -D -m 644 /opt/pronemat/current/systemd/etc/watchdog.conf {WATCHDOG}; "
        "systemctl daemon-reexec"
    )
    names = ("RuntimeWatchdogUSec", "RebootWatchdogUSec", "DefaultTimeoutStopUSec")
    got = mat.says(f"systemctl show --value -p {' -p '.join(names)}").split()
    mat.says(f"rm {WATCHDOG}; systemctl daemon-reexec")
    well = sorted(got) == ["15s", "20s", "2min"]
    return Result(well, f"systemd takes {WATCHDOG}: {' '.join(got)}")


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
