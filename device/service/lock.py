"""One daemon to a directory: a lock that the kernel drops when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from device.errors import AlreadyRunningError, StoreError

LOCK_NAME = "daemon.lock"


class DirectoryLock:
    """Holds `directory/daemon.lock` from construction until `release` or the end of the process.

    Raises `AlreadyRunningError` if another process holds it, `StoreError` if the directory cannot
    be written. The file stays behind: removing it would let two holders lock different files.
    """

    def __init__(self, directory: Path, setting: str) -> None:
        path = directory / LOCK_NAME
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"the directory {directory} cannot be used: {error.strerror}; give the daemon one "
                f"that it may write as '{setting}' under [paths]."
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise AlreadyRunningError(
                f"a daemon already runs with {directory} (process {holder}); stop it, or give "
                f"this one a directory of its own as '{setting}' under [paths]."
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another daemon have the directory."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder_of(directory: Path) -> str | None:
    """The process that holds the directory's lock, None where nobody does. Nothing is created."""
    try:
        file = os.open(directory / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # A shared lock is enough to ask, and is gone when the file is closed.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
    finally:
        os.close(file)
    return None
