"""Run as a process of its own: the mat's scan through Blinka, as on a Pi, over an emulated kernel.

Blinka, PureIO and all of ours are real; in place of `/dev/i2c-1` and its ioctls stand the emulated
chips, and in place of gpiod, which Blinka imports for pins that nobody asks for, an empty module.
Prints one JSON object.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.emulated.faults import BrownOut, NoAcknowledge
from device.mat_file import load_mat

I2C_RETRIES, I2C_TIMEOUT, I2C_SLAVE, I2C_RDWR = 0x0701, 0x0702, 0x0703, 0x0707


class Node:
    """What the kernel's i2c-dev does with a node's reads, writes and requests."""

    def __init__(self, bus: EmulatedBus) -> None:
        self.bus = bus
        self.address = 0
        self.settings: dict[int, int] = {}

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        pass

    def write(self, data: bytes) -> int:
        self.bus.writeto(self.address, bytes(data))
        return len(data)

    def read(self, count: int) -> bytes:
        buffer = bytearray(count)
        self.bus.readfrom_into(self.address, buffer)
        return bytes(buffer)

    def ioctl(self, file: Any, request: int, argument: Any = 0) -> int:
        if request in (I2C_RETRIES, I2C_TIMEOUT):
            self.settings[request] = argument
        elif request == I2C_SLAVE:
            self.address = argument
        elif request == I2C_RDWR:
            written, read = argument.msgs[0], argument.msgs[1]
            sent = bytes(written.buf[i] for i in range(written.len))
            buffer = bytearray(read.len)
            self.bus.writeto_then_readfrom(written.addr, sent, buffer)
            for i, byte in enumerate(buffer):
                read.buf[i] = byte
        return 0


def main(dev: Path) -> None:
    mat, clock = load_mat(), VirtualClock()
    bus = EmulatedBus(clock, lambda *_: 1.0, mat.electronics, mat.addresses)
    node = Node(bus)
    fcntl.ioctl = node.ioctl
    sys.modules["gpiod"] = types.ModuleType("gpiod")
    from Adafruit_PureIO import smbus

    smbus.open = lambda *_, **__: node

    from device.drivers.real_bus import RealBus
    from device.sources.scan import ScanSource

    (dev / "i2c-1").touch()
    real = RealBus(1, dev=dev)
    source = ScanSource(mat, real.i2c, clock, release=real.close)
    frames = source.frames()
    healthy = list(itertools.islice(frames, 200))
    now_s = clock.now_s()
    bus.order(NoAcknowledge(0x48, now_s, now_s + 1), BrownOut(0x49, now_s + 0.5, now_s + 0.5))
    list(itertools.islice(frames, 300))
    last = next(frames)
    source.close()
    list(frames)
    RealBus(1, dev=dev).close()  # the lock was given back
    json.dump(
        {
            "bus": type(real.i2c).__module__,
            "settings": {hex(key): value for key, value in node.settings.items()},
            "healthy": bool(np.all([frame.counts == 8000 for frame in healthy])),
            "resets": source.counters().chips[0x49].resets,
            "lost": source.counters().chips[0x48].failed_reads,
            "last": last.counts.tolist(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
