"""A kernel that hangs, and the watchdog chip that starts the machine anew.

A whole machine in qemu, with an Intel 6300ESB in place of the Pi's chip: what is proved is that
systemd with our settings opens the first watchdog it finds, feeds it, and has it count 15 s.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from tests.system import prepared
from tests.system.machine import BOOT_WITHIN_S, Machine

COUNTS_S = 15.0
FEEDS_TWICE = 2
"""systemd feeds it twice in that time, so the chip has at least half of it left when all stops."""
SLACK_S = 10.0
"""An emulated machine beside other work is slow to notice."""
WATCHED_S = 40
"""The machine lives on for this long, with a chip that would have ended it meanwhile."""
TROUBLE = f"""[Unit]
After=basic.target
[Service]
StandardOutput=file:/dev/ttyS0
ExecStart=/bin/sh -c 'systemctl show -p RuntimeWatchdogUSec; \\
    cat /sys/class/watchdog/watchdog0/identity /sys/class/watchdog/watchdog0/timeout; \\
    sleep {WATCHED_S}; echo it lived; echo c > /proc/sysrq-trigger'
[Install]
WantedBy=multi-user.target
"""
"""A crash with panic=0: the kernel stands still for ever."""
CHIP = ("-device", "i6300esb", "-action", "watchdog=reset")


def disk_that_hangs(work: Path, suite: str, chip_driver: str = "i6300esb") -> Path:
    """A bare system with our settings of the watchdog, and a unit that crashes the kernel."""
    root = work / "hanging"
    shutil.rmtree(root, ignore_errors=True)
    prepared.run("cp", "-a", "--reflink=auto", prepared.bare(work, suite), root)
    etc = root / "etc"
    conf = etc / "systemd" / "system.conf.d"
    conf.mkdir(parents=True)
    shutil.copy(prepared.SOURCE / "systemd" / "etc" / "watchdog.conf", conf / "pronemat.conf")
    (etc / "modules-load.d" / "chip.conf").write_text(f"{chip_driver}\n", encoding="utf-8")
    (etc / "systemd" / "system" / "trouble.service").write_text(TROUBLE, encoding="utf-8")
    prepared.run("systemctl", "--quiet", f"--root={root}", "enable", "trouble.service")
    image, disk = work / "hanging.img", work / "hanging.qcow2"
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(prepared.DISK_BYTES)
    prepared.run("mkfs.ext4", "-q", "-d", root, image)
    prepared.run("qemu-img", "convert", "-O", "qcow2", image, disk)
    image.unlink()
    return disk


def hang(work: Path, suite: str, port: int) -> bool:
    """True if the chip ends a machine whose kernel stands still, and none that lives."""
    disk = disk_that_hangs(work, suite)
    boot = work / "hanging" / "boot"
    kernel, initrd = next(boot.glob("vmlinuz*")), next(boot.glob("initrd*"))
    box = Machine(disk, kernel, initrd, port, CHIP, at_a_panic=0)
    box.log.unlink(missing_ok=True)
    box.power_on()
    try:
        lived = _said(box, "it lived", BOOT_WITHIN_S)
        crashed = lived and _said(box, "Trigger a crash", COUNTS_S)
        begun_s = time.monotonic()
        ended = crashed and box.ends(COUNTS_S + SLACK_S)
        took_s = time.monotonic() - begun_s
    finally:
        box.cut()
    log = box.log.read_text(encoding="utf-8", errors="replace")
    set_so = "RuntimeWatchdogUSec=15s" in log and "\n15" in log.replace("\r", "")
    well = ended and set_so and took_s > COUNTS_S / FEEDS_TWICE - 1.0
    sys.stdout.write(
        f"{'ok  ' if well else 'BAD '} a machine with a watchdog of {COUNTS_S:.0f} s lived for "
        f"{WATCHED_S} s: {lived}; its kernel hung: {crashed}; started anew by the chip: {ended}, "
        f"{took_s:.1f} s later\n"
    )
    return well


def _said(box: Machine, words: str, within_s: float) -> bool:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if box.log.exists() and words in box.log.read_text(encoding="utf-8", errors="replace"):
            return True
        time.sleep(0.1)
    return False
