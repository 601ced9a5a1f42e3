"""A whole machine in qemu, whose plug can be pulled. Emulated to the last instruction: slow."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

AGENT_PORT = 7000
"""In the guest: every connection gets a shell (`agent@.service`)."""
BOOT_WITHIN_S = 900.0
"""Some twenty on an idle machine; this one may share its two processors with a test suite."""


class Machine:
    """One disk, switched on and off. Its shell is reached at `port` of this machine's loopback.

    It ends where another would start anew. `devices` are more options of qemu, `at_a_panic` the
    seconds until the kernel restarts: -1 is at once, 0 is never.
    """

    def __init__(
        self,
        disk: Path,
        kernel: Path,
        initrd: Path,
        port: int,
        devices: Sequence[str] = (),
        at_a_panic: int = -1,
    ) -> None:
        self._disk, self._kernel, self._initrd, self._port = disk, kernel, initrd, port
        self._devices, self._at_a_panic = devices, at_a_panic
        self._process: subprocess.Popen[bytes] | None = None
        self.log = disk.with_suffix(".log")

    def power_on(self) -> None:
        append = "root=/dev/vda rw console=ttyS0 net.ifnames=0 no_timer_check"
        append += f" panic={self._at_a_panic}"
        network = f"user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:{self._port}-:{AGENT_PORT}"
        command = [
            *("nice", "-n", os.environ.get("PRONEMAT_VM_NICE", "10")),
            *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max"),
            *("-m", "1024", "-smp", "1", "-display", "none", "-nodefaults", "-no-reboot"),
            *("-serial", f"file:{self.log}", "-kernel", str(self._kernel)),
            *("-initrd", str(self._initrd), "-append", append),
            *("-drive", f"file={self._disk},if=virtio,format=qcow2,cache=writeback"),
            *("-netdev", network, "-device", "virtio-net,netdev=n"),
            *self._devices,
        ]
        # In a session of its own: a Ctrl-C here is no power cut there.
        self._process = subprocess.Popen(command, start_new_session=True)

    def cut(self) -> None:
        """Pull the plug: what the guest had not handed to its disk is gone."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def ends(self, within_s: float) -> bool:
        """Wait until it has ended by itself; False if it does not."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
            self._process = None
            return True
        return False

    def run(self, script: str, within_s: float = 120.0) -> str:
        """What a script printed in the guest."""
        return "".join(self.lines(script, within_s))

    def lines(self, script: str, within_s: float) -> Iterator[str]:
        """What a script prints in the guest, line by line as it comes, for as long as it runs."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=within_s) as link:
            link.sendall(script.encode() + b"\n")
            link.shutdown(socket.SHUT_WR)
            with link.makefile(encoding="utf-8", errors="replace") as answer:
                yield from answer

    def wait_for_shell(self) -> None:
        deadline = time.monotonic() + BOOT_WITHIN_S
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, f"qemu ended; see {self.log}"
            with suppress(OSError):
                if "here" in self.run("echo here", 10.0):
                    return
            time.sleep(1.0)
        raise AssertionError(f"the machine did not boot in {BOOT_WITHIN_S:g} s; see {self.log}")
