"""An I2C bus that is not there: under it every chip is missing, and all else works."""

from __future__ import annotations

import errno
from typing import NoReturn


class NoBus:
    """Takes the place of `busio.I2C` where the bus cannot be opened. Every transfer is refused."""

    def try_lock(self) -> bool:
        return True

    def unlock(self) -> None:
        """Nobody waits for it."""

    def writeto(
        self, address: int, buffer: bytes, *, start: int = 0, end: int | None = None
    ) -> None:
        self._refuse()

    def readfrom_into(
        self, address: int, buffer: bytearray, *, start: int = 0, end: int | None = None
    ) -> None:
        self._refuse()

    def writeto_then_readfrom(
        self,
        address: int,
        buffer_out: bytes,
        buffer_in: bytearray,
        *,
        out_start: int = 0,
        out_end: int | None = None,
        in_start: int = 0,
        in_end: int | None = None,
    ) -> None:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise OSError(errno.ENXIO, "there is no I2C bus")
