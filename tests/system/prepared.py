"""Debian systems to try the installation in: bare, installed, and installed on a disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parents[2]
MIRROR = "http://deb.debian.org/debian"
BARE_PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,python3,ca-certificates,"
    "linux-image-amd64,initramfs-tools,iproute2"
)
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
DISK_BYTES = 3 << 30

AGENT_SOCKET = """[Socket]
ListenStream=7000
Accept=yes
[Install]
WantedBy=sockets.target
"""
AGENT = """[Service]
ExecStart=-/bin/bash
StandardInput=socket
StandardOutput=socket
StandardError=socket
"""
NETWORK = """[Unit]
ConditionVirtualization=vm
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link set eth0 up; ip address add 10.0.2.15/24 dev eth0'
[Install]
WantedBy=basic.target
"""
PROBE = """[Unit]
Description=says when the page is served
DefaultDependencies=no
After=local-fs.target
[Service]
ExecStart=/usr/local/bin/page-probe
[Install]
WantedBy=sysinit.target
"""
PROBE_SCRIPT = """#!/bin/bash
# Microseconds since the kernel began, when the page was answered for the first time.
ask='GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n'
until exec 3<>/dev/tcp/127.0.0.1/8460 && printf "$ask" >&3 &&
    read -r _ status _ <&3 && [[ $status == 200 ]]; do sleep 0.1; done 2> /dev/null
read -r seconds _ < /proc/uptime
echo "${seconds/./}0000" > /run/page-served
"""


def run(*command: str | Path, **more: str) -> None:
    subprocess.run(command, check=True, env=os.environ | more)


def bare(work: Path, suite: str) -> Path:
    """A bare Debian, made once."""
    root = work / f"bare-{suite}"
    if not root.exists():
        beside = root.with_name(root.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        options = ["--quiet", "--variant=minbase", f"--include={BARE_PACKAGES}"]
        run("mmdebstrap", *options, suite, beside, MIRROR)
        (beside / "etc" / "fstab").write_text("", encoding="utf-8")
        (beside / "etc" / "hostname").write_text("mat\n", encoding="utf-8")
        beside.replace(root)
    return root


def fresh(work: Path, suite: str, name: str) -> Path:
    """A copy of the bare system with this source tree, as committed, in /root/pronemat."""
    root = work / name
    shutil.rmtree(root, ignore_errors=True)
    run("cp", "-a", "--reflink=auto", bare(work, suite), root)
    give_source(root)
    # What this machine trusts and asks, the system to be installed needs for its downloads too.
    shutil.copy(CERTIFICATES, root / CERTIFICATES.lstrip("/"))
    (root / "etc" / "resolv.conf").unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    (root / "etc" / "pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n", encoding="utf-8")
    return root


def give_source(root: Path, folder: str = "root/pronemat") -> Path:
    """The committed source tree as a directory in there."""
    target = root / folder
    shutil.rmtree(target, ignore_errors=True)
    run("git", "clone", "--quiet", "--no-hardlinks", SOURCE, target)
    return target


def inside(root: Path, *command: str) -> None:
    """Run a command in a system that is not booted, with this machine's network."""
    options = ["--quiet", f"--directory={root}", "--register=no", "--keep-unit", "--console=pipe"]
    run("systemd-nspawn", *options, f"--setenv=PIP_CERT={CERTIFICATES}", *command)


def installed_disk(work: Path, suite: str) -> Path:
    """A disk with the product on it, installed by the script in a system that does not run (as into
    an image), with an agent and a probe beside it."""
    root = fresh(work, suite, "disk-root")
    inside(root, "/root/pronemat/systemd/install", "--no-hardware", "--no-kiosk")
    units = root / "etc" / "systemd" / "system"
    for name, text in (
        ("agent.socket", AGENT_SOCKET),
        ("agent@.service", AGENT),
        ("agent-network.service", NETWORK),
        ("page-probe.service", PROBE),
    ):
        (units / name).write_text(text, encoding="utf-8")
    script = root / "usr" / "local" / "bin" / "page-probe"
    script.write_text(PROBE_SCRIPT, encoding="utf-8")
    script.chmod(0o755)
    enabled = ["agent.socket", "agent-network.service", "page-probe.service"]
    run("systemctl", "--quiet", f"--root={root}", "enable", *enabled)
    disk = work / "disk.img"
    disk.unlink(missing_ok=True)
    with disk.open("wb") as file:
        file.truncate(DISK_BYTES)
    run("mkfs.ext4", "-q", "-d", root, disk)
    return disk
