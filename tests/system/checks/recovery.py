"""What dies, hangs or goes away, and comes back by itself."""

from __future__ import annotations

import time

from tests.system.installed import CONNECTED, Check, Mat, Result


def starts(mat: Mat) -> Result:
    took_s = mat.well()
    return Result(took_s < 60, f"page served and frames {took_s:.1f} s after systemd answered")


def kiosk_starts(mat: Mat) -> Result:
    took_s = mat.until(CONNECTED)
    return Result(took_s < 60, f"cage and Chromium show the page {took_s:.1f} s later")


def killed(unit: str, restored: str) -> Check:
    def check(mat: Mat) -> Result:
        before = mat.main_pid(unit)
        mat.says(f"kill -9 {before}; until ! [ -e /proc/{before} ]; do sleep 0.1; done")
        took_s = mat.until(f"systemctl -q is-active {unit} && {restored}")
        well = took_s < 30 and mat.main_pid(unit) not in (before, "0")
        return Result(well, f"kill -9 of {unit}: back after {took_s:.1f} s")

    check.__name__ = f"killed {unit}"
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


RESTARTS = "systemctl show -p NRestarts --value pronemat-kiosk"
KILL_RENDERERS = """for command in /proc/[0-9]*/cmdline; do
    process=${command#/proc/}
    tr '\\0' ' ' < "$command" 2> /dev/null | grep -q -- '--type=renderer' &&
        kill -9 "${process%/cmdline}"
done"""


def page_crashes(mat: Mat) -> Result:
    """The page's renderer dies ("Aw, Snap!") and the browser lives on."""
    mat.until(CONNECTED)
    before = mat.says(RESTARTS)
    mat.says(KILL_RENDERERS)
    noticed_s = mat.until(f'[ "$({RESTARTS})" != {before} ]')
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


AS_KIOSK = (
    "setpriv --reuid=pronemat-kiosk --regid=pronemat-kiosk --init-groups "
    "env XDG_RUNTIME_DIR=/run/pronemat-kiosk WAYLAND_DISPLAY=wayland-0"
)
PULLED_S = 30.0
"""Twice as long as a page that hears nothing is left alone."""


def screen_pulled(mat: Mat) -> Result:
    """The compositor's only screen goes while it runs, and comes back."""
    mat.until(CONNECTED)
    before = mat.says(RESTARTS)
    said = mat.says(f"{AS_KIOSK} wlr-randr --output HEADLESS-1 --off")
    if "doesn't support" in said:
        return Result(True, "a pulled screen: NOT TRIED, this cage lets nobody take it away")
    gone = "Enabled: no" in mat.says(f"{AS_KIOSK} wlr-randr")
    time.sleep(PULLED_S)
    heard = mat.says("systemctl show pronemat-kiosk -p StatusText --value")
    mat.says(f"{AS_KIOSK} wlr-randr --output HEADLESS-1 --on")
    there = "Enabled: yes" in mat.says(f"{AS_KIOSK} wlr-randr")
    well = gone and there and "is connected" in heard and mat.says(RESTARTS) == before
    text = (
        f"after {PULLED_S:.0f} s without its screen {heard}; the browser lived through it: {well}"
    )
    return Result(well, f"{text} {said}")


NO_SCREEN = "/run/systemd/system/pronemat-kiosk.service.d"


def no_screen_at_the_start(mat: Mat) -> Result:
    """Switched on before its screen: tried again and again, and there by itself when that is."""
    mat.says(
        f"mkdir -p {NO_SCREEN}; "
        f"printf '[Service]\\nEnvironment=WLR_HEADLESS_OUTPUTS=0\\n' > {NO_SCREEN}/95.conf; "
        "systemctl daemon-reload; systemctl restart pronemat-kiosk"
    )
    before = mat.says(RESTARTS)
    again_s = mat.until(f'[ "$({RESTARTS})" != {before} ]')
    mat.says(f"rm -r {NO_SCREEN}; systemctl daemon-reload")
    took_s = mat.until(CONNECTED)
    text = f"no screen at the start: tried anew after {again_s:.0f} s; plugged in, it has the page"
    return Result(again_s < 60 and took_s < 70, f"{text} after {took_s:.1f} s")
