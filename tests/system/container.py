"""Real systemd in a container (systemd-nspawn): boots in a second, at the machine's own speed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

BOOT_WITHIN_S = 120.0
ENVIRONMENT = ("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8")
LOOK_EVERY_S = 0.2


class Container:
    """The system in `root`. With `network` it shares this machine's; else it has none."""

    def __init__(self, root: Path, *, network: bool = False) -> None:
        self.root = root
        self._network = network
        self._process: subprocess.Popen[bytes] | None = None
        self._first = 0

    def power_on(self) -> None:
        # Without this the container's remounts reach this machine's own root.
        (self.root / "etc" / "fstab").write_text("", encoding="utf-8")
        private = [] if self._network else ["--private-network"]
        command = ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--register=no"]
        command += ["--keep-unit", "--console=pipe", *private, "--boot"]
        log = self.root.parent / f"{self.root.name}.log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )

    def wait_for_shell(self) -> None:
        """Return when systemd answers in there."""
        assert self._process is not None
        deadline = time.monotonic() + BOOT_WITHIN_S
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the container ended; see {self.root}.log"
            started = children.read_text(encoding="utf-8").split()
            if started:
                self._first = int(started[0])
                with suppress(subprocess.SubprocessError):
                    if "basic.target" in self.run(
                        "systemctl is-active -q basic.target && echo basic.target"
                    ):
                        return
            time.sleep(LOOK_EVERY_S)
        raise AssertionError("the container did not boot")

    def run(self, script: str, within_s: float = 300.0) -> str:
        """What a shell script prints in there, errors too; its failure is none here."""
        done = subprocess.run(
            self._shell(), input=script, capture_output=True, text=True, timeout=within_s
        )
        return done.stdout + done.stderr

    def lines(self, script: str, within_s: float) -> Iterator[str]:
        """What it prints, line by line as it comes."""
        del within_s  # the container's end is the pipe's end
        with subprocess.Popen(
            self._shell(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(script)
            process.stdin.close()
            yield from process.stdout

    def end(self) -> None:
        """Shut it down as a person does."""
        if self._process is not None:
            with suppress(subprocess.SubprocessError):
                self.run("systemctl poweroff", 10.0)
            try:
                self._process.wait(60.0)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """Everything in it is gone at once; its files are as the kernel has them."""
        if self._process is not None:
            for pid in (self._first, self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _shell(self) -> list[str]:
        inside = ["nsenter", "-t", str(self._first), "-m", "-u", "-i", "-n", "-p", "-C"]
        return [*inside, "env", "-i", *ENVIRONMENT, "bash", "-s"]


class PluggedContainer(Container):
    """A container on a disk of its own, whose plug can be pulled.

    The disk is an ext4 image on an XFS file system. A cut is a clone of that image, which XFS makes
    at one instant and as a whole: what had been written to the disk is in it, what the file system
    still held in memory is not. The next start mounts the clone.
    """

    def __init__(self, disk: Path, mount: Path) -> None:
        super().__init__(mount)
        self._disk = disk
        mount.mkdir(exist_ok=True)

    def power_on(self) -> None:
        # -o loop frees the device with the mount; no barrier is switched off.
        subprocess.run(["mount", "-o", "loop", self._disk, self.root], check=True)
        super().power_on()

    def cut(self) -> None:
        if self._process is None:
            return
        clone = self._disk.with_suffix(".cut")
        subprocess.run(["cp", "--reflink=always", self._disk, clone], check=True)
        self.kill()
        self._unmount()
        clone.replace(self._disk)

    def end(self) -> None:
        super().end()
        self._unmount()

    def _unmount(self) -> None:
        # The last of the killed processes may need a moment to be gone.
        deadline = time.monotonic() + BOOT_WITHIN_S
        while subprocess.run(["umount", self.root], capture_output=True).returncode:
            assert time.monotonic() < deadline, f"{self.root} stays in use"
            time.sleep(LOOK_EVERY_S)
